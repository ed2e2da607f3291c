import { base64url, fromBase64url } from '/crypto/bytes.js';
import { parseEncOf, parseInteger } from '/crypto/encoding.js';
import { assert, assertEquals } from '../harness.js';
import { allIdle, dumpOf, listUnderAnotherKey } from './browsers.js';
import {
  codeOf, metaOf, newestOwnKey, signIn, signInElsewhere, toldOf, within,
} from './own-devices.js';
import { PASSWORD, Person, pair, scenario, until } from './people.js';

async function two() {
  const all = await pair();
  const phone = await signInElsewhere(all.alice, 'phone');
  return { ...all, phone, account: all.server.users.get(all.alice.user) };
}

scenario('devicesAreNamedAndMayBeRenamed', async () => {
  const { alice, phone } = await two();
  const { deviceId } = await metaOf(phone, 'account');
  const rows = await alice.engine.devices();
  assertEquals([true, false], rows.map(({ isThis }) => isThis));
  assertEquals([true, true], rows.map(({ connected }) => connected));
  assert(/^(Chrome|Chromium|Browser) on /.test(rows[0].name), rows[0].name);
  assertEquals('device-name-invalid', await codeOf(() => alice.engine.renameDevice(deviceId, '')));
  const long = 'x'.repeat(65);
  assertEquals('device-name-invalid',
    await codeOf(() => alice.engine.renameDevice(deviceId, long)));
  await alice.engine.renameDevice(deviceId, 'My phone');
  const nameIn = async browser => (await browser.engine.devices())[1].name;
  assertEquals('My phone', await nameIn(alice));
  await until(async () => await nameIn(phone) === 'My phone', 'the name on the other device');
});

scenario('revokedBrowserSaysSoErasesItsKeysAndCanDoNothingMore', async () => {
  const { server, alice, bob, phone, account, id } = await two();
  const revoked = await metaOf(alice, 'account');
  const before = account.sync.blob;
  await within(phone, engine => engine.revokeDevice(revoked.deviceId, PASSWORD));
  await alice.until(() => alice.phase === 'revoked');
  assert(alice.events.at(-1).text.includes('have been erased'));
  assertEquals(undefined, await metaOf(alice, 'account'));
  assertEquals([1, true], [account.devices.size, account.revoked.has(revoked.deviceId)]);
  await phone.until(() => toldOf(phone).some(text => text.includes('was removed')));
  assertEquals(2, (await newestOwnKey(phone)).id);
  await phone.engine.markVerified(bob.user, true).catch(() => {});
  await phone.engine.startConversation(bob.user);
  await phone.until(() => account.sync.blob !== before);
  await phone.engine.sendText(id, 'still here');
  await bob.until(() => bob.texts.includes('still here'));
  // With the password it becomes a device again, with other keys.
  alice.engine.close();
  const back = await Person.open();
  back.user = alice.user;
  await signIn(back);
  await back.until(() => back.status === 'connected');
  assert((await metaOf(back, 'account')).deviceId !== revoked.deviceId);
  assertEquals(2, (await newestOwnKey(back)).id);
});

scenario('serverAloneCannotHaveABrowserEraseItsKeys', async () => {
  const { server, account, ...people } = await two();
  let { alice } = people;
  const mallory = await Person.create('mallory');
  const { deviceId } = await metaOf(alice, 'account');
  const real = account.deviceList;
  const forged = { ...server.users.get(mallory.user).deviceList, user: alice.user };
  const shorter = { ...real, devices: real.devices.slice(1) };
  const unannounced = await listUnderAnotherKey({ deviceList: shorter }, null);
  for (const deviceList of [forged, shorter, real, unannounced]) {
    account.deviceList = deviceList;
    account.revoked.add(deviceId);
    account.devices.get(deviceId).connection.socket.close(4403);
    await alice.until(() => alice.phase === 'replaced');
    assert(alice.events.at(-1).text.includes('cannot show'), alice.events.at(-1).text);
    assert(await metaOf(alice, 'account'), 'nothing is erased');
    account.revoked.delete(deviceId);
    account.deviceList = real;
    alice.engine.close();
    alice = await alice.reload();
    await alice.until(() => alice.status === 'connected');
  }
});

scenario('siblingsWriteNothingUntilTheyHaveTheNewKey', async () => {
  const { server, alice, bob, phone, account } = await two();
  const third = await signInElsewhere(alice, 'third');
  const { deviceId } = await metaOf(third, 'account');
  await phone.until(async () => (await metaOf(phone, 'account')).deviceList.version === 3);
  const { deviceId: phoneId } = await metaOf(phone, 'account');
  let isHeld = true;
  const keysOfPuts = [];
  server.onRequest = async (frame, device) => {
    if (frame.type === 'sync-put' && device.deviceId === phoneId && account.revoked.size > 0) {
      keysOfPuts.push(parseInteger(parseEncOf(2, fromBase64url(frame.blob))[0]));
    }
    const isOwn = frame.type === 'send' && frame.to === alice.user;
    return isOwn && isHeld ? 'no answer' : undefined;
  };
  const done = alice.engine.revokeDevice(deviceId, PASSWORD);
  await until(() => account.revoked.has(deviceId), 'the removal');
  await until(async () => await metaOf(phone, 'ownKeyNeeded') === 4, 'the phone knows it');
  await phone.engine.startConversation(bob.user);
  await phone.engine.renameDevice(phoneId, 'My phone');
  await phone.engine.devices();
  assertEquals(1, (await newestOwnKey(phone)).id);
  isHeld = false;
  account.connection.socket.close(1001);
  await done;
  await until(async () => (await newestOwnKey(phone)).id === 2, 'the new key');
  await phone.engine.renameDevice(phoneId, 'My telephone');
  await until(() => keysOfPuts.length > 0, 'sync');
  assertEquals([], keysOfPuts.filter(id => id !== 2));
});

