import { base64url, fromBase64url } from '/crypto/bytes.js';
import { assert, assertEquals } from '../harness.js';
import { deviceOf } from './browsers.js';
import { Failure } from './failure.js';
import {
  codeOf, emptyBrowser, metaOf, newestOwnKey, signIn, signInElsewhere, signInMeanwhile, toldOf,
  within,
} from './own-devices.js';
import { PASSWORD, Person, pair, scenario, until } from './people.js';
import { inProfile } from './profiles.js';

const NEW = 'quite another passphrase than before';

const listed = (server, { user }) => server.users.get(user).deviceList.devices.length;

scenario('secondBrowserIsLinkedAndEachShowsWhatTheOthersWrite', async () => {
  const { server, alice, bob, id } = await pair();
  await alice.engine.sendText(id, 'before');
  await bob.until(() => bob.texts.includes('before'));
  const phone = await signInElsewhere(alice, 'phone');
  assertEquals(2, listed(server, alice));
  await alice.until(() => toldOf(alice).length === 1);
  assert(toldOf(alice)[0].includes('was added to your account'), toldOf(alice)[0]);
  await bob.engine.sendText(id, 'to both');
  for (const browser of [alice, phone]) {
    await browser.until(() => browser.texts.includes('to both'));
  }
  await phone.engine.sendText(id, 'from the phone');
  for (const browser of [alice, bob]) {
    await browser.until(() => browser.texts.includes('from the phone'));
  }
  assertEquals([[], [], []], [alice, bob, phone].map(({ alarms }) => alarms));
});

scenario('newBrowserKnowsPeopleBeforeItLooksThemUp', async () => {
  const { server, alice, bob, id } = await pair();
  await alice.engine.safetyNumber(bob.user);
  await alice.engine.markVerified(bob.user, true);
  await alice.until(() => server.users.get(alice.user).sync.counter > 0);
  await until(async () => (await metaOf(alice, 'sync')).digest, 'sync was put');
  const lookUps = () => server.frames('devices', alice.user).length
    + server.frames('keys', alice.user).length;
  const before = lookUps();
  const phone = await signInElsewhere(alice, 'phone');
  const { verified } = await phone.engine.safetyNumber(bob.user);
  assertEquals([true, before], [verified, lookUps()]);
  await phone.engine.startConversation(bob.user);
  await phone.engine.sendText(id, 'hello');
  await bob.until(() => bob.texts.includes('hello'));
});

scenario('keyThatTheServerPutsInThePlaceOfAnotherIsNoticedByANewBrowser', async () => {
  const { server, alice, bob } = await pair();
  await until(async () => (await metaOf(alice, 'sync')).digest, 'sync was put');
  const mallory = await Person.create('mallory');
  const [real, posed] = [server.users.get(bob.user), server.users.get(mallory.user)];
  const phone = await signInElsewhere(alice, 'phone');
  real.deviceList = { ...posed.deviceList, user: bob.user };
  const id = await phone.engine.startConversation(bob.user);
  await phone.engine.sendText(id, 'secret');
  await phone.until(() => phone.alarms.length > 0);
  assertEquals([], server.frames('send', alice.user));
});

scenario('ninthBrowserTakesThePlaceOfOneThatThePersonChooses', async () => {
  const { server, alice } = await pair();
  const account = server.users.get(alice.user);
  const others = [];
  for (let i = 0; i < 7; i++) others.push(await signInElsewhere(alice, `other${i}`));
  const ninth = await emptyBrowser(alice, 'ninth');
  const error = await signIn(ninth).catch(refusal => refusal);
  assertEquals(['devices-full', 8], [error.code, error.values.devices.length]);
  assertEquals(['addedAt', 'id', 'lastSeen', 'name'],
    Object.keys(error.values.devices[0]).sort());
  assertEquals(8, listed(server, alice));
  const replaced = await deviceOf(server, others[0]);
  others[0].engine.close();
  await signIn(ninth, { replace: replaced.deviceId });
  await ninth.until(() => ninth.status === 'connected');
  assert(account.revoked.has(replaced.deviceId));
  assertEquals(8, listed(server, alice));
  const ids = async browser => (await metaOf(browser, 'account')).deviceList.version;
  await alice.until(async () => await ids(alice) === await ids(ninth));
  await alice.until(() => toldOf(alice).some(text => text.includes('was removed')));
  // What is written from now on is closed to the one that went.
  await until(async () => (await newestOwnKey(alice)).id === 2, 'the new own key');
});

scenario('twoBrowsersLinkAtOnceAndBothBecomeDevices', async () => {
  const { server, alice } = await pair();
  const [one, two] = [await emptyBrowser(alice, 'one'), await emptyBrowser(alice, 'two')];
  // Both have the same list, and one of them is quicker.
  let isFirst = true;
  server.onRequest = async frame => {
    if (frame.type !== 'link' || !isFirst) return;
    isFirst = false;
    await signInMeanwhile(two);
  };
  await signIn(one);
  assertEquals(3, listed(server, alice));
  assertEquals(3, server.frames('link', alice.user).length);
  for (const browser of [one, two]) await browser.until(() => browser.status === 'connected');
});

scenario('linkWhoseAnswerIsLostIsFoundOutByItself', async () => {
  const { server, alice } = await pair();
  const phone = await emptyBrowser(alice, 'phone');
  let isLost = false;
  const { link } = server.accounts;
  server.accounts.link = async (...args) => {
    const device = await link.apply(server.accounts, args);
    if (isLost) return device;
    isLost = true;
    server.down();
    server.up();
    throw new Failure('internal');
  };
  await signIn(phone);
  await phone.until(() => phone.status === 'connected');
  assertEquals([2, 1], [listed(server, alice), server.frames('link', alice.user).length]);
});

