import { base64url, fromBase64url, randomBytes } from '/crypto/bytes.js';
import { generateSigningKeyPair, signingKeyPairFromSeed } from '/crypto/ed25519.js';
import { parseEncOf, parseInteger } from '/crypto/encoding.js';
import { createOwnKey, sealSync } from '/crypto/own-keys.js';
import { takerOf } from '/client/own-messages.js';
import { sharedIn } from '/client/shared.js';
import { encodeSync, encodeVault, parseVault } from '/client/vault.js';
import { accountKeyIn, withKnownKeys, withNewOwnKey } from '/client/vaults.js';
import { FrameError } from '/protocol/fields.js';
import { AccountStore } from '/store/account-store.js';
import { assert, assertEquals, assertThrows, test } from '../harness.js';
import { dumpOf } from './browsers.js';
import { Failure } from './failure.js';
import { copyOf, restoreFrom } from './in-page-copy.js';
import {
  codeOf, metaOf, newestOwnKey, ownKeysOf, signIn, signInElsewhere, synced, three, within,
} from './own-devices.js';
import { HOST, PASSWORD, pair, scenario, until } from './people.js';

const NEW = 'quite another passphrase than before';
const keyIdOf = ({ blob }) => parseInteger(parseEncOf(2, fromBase64url(blob))[0]);
const idsOf = keys => keys.map(({ id }) => id);

/** What a device that was removed seals under the key that it has. */
async function forgedSync({ alice, bob, account }) {
  const [first] = await ownKeysOf(alice);
  const { contacts } = await dumpOf(alice);
  const [, { pin }] = contacts.find(([user]) => user === bob.user);
  const { accountKey, version: listVersion, hash: listHash } = pin;
  const counter = account.sync.counter + 1;
  const content = encodeSync({
    contacts: [{ user: bob.user, accountKey, verified: true, listVersion, listHash }],
    devices: [], archive: { on: false, nr: 0 },
  });
  const owner = { serverHost: HOST, user: alice.user };
  return { counter, blob: base64url(await sealSync(first, owner, counter, content)) };
}

async function withoutThird() {
  const all = await three();
  const { alice, phone, third, account } = all;
  const { deviceId } = await metaOf(third, 'account');
  await alice.engine.revokeDevice(deviceId, PASSWORD);
  for (const browser of [alice, phone]) {
    await until(async () => (await newestOwnKey(browser)).id === 2, 'the new own key');
  }
  await until(() => keyIdOf(account.sync) === 2, 'sync under the new own key');
  return all;
}

scenario('whatARemovedDeviceSealedIsNotJoinedByItsSiblings', async () => {
  const all = await withoutThird();
  const { server, alice, bob, phone, account } = all;
  const forged = await forgedSync(all);
  account.sync = forged;
  server.accounts.push(account);
  await until(() => account.sync.counter > forged.counter && keyIdOf(account.sync) === 2);
  await until(async () => (await metaOf(phone, 'sync')).counter > forged.counter);
  for (const browser of [alice, phone]) {
    assertEquals([false, true], [
      (await browser.engine.safetyNumber(bob.user)).verified,
      (await metaOf(browser, 'sync')).archive.on,
    ]);
  }
});

scenario('whatARemovedDeviceSealedVerifiesNobodyOnANewOne', async () => {
  const all = await withoutThird();
  const { alice, bob, phone, account } = all;
  const forged = await forgedSync(all);
  alice.engine.close();
  phone.engine.close();
  account.sync = forged;
  const fourth = await signInElsewhere(alice, 'fourth');
  assertEquals(false, (await fourth.engine.safetyNumber(bob.user)).verified);
});

scenario('resetVouchesForNoDeviceThatThisOneDoesNotKnow', async () => {
  const { server, alice, phone, third } = await three();
  const account = server.users.get(alice.user);
  await synced(account, [alice, phone, third]);
  const { deviceId } = await metaOf(alice, 'account');
  server.accounts.resetWaitMs = 0;
  await alice.engine.askReset();
  const { publicKey } = await generateSigningKeyPair();
  const { deviceList } = account;
  const rogue = { ...deviceList.devices[0], id: 'b'.repeat(32), signKey: base64url(publicKey) };
  const shown = { ...deviceList, version: 4, devices: [...deviceList.devices, rogue] };
  server.accounts.onPush = (state, device) =>
    (device.account === account ? { ...state, deviceList: shown } : state);
  server.accounts.push(account);
  await alice.until(() => alice.alarms.some(text => text.includes('your own devices')));
  // Of this browser: the others may still have something to put.
  const changes = () => server.seen.filter(({ frame: { type }, device }) =>
    device?.deviceId === deviceId && ['account-change', 'sync-put'].includes(type)).length;
  const before = changes();
  assertEquals('own-list-refused', await codeOf(() => alice.engine.reset({ newPassword: NEW })));
  await alice.engine.renameDevice(deviceId, 'Renamed');
  for (let asked = 0; asked < 5; asked++) await alice.engine.devices();
  assertEquals(before, changes());
  server.accounts.onPush = state => state;
  server.accounts.push(account);
  await until(() => changes() > before, 'the name');
  await alice.engine.reset({ newPassword: NEW });
  assertEquals([4, 3], [account.deviceList.version, account.deviceList.devices.length]);
  await phone.until(() => phone.phase === 'needs-password');
});

