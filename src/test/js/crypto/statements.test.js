import { assertEquals, assertThrows, test } from '../harness.js';
import { SERVER, person, prekeyOf, signed } from './people.js';
import { randomBytes } from '/crypto/bytes.js';
import { verify } from '/crypto/ed25519.js';
import { ACK } from '/crypto/labels.js';
import { Refused } from '/crypto/refused.js';
import {
  checkAccountChange, checkDeviceList, checkPrekey, deviceListHash, deviceOf, signAccountChange,
  signAck,
} from '/crypto/statements.js';

const refusedFor = async (reason, run) =>
  assertEquals(reason, (await assertThrows(run, Refused)).reason);

const expected = (user, pin = null) => ({ user, serverHost: SERVER, pin });

test('pinsAPersonAtFirstContactAndFollowsTheList', async () => {
  const alice = await person('alice');
  const pin = await checkDeviceList(alice.deviceList, expected('alice'));
  assertEquals({ accountKey: alice.account.publicKey, version: 1,
    hash: await deviceListHash(alice.deviceList) }, pin);
  const second = await signed(alice.account,
    { ...alice.deviceList, version: 2, prevHash: pin.hash });
  const later = await checkDeviceList(second, expected('alice', pin));
  assertEquals(2, later.version);
  assertEquals(later, await checkDeviceList(second, expected('alice', later)));
});

test('deviceListRollbackIsRefused', async () => {
  const alice = await person('alice');
  const first = await checkDeviceList(alice.deviceList, expected('alice'));
  const next = { ...alice.deviceList, version: 2, prevHash: first.hash };
  const second = await checkDeviceList(await signed(alice.account, next), expected('alice', first));
  await refusedFor('rollback', () => checkDeviceList(alice.deviceList, expected('alice', second)));
  const forked = await signed(alice.account, { ...next, prevHash: randomBytes(32) });
  await refusedFor('rollback', () => checkDeviceList(forked, expected('alice', second)));
  await refusedFor('rollback', () => checkDeviceList(forked, expected('alice', first)));
});

test('refusesListsThatTheAccountKeyDidNotSign', async () => {
  const [alice, mallory] = [await person('alice'), await person('mallory')];
  const { deviceList } = alice;
  const changed = [
    { version: 2 }, { prevHash: randomBytes(32), version: 3 }, { devices: [] },
    { devices: mallory.deviceList.devices }, { accountKey: mallory.account.publicKey },
    { devices: [{ ...deviceList.devices[0], addedAt: 1 }] },
    { signature: randomBytes(64) },
  ];
  for (const change of changed) {
    await refusedFor('signature',
      () => checkDeviceList({ ...deviceList, ...change }, expected('alice')));
  }
  await refusedFor('device-list', () => checkDeviceList(deviceList, expected('mallory')));
  await refusedFor('device-list',
    () => checkDeviceList(deviceList, { ...expected('alice'), serverHost: 'other' }));
  const orphan = await signed(alice.account, { ...deviceList, prevHash: randomBytes(32) });
  await refusedFor('device-list', () => checkDeviceList(orphan, expected('alice')));
});

test('anotherAccountKeyIsTheUsersDecision', async () => {
  const [before, after] = [await person('alice'), await person('alice')];
  const pin = await checkDeviceList(before.deviceList, expected('alice'));
  await refusedFor('account-key', () => checkDeviceList(after.deviceList, expected('alice', pin)));
});

test('refusesDeviceKeysThatWouldVerifyAnything', async () => {
  const alice = await person('alice');
  const devices = [{ ...alice.deviceList.devices[0], signKey: new Uint8Array(32) }];
  const list = await signed(alice.account, { ...alice.deviceList, devices });
  await refusedFor('public-key', () => checkDeviceList(list, expected('alice')));
});

test('findsOnlyDevicesOfTheList', async () => {
  const alice = await person('alice');
  assertEquals(alice.device.publicKey, deviceOf(alice.deviceList, alice.deviceId).signKey);
  await refusedFor('device', () => deviceOf(alice.deviceList, '0'.repeat(32)));
});

test('oneTimePrekeyUnsignedIsRefused', async () => {
  const bob = await person('bob');
  const owner = { user: 'bob', deviceId: bob.deviceId };
  for (const kind of ['one-time', 'signed']) {
    const { prekey } = await prekeyOf(bob, kind);
    const { prekey: foreign } = await prekeyOf(await person('bob'), kind);
    await checkPrekey(bob.device.publicKey, owner, prekey);
    const refused = [{ signature: new Uint8Array(0) }, { signature: new Uint8Array(64) },
      { key: foreign.key }, foreign, { id: 8 },
      { kind: kind === 'signed' ? 'one-time' : 'signed' }];
    for (const change of refused) {
      await refusedFor('prekey',
        () => checkPrekey(bob.device.publicKey, owner, { ...prekey, ...change }));
    }
    await refusedFor('prekey',
      () => checkPrekey(bob.device.publicKey, { ...owner, user: 'alice' }, prekey));
    await refusedFor('suite',
      () => checkPrekey(bob.device.publicKey, owner, { ...prekey, suite: 2 }));
  }
});

test('acknowledgementNamesEveryLog', async () => {
  const bob = await person('bob');
  const point = {
    kind: 'inbox', owner: 'bob', generation: 1, sequenceNr: 3, hash: randomBytes(32),
  };
  const signer = { serverHost: SERVER, user: 'bob', deviceId: bob.deviceId };
  const signature = await signAck(bob.device.privateKey, signer, [point]);
  await verify(bob.device.publicKey, signature, ACK, SERVER, 'bob', bob.deviceId,
    [['inbox', 'bob', 1, 3, point.hash]]);
});

test('deviceAnnouncesANewAccountKey', async () => {
  const bob = await person('bob');
  const change = { serverHost: SERVER, user: 'bob', from: randomBytes(32), to: randomBytes(32) };
  const signature = await signAccountChange(bob.device.privateKey, change);
  await checkAccountChange(bob.device.publicKey, change, signature);
  await refusedFor('signature', () =>
    checkAccountChange(bob.device.publicKey, { ...change, to: randomBytes(32) }, signature));
});