scenario('linkThatWasInterruptedGoesOnWithTheSameKeys', async () => {
  for (const step of ['login', 'link']) {
    const { server, alice } = await pair();
    const phone = await emptyBrowser(alice, `phone-${step}`);
    server.onRequest = async frame => {
      if (frame.type !== step) return;
      server.down();
      throw new Failure('internal');
    };
    assertEquals('offline', await codeOf(() => signIn(phone)), step);
    const kept = await metaOf(phone, 'account');
    assertEquals(step === 'link', Boolean(kept), step);
    server.onRequest = async () => {};
    server.up();
    await signIn(phone);
    await phone.until(() => phone.status === 'connected');
    assertEquals(2, listed(server, alice), step);
    if (kept) assertEquals(kept.deviceId, (await deviceOf(server, phone)).deviceId);
  }
});

scenario('keysThatMayBeListedAreKept', async () => {
  const { server, alice } = await pair();
  const phone = await emptyBrowser(alice, 'phone');
  const { link } = server.accounts;
  server.accounts.link = async (...args) => {
    await link.apply(server.accounts, args);
    throw new Failure('internal');
  };
  assertEquals('server-failed', await codeOf(() => signIn(phone)));
  const { deviceId } = await metaOf(phone, 'account');
  server.accounts.link = link;
  await signIn(phone);
  await phone.until(() => phone.status === 'connected');
  assertEquals([2, deviceId], [listed(server, alice), (await deviceOf(server, phone)).deviceId]);
});

scenario('recoveryThatWasTakenGoesOnAfterAReload', async () => {
  const { server, alice } = await pair();
  const { code } = await alice.engine.setRecoveryCode(PASSWORD);
  const phone = await emptyBrowser(alice, 'phone');
  const { link } = server.accounts;
  server.accounts.link = async (...args) => {
    await link.apply(server.accounts, args);
    throw new Failure('internal');
  };
  const recover = browser => within(browser, engine =>
    engine.recover({ user: alice.user, code, password: NEW }));
  assertEquals('server-failed', await codeOf(() => recover(phone)));
  server.accounts.link = link;
  phone.engine.close();
  const back = await emptyBrowser(alice, 'phone');
  await recover(back);
  await back.until(() => back.status === 'connected');
  assertEquals(2, listed(server, alice));
});

scenario('twoTabsThatLinkAtOnceAreOneDevice', async () => {
  const { server, alice } = await pair();
  const [one, two] = [await emptyBrowser(alice, 'phone'), await emptyBrowser(alice, 'phone')];
  const account = { user: alice.user, password: PASSWORD };
  await inProfile('phone', () =>
    Promise.all([one, two].map(({ engine }) => engine.signIn(account))));
  for (const tab of [one, two]) await tab.until(() => tab.phase === 'signed-in');
  assertEquals(2, listed(server, alice));
  one.engine.close();
  two.engine.close();
  const back = await one.reload();
  await back.until(() => back.status === 'connected');
});

scenario('vaultThatWasChangedOrIsOldIsRefusedAndChangesNothing', async () => {
  const { server, alice } = await pair();
  const account = server.users.get(alice.user);
  const old = account.vault;
  await signInElsewhere(alice, 'phone');
  const right = account.vault;
  const flipped = fromBase64url(right);
  flipped[flipped.length - 1] ^= 1;
  for (const [vault, code] of [[base64url(flipped), 'vault-refused'], [old, 'vault-old']]) {
    account.vault = vault;
    const third = await emptyBrowser(alice, code);
    assertEquals(code, await codeOf(() => signIn(third)));
    assertEquals([2, undefined], [listed(server, alice), await metaOf(third, 'account')]);
  }
});

scenario('deviceThatTheAccountKeyDidNotSignForIsNotTaken', async () => {
  const { server, alice } = await pair();
  const account = server.users.get(alice.user);
  const right = account.deviceList;
  const signKey = base64url(new Uint8Array(32).fill(9));
  const ghost = { ...right.devices[0], id: 'a'.repeat(32), signKey };
  account.deviceList = { ...right, version: 2, devices: [...right.devices, ghost] };
  const phone = await emptyBrowser(alice, 'phone');
  assertEquals('own-list-refused', await codeOf(() => signIn(phone)));
  assertEquals(undefined, await metaOf(phone, 'account'));
});

scenario('syncThatWasLedBackIsSaidAndNobodyIsShownAsVerified', async () => {
  const { server, alice, bob } = await pair();
  await alice.engine.safetyNumber(bob.user);
  await alice.engine.markVerified(bob.user, true);
  const account = server.users.get(alice.user);
  await until(async () => (await metaOf(alice, 'sync')).digest, 'sync was put');
  const old = { ...account.sync };
  // The vault of the second device names a blob of its own.
  const phone = await signInElsewhere(alice, 'phone');
  await phone.until(() => account.sync.counter > old.counter);
  await within(phone, engine => engine.setRecoveryCode(PASSWORD));
  account.sync = old;
  phone.engine.close();
  alice.engine.close();
  const third = await signInElsewhere(alice, 'third');
  assert(third.alarms.some(text => text.includes('what your devices share')), third.alarms.join());
  assertEquals(false, (await third.engine.safetyNumber(bob.user)).verified);
});