scenario('ownKeyThatAnOldVaultLacksIsCarriedAndANewOneIsMade', async () => {
  const all = await three();
  const { server, alice, phone, third } = all;
  const { deviceId } = await metaOf(third, 'account');
  const copy = copyOf(server);
  await alice.engine.revokeDevice(deviceId, PASSWORD);
  for (const browser of [alice, phone]) {
    await until(async () => (await newestOwnKey(browser)).id === 2, 'the new own key');
  }
  const second = await newestOwnKey(alice);
  await restoreFrom(server, copy);
  await until(() => server.users.get(alice.user).deviceList.version === 4, 'the list is back');
  await signIn(alice);
  await alice.until(() => alice.status === 'connected');
  // Until then an older vault is one that somebody put in the place of the newest.
  const { generation } = server.users.get(alice.user);
  await until(async () => (await metaOf(alice, 'account')).generation === generation,
    'the restored server is known');
  await alice.engine.changePassword({ password: PASSWORD, newPassword: NEW, newAccountKey: false });
  const keys = await ownKeysOf(alice);
  assertEquals([[1, 2, 3], second], [idsOf(keys), keys[1]]);
  assertEquals([1, 4, 4], keys.map(({ listVersion }) => listVersion));
  await signIn(phone, { password: NEW });
  await until(async () => (await newestOwnKey(phone)).id === 3, 'the newest on the phone');
});

scenario('newDeviceOfARestoredServerMakesAKeyThatNobodyElseHas', async () => {
  const { server, alice, phone, third } = await three();
  const { deviceId } = await metaOf(third, 'account');
  const copy = copyOf(server);
  await alice.engine.revokeDevice(deviceId, PASSWORD);
  await until(async () => (await newestOwnKey(phone)).id === 2, 'the new own key');
  await restoreFrom(server, copy);
  await until(() => server.users.get(alice.user).deviceList.version === 4, 'the list is back');
  const fourth = await signInElsewhere(alice, 'fourth');
  assertEquals([1, 3], idsOf(await ownKeysOf(fourth)));
  for (const browser of [alice, phone]) await signIn(browser);
  for (const browser of [alice, phone]) {
    await until(async () => (await newestOwnKey(browser)).id === 3, 'the newest');
  }
  const fifth = await signInElsewhere(alice, 'fifth');
  assertEquals([1, 3], idsOf(await ownKeysOf(fifth)));
});

scenario('keyThatWasAnnouncedForAFarewellThatFailedIsNotUsedForAnother', async () => {
  const { server, alice, phone, third, account } = await three();
  const { change } = server.accounts;
  server.accounts.change = async () => { throw new Failure('internal'); };
  await codeOf(() => alice.engine.removeThisBrowser(PASSWORD));
  server.accounts.change = change;
  for (const browser of [phone, third]) {
    await until(async () => (await newestOwnKey(browser)).id === 2, 'the announced one');
  }
  const { deviceId } = await metaOf(alice, 'account');
  await within(phone, engine => engine.revokeDevice(deviceId, PASSWORD));
  assert(account.revoked.has(deviceId));
  for (const browser of [phone, third]) {
    await until(async () => (await newestOwnKey(browser)).id === 3, 'a new one');
  }
});

scenario('ownKeyThatNoSiblingCanHaveMadeIsNotTaken', async () => {
  const { alice } = await pair();
  await within(alice, async () => {
    const store = await AccountStore.open(alice.user);
    const { prepare, keep, stores } = takerOf('own-key');
    for (const [id, listVersion] of [
      [129, 1], [10 ** 15, 1], [2, 3], [128, 2], [3, 2], [2, 2], [3, 2], [4, 1], [4, 2], [5, 2],
      [6, 2], [128, 2],
    ]) {
      const message = { content: { id, key: randomBytes(32), listVersion } };
      const row = await prepare(store, message);
      await store.write(stores, all => keep(all, message, row));
    }
    store.close();
  });
  assertEquals([1, 2, 3, 4, 5], idsOf(await ownKeysOf(alice)));
});

scenario('vaultOfAnotherDayThanTheListIsTakenOnlyIfAListWasPutBack', async () => {
  const accountSeed = randomBytes(32);
  const { publicKey: accountKey } = await signingKeyPairFromSeed(accountSeed);
  const [hash, other] = [randomBytes(32), randomBytes(32)];
  const current = { list: { version: 3, accountKey }, hash };
  for (const [version, of, generation, isTaken] of [
    [3, hash, 1, true], [3, hash, 2, true], [2, other, 2, true],
    [2, other, 1, false], [3, other, 2, false], [4, other, 2, false],
  ]) {
    const opened = { accountSeed, deviceList: { version, hash: of } };
    const taken = await accountKeyIn(opened, current, generation).catch(({ code }) => code);
    assertEquals(isTaken ? accountKey : 'vault-old', taken.publicKey ?? taken);
  }
  const { alarm } = await sharedIn(undefined, { ownKeys: [createOwnKey(1)], syncCounter: 1 }, {});
  assertEquals('sync-lost', alarm);
});

test('ownKeysOfAVaultAreWithoutGaps', async () => {
  const [first, third] = [1, 3].map(id => ({ ...createOwnKey(id), listVersion: id }));
  const content = {
    accountSeed: randomBytes(32), syncCounter: 0,
    deviceList: { version: 4, hash: randomBytes(32) },
  };
  await assertThrows(async () => encodeVault({ ...content, ownKeys: [first, third] }), FrameError);
  const ownKeys = withNewOwnKey(withKnownKeys([first], [third]), 4);
  assertEquals([[1, 1], [2, 0], [3, 3], [4, 4]],
    ownKeys.map(({ id, listVersion }) => [id, listVersion]));
  assertEquals(ownKeys, parseVault(encodeVault({ ...content, ownKeys })).ownKeys);
  const second = { ...createOwnKey(2), listVersion: 2 };
  assertEquals([first, second, third, ownKeys[3]], withKnownKeys(ownKeys, [second]));
});
