import { assertEquals, assertThrows, test } from '../harness.js';
import { Client, aliceAndBob } from './client.js';
import { SERVER, person, prekeyOf, signed } from './people.js';
import { concat, randomBytes, utf8 } from '/crypto/bytes.js';
import { sign } from '/crypto/ed25519.js';
import { enc, parseEncOf, sha256 } from '/crypto/encoding.js';
import { setupBaseS } from '/crypto/hpke.js';
import { OPENING } from '/crypto/labels.js';
import { Refused } from '/crypto/refused.js';
import { parseCiphertext } from '/crypto/session-message.js';
import { deviceListHash } from '/crypto/statements.js';

const refusedFor = async (reason, run) =>
  assertEquals(reason, (await assertThrows(run, Refused)).reason);

test('openingReplayedShowsNothingTwice', async () => {
  const { alice, bob } = await aliceAndBob();
  const sent = await alice.send(bob, 'hello');
  assertEquals('hello', await bob.receive(sent));
  assertEquals({ outcome: 'duplicate' }, await bob.receive(sent));
  bob.sessions = [];
  await refusedFor('known-session', () => bob.accept(sent));
});

test('oneTimePrekeyUnsignedIsRefused', async () => {
  const [alice, bob, server] = [await Client.of('alice'), await Client.of('bob'),
    await Client.of('bob')];
  await refusedFor('prekey', async () => alice.open(bob, await server.publish('one-time', 3)));
  const prekey = await bob.publish('one-time', 3);
  await refusedFor('prekey', () => alice.open(bob, { ...prekey, signature: new Uint8Array(64) }));
  await refusedFor('device', () => alice.open({ ...bob, deviceId: '0'.repeat(32) }, prekey));
  assertEquals([], alice.sessions);
});

test('everyChangedFieldOfAnOpeningIsRefused', async () => {
  const { alice, bob } = await aliceAndBob();
  const sent = await alice.send(bob, 'hello');
  const [, header, nonce, ct] = parseEncOf(4, sent.bytes.subarray(1));
  const fields = parseEncOf(10, parseCiphertext(sent.bytes).opening);
  const changes = {
    1: [enc(2).subarray(4), 'addressee'], 2: [utf8('signed'), 'signature'],
    3: [enc(4).subarray(4), 'signature'], 4: [randomBytes(16), 'signature'],
    5: [enc(randomBytes(16)), 'signature'], 6: [randomBytes(32), 'signature'],
    7: [randomBytes(32), 'signature'], 8: [randomBytes(57), 'signature'],
    9: [randomBytes(64), 'signature'],
  };
  for (const [index, [value, reason]] of Object.entries(changes)) {
    const opening = enc(...fields.with(Number(index), value));
    const bytes = concat(Uint8Array.of(1), enc(opening, header, nonce, ct));
    await refusedFor(reason, () => bob.accept({ ...sent, bytes }));
  }
  assertEquals('hello', await bob.receive(sent));
});

test('openingOfAnotherSenderOrForAnotherRecipientIsRefused', async () => {
  const { alice, bob } = await aliceAndBob();
  const [mallory, sent] = [await Client.of('mallory'), await alice.send(bob, 'hello')];
  const { deviceList, deviceId } = mallory;
  await refusedFor('signature',
    () => bob.accept(sent, { sender: { user: 'mallory', deviceId, deviceList } }));
  await refusedFor('device-list', () => bob.accept(sent, { sender: { user: 'mallory' } }));
  await refusedFor('device', () => bob.accept(sent, { sender: { deviceId } }));
  await refusedFor('signature', () => mallory.accept(sent));
  await refusedFor('prekey', () => bob.accept(sent, { recipient: { prekeyAt: async () => null } }));
  const { keyPair } = await prekeyOf(bob);
  await refusedFor('sealed',
    () => bob.accept(sent, { recipient: { prekeyAt: async () => keyPair } }));
});

test('sessionKeyOfAnotherUserPassedOnIsRefused', async () => {
  const [mallory, bob] = [await Client.of('mallory'), await Client.of('bob')];
  const prekey = await bob.publish('signed', 1);
  const [sessionId, r1] = [randomBytes(16), randomBytes(32)];
  const parties = [];
  for (const { user, deviceId, deviceList } of [mallory, bob]) {
    parties.push(user, deviceId, deviceList.accountKey, await deviceListHash(deviceList));
  }
  const transcript = enc('sotto/v1/opening', 1, SERVER, ...parties, 'signed', 1, sessionId, [], r1);
  const openingWith = async (user, key) => {
    const { enc: hpkeEnc, context } = await setupBaseS(1, prekey.key, transcript);
    const sealed = await context.seal(enc(user, key));
    const signature = await sign(mallory.device.privateKey, OPENING, transcript, hpkeEnc,
      await sha256(sealed));
    const opening = enc('{}', 1, 'signed', 1, sessionId, [], r1, hpkeEnc, sealed, signature);
    const header = enc(sessionId, r1, 0, 0);
    const bytes = concat(Uint8Array.of(1), enc(opening, header, randomBytes(12), randomBytes(16)));
    return { from: mallory, bytes };
  };
  await bob.accept(await openingWith('mallory', randomBytes(32)));
  await refusedFor('addressee',
    async () => bob.accept(await openingWith('alice', randomBytes(32))));
  await refusedFor('encoding',
    async () => bob.accept(await openingWith('mallory', randomBytes(16))));
});

test('openingUnderAnotherAccountKeyOrAnOlderListIsRefused', async () => {
  const { alice, bob } = await aliceAndBob();
  const sent = await alice.send(bob, 'hello');
  const pin = { accountKey: alice.account.publicKey, version: 1,
    hash: await deviceListHash(alice.deviceList) };
  const stranger = (await person('alice')).account.publicKey;
  await refusedFor('account-key',
    () => bob.accept(sent, { sender: { pin: { ...pin, accountKey: stranger } } }));
  await refusedFor('rollback', () => bob.accept(sent, { sender: { pin: { ...pin, version: 2 } } }));
  assertEquals(pin, (await bob.accept(sent, { sender: { pin } })).pin);
  const list = await signed(alice.account, { ...alice.deviceList, version: 2, prevHash: pin.hash });
  await refusedFor('signature', () => bob.accept(sent, { sender: { deviceList: list } }));
});