scenario('thisBrowserIsRemovedAndErased', async () => {
  const { server, alice, phone, account } = await two();
  const { deviceId } = await metaOf(alice, 'account');
  assertEquals('sign-in-failed',
    await codeOf(() => alice.engine.removeThisBrowser('another password')));
  await alice.engine.removeThisBrowser(PASSWORD);
  assertEquals('signed-out', alice.phase);
  assert(account.revoked.has(deviceId));
  assertEquals(undefined, await metaOf(alice, 'account'));
  await until(async () => (await newestOwnKey(phone)).id === 2, 'the key for the one that stays');
  assertEquals('last-device', await codeOf(() =>
    within(phone, engine => engine.removeThisBrowser(PASSWORD))));
  assertEquals(1, server.users.get(alice.user).devices.size);
});

scenario('farewellReachesABrowserThatWasAway', async () => {
  const { alice, bob, phone, id } = await two();
  phone.engine.close();
  await alice.engine.sendText(id, 'last words');
  await bob.until(() => bob.texts.includes('last words'));
  await alice.engine.removeThisBrowser(PASSWORD);
  const back = await phone.reload();
  await until(async () => (await newestOwnKey(back)).id === 2, 'the key for the one that stays');
  await within(back, engine => engine.startConversation(bob.user));
  await back.until(() => back.texts.includes('last words'));
  await back.until(() => toldOf(back).some(text => text.includes('was removed')));
  assertEquals([], back.alarms);
});

scenario('wrongPasswordRemovesNobody', async () => {
  const { alice, phone, account } = await two();
  const { deviceId } = await metaOf(phone, 'account');
  const before = JSON.stringify(account.deviceList);
  assertEquals('sign-in-failed',
    await codeOf(() => alice.engine.revokeDevice(deviceId, 'not her password')));
  assertEquals(before, JSON.stringify(account.deviceList));
});

scenario('removalWhoseAnswerIsLostIsSettledByTheNextConnection', async () => {
  const { server, alice, phone, account } = await two();
  const { deviceId } = await metaOf(phone, 'account');
  const { change } = server.accounts;
  server.accounts.change = async (...args) => {
    server.accounts.change = change;
    await change.apply(server.accounts, args);
    server.down();
    server.up();
    return null;
  };
  assertEquals('offline', await codeOf(() => alice.engine.revokeDevice(deviceId, PASSWORD)));
  assert(account.revoked.has(deviceId));
  await until(async () => (await newestOwnKey(alice)).id === 2, 'the key that was made for it');
  assertEquals(undefined, await metaOf(alice, 'pendingOwnKey'));
});

scenario('listThatWasLedBackOrForkedIsAnAlarmAndNothingIsSent', async () => {
  for (const kind of ['older', 'forked', 'ghost']) {
    const { server, alice, bob, phone, account, id } = await two();
    await alice.engine.sendText(id, 'one');
    await bob.until(() => bob.texts.includes('one'));
    await allIdle(alice, bob, phone);
    const { deviceList } = account;
    const older = server.frames('register', alice.user)[0].deviceList;
    const signKey = base64url(new Uint8Array(32));
    const extra = { ...deviceList.devices[0], id: 'b'.repeat(32), signKey };
    const shown = {
      older,
      forked: { ...deviceList, prevHash: base64url(new Uint8Array(32)) },
      ghost: { ...deviceList, version: 3, devices: [...deviceList.devices, extra] },
    }[kind];
    server.accounts.onPush = (state, device) =>
      (device.account === account ? { ...state, deviceList: shown } : state);
    server.accounts.push(account);
    await alice.until(() => alice.alarms.some(text => text.includes('your own devices')), kind);
    const sent = () => server.frames('send', alice.user)
      .filter(({ to }) => to === bob.user).length;
    const before = sent();
    await alice.engine.sendText(id, 'later');
    await until(async () => (await dumpOf(alice)).outbox.some(([, { copies }]) => copies));
    for (let asked = 0; asked < 5; asked++) await alice.engine.devices();
    assertEquals([2, before],
      [(await metaOf(alice, 'account')).deviceList.version, sent()], kind);
    server.accounts.onPush = state => state;
    server.accounts.push(account);
    await bob.until(() => bob.texts.includes('later'));
    for (const browser of [alice, bob, phone]) browser.engine.close();
  }
});
