import { AccountStore } from '/store/account-store.js';
import { tellSiblings } from '/client/own-messages.js';
import { addOutgoing, isEncrypted } from '/store/outbox.js';
import { sealOwnKey } from '/store/own-keys.js';
import { settle } from '/store/database.js';
import { sessionsOf } from '/store/session-rows.js';
import { assert, assertEquals } from '../harness.js';
import {
  addBrowser, allIdle, deviceOf, dumpOf, four, isIdle, listUnderAnotherKey, noticesOf,
  removeBrowser, shows,
} from './browsers.js';
import { copyOf, restoreFrom } from './in-page-copy.js';
import { synced } from './own-devices.js';
import { pair, restore, scenario, until } from './people.js';
import { inProfile } from './profiles.js';

function change(browser, names, run) {
  return inProfile(browser.profile, async () => {
    const store = await AccountStore.open(browser.user);
    await store.write(names, run);
    store.close();
  });
}

/** What a browser shows of a conversation after a look into its store. */
async function written(browser, id) {
  const history = await browser.engine.loadMessages(id, { limit: 200 });
  return history.filter(({ kind }) => kind !== 'notice').map(({ text }) => text);
}

/** Every answer to a send of this user is lost once, after the server has stored it. */
function loseAnswers(server, user) {
  const lost = new Set();
  const handle = server._send;
  server._send = async function (frame, device) {
    const answer = await handle.call(server, frame, device);
    const key = `${frame.to} ${frame.messageId} ${device.deviceId}`;
    if (device.user !== user || lost.has(key)) return answer;
    lost.add(key);
    device.connection.socket.close(1006);
    return null;
  };
}

scenario('lostAnswersOfAMessageAndItsCopyDoubleNothing', async () => {
  const { server, id, alice, phone, bob, tablet } = await four();
  loseAnswers(server, alice.user);
  for (const text of ['one', 'two', 'three']) await alice.engine.sendText(id, text);
  await Promise.all([phone, bob, tablet].map(one => shows(one, 'one', 'two', 'three')));
  await alice.until(() => alice.timeline.filter(({ mine }) => mine)
    .every(({ state }) => state === 'delivered'));
  for (const one of [phone, tablet]) assertEquals(['one', 'two', 'three'], one.texts);
});

scenario('reloadAfterEachSendLosesAndDoublesNothing', async () => {
  const { server, id, alice, phone, bob } = await four();
  let browser = alice;
  const stopped = new Set();
  const handle = server._send;
  server._send = async function (frame, device) {
    const answer = await handle.call(server, frame, device);
    const key = `${frame.to} ${frame.messageId}`;
    if (device !== await mine || stopped.has(key)) return answer;
    stopped.add(key);
    browser.engine.close();
    return null;
  };
  const mine = deviceOf(server, alice);
  await mine;
  for (const text of ['one', 'two']) {
    const before = stopped.size;
    await browser.engine.sendText(id, text);
    await until(() => stopped.size > before);
    while (!await isIdle(browser)) {
      const closed = stopped.size;
      browser = await browser.reload();
      await until(async () => stopped.size > closed || await isIdle(browser));
    }
    browser = await browser.reload();
  }
  await Promise.all([phone, bob].map(one => shows(one, 'one', 'two')));
  assertEquals(['hello', 'one', 'two'], await written(browser, id));
  assertEquals(['one', 'two'], phone.texts);
  assertEquals(['hello', 'one', 'two'], bob.texts);
});

scenario('whatOnlyOwnDevicesSayIsRefusedFromAnybodyElse', async () => {
  const { id, alice, bob } = await four();
  await bob.engine.sendText(id, 'b1');
  await alice.until(() => alice.conversations.get(id).unread === 1);
  const upTo = alice.timeline.find(({ mine }) => !mine).id.split('/')[1];
  await change(bob, ['outbox'], stores => {
    addOutgoing(stores, { to: alice.user, type: 'history-ask', content: { have: 0 } });
    addOutgoing(stores, { to: alice.user, type: 'read', content: { upTo } });
  });
  await bob.engine.sendText(id, 'b2');
  await shows(alice, 'b2');
  const refused = alice.timeline.filter(({ kind }) => kind === 'undecryptable');
  assertEquals([2, undefined], [refused.length, refused[0].action]);
  assert(refused[0].reason.includes('makes no sense'), refused[0].reason);
  await alice.until(() => alice.conversations.get(id).unread === 4, 'nothing of it is read');
});

scenario('ownKeyOfAnotherDeviceIsKeptAndNotReplaced', async () => {
  const { alice, phone } = await four();
  const send = async (key, id) => {
    const row = await inProfile(alice.profile, async () => {
      const store = await AccountStore.open(alice.user);
      const sealed = await sealOwnKey(store, { id, key, listVersion: 2 });
      store.close();
      return sealed;
    });
    await change(alice, ['ownKeys', 'outbox'], stores => {
      stores.ownKeys.put(row);
      tellSiblings(stores, alice.user, 'own-key', { id });
    });
  };
  const idsAt = async browser => (await dumpOf(browser)).ownKeys.map(([id]) => id);
  await send(new Uint8Array(32).fill(1), 2);
  const back = await alice.reload();
  await until(async () => (await idsAt(phone)).includes(2));
  const before = (await dumpOf(phone)).ownKeys.find(([id]) => id === 2)[1].sealed;
  await send(new Uint8Array(32).fill(2), 2);
  await send(new Uint8Array(32).fill(3), 3);
  await back.reload();
  await until(async () => (await idsAt(phone)).includes(3));
  const after = (await dumpOf(phone)).ownKeys.find(([id]) => id === 2)[1].sealed;
  assertEquals(before, after);
});

scenario('lostSessionBetweenOwnDevicesIsRepairedWithoutAnybodyDoingAnything', async () => {
  const { id, alice, phone, bob } = await four();
  await alice.engine.sendText(id, 'one');
  await shows(phone, 'one');
  await allIdle(phone);
  phone.engine.close();
  await change(phone, ['sessions'],
    ({ sessions }) => { sessions.delete(sessionsOf(phone.user)); });
  for (const text of ['two', 'three']) await alice.engine.sendText(id, text);
  await shows(bob, 'three');
  await allIdle(alice);
  const back = await phone.reload();
  await shows(back, 'two', 'three');
  assertEquals(['one', 'two', 'three'], await written(back, id));
  await back.engine.sendText(id, 'four');
  await shows(alice, 'four');
  assertEquals([id], [...back.conversations.keys()]);
});

scenario('deviceThatFellBehindIsCutOffSaysSoAndComesBack', async () => {
  const { server, id, alice, phone, bob } = await four();
  await bob.engine.sendText(id, 'seen');
  await shows(phone, 'seen');
  phone.engine.close();
  for (const text of ['missed 1', 'missed 2']) await bob.engine.sendText(id, text);
  await alice.engine.sendText(id, 'missed 3');
  await shows(alice, 'missed 2');
  await allIdle(alice);
  const device = await deviceOf(server, phone);
  const { pushTo } = server;
  server.pushTo = async one => {
    if (one !== device) return pushTo.call(server, one);
    const { entries } = device.account;
    await device.connection.push('cut-off', device.account.logPoint(entries.length));
    device.connection.pushed = entries.length;
    device.cursor = entries.length;
    server.pushTo = pushTo;
    return pushTo.call(server, one);
  };
  const back = await phone.reload();
  await back.until(() => noticesOf(back).some(text => text.includes('waited too long')));
  await bob.engine.sendText(id, 'after 1');
  await alice.engine.sendText(id, 'after 2');
  await shows(back, 'after 1', 'after 2');
  await back.engine.sendText(id, 'after 3');
  await shows(bob, 'after 3');
  await shows(alice, 'after 3');
  assertEquals([], back.alarms);
  assert(!back.texts.includes('missed 1'));
});

scenario('browserThatWentBackToAnOldCopyAsksForWhatItCannotOpenByItself', async () => {
  const { server, id, alice, phone, bob, tablet } = await four();
  await bob.engine.sendText(id, 'seen');
  await shows(phone, 'seen');
  await allIdle(phone);
  phone.engine.close();
  const old = await dumpOf(phone);
  let back = await phone.reload();
  for (const round of ['1', '2']) {
    await back.engine.sendText(id, `mine ${round}`);
    await shows(bob, `mine ${round}`);
    await bob.engine.sendText(id, `his ${round}`);
    await shows(back, `his ${round}`);
  }
  await allIdle(alice, back, bob, tablet);
  const device = await deviceOf(server, phone);
  await until(() => device.cursor === device.account.entries.length);
  back.engine.close();
  await inProfile(phone.profile, () => restore(phone.user, old));
  back = await phone.reload();
  await back.until(() => back.alarms.length === 1);
  await bob.engine.sendText(id, 'new');
  await alice.engine.sendText(id, 'new copy');
  await shows(back, 'new', 'new copy');
});

scenario('afterARestoreTextsAndCopiesAreSentAgain', async () => {
  const { server, id, alice, phone, bob, tablet } = await four();
  await alice.engine.sendText(id, 'before');
  await Promise.all([phone, tablet].map(one => shows(one, 'before')));
  await allIdle(alice, phone, bob, tablet);
  const copy = copyOf(server);
  phone.engine.close();
  tablet.engine.close();
  await alice.engine.sendText(id, 'lost by the server');
  await alice.until(() => alice.timeline.at(-1).state === 'delivered');
  await allIdle(alice);
  await restoreFrom(server, copy);
  await alice.until(() => alice.status === 'connected');
  const [phoneBack, tabletBack] = [await phone.reload(), await tablet.reload()];
  await shows(phoneBack, 'lost by the server');
  assertEquals(['before', 'lost by the server'], await written(phoneBack, id));
  await alice.engine.sendText(id, 'after');
  await Promise.all([phoneBack, tabletBack, bob].map(one => shows(one, 'after')));
  assertEquals(1, bob.texts.filter(text => text === 'lost by the server').length);
});

scenario('deviceOfWhichARestoredServerHasNoKeysSignsInAndIsWaitedForQuietly', async () => {
  const { server, alice, bob, id } = await pair();
  await alice.engine.sendText(id, 'before');
  await alice.until(() => alice.timeline[0]?.state === 'delivered');
  const copy = copyOf(server);
  const phone = await addBrowser(server, alice, 'phone');
  const { deviceId } = await deviceOf(server, phone);
  const { token } = server.users.get(alice.user).devices.get(deviceId);
  phone.engine.close();
  await alice.until(() => alice.events.some(({ type }) => type === 'devices-changed'));
  await restoreFrom(server, copy);
  const account = () => server.users.get(alice.user);
  await until(() => account().devices.has(deviceId), 'the list is put back');
  account().devices.get(deviceId).token = token;
  const asked = () => server.frames('keys', bob.user).length;
  const before = asked();
  await bob.engine.sendText(id, 'to both');
  await until(() => asked() > before, 'the question for keys');
  await until(async () => (await dumpOf(bob)).outbox.length > 0);
  const back = await phone.reload();
  await back.until(() => back.status === 'connected');
  await until(() => account().devices.get(deviceId).signedPrekey, 'its prekeys');
  await bob.engine.sendText(id, 'and this');
  await shows(back, 'to both', 'and this');
  await shows(alice, 'to both', 'and this');
  assertEquals([], bob.alarms);
  assertEquals([true], back.alarms.map(text => text.includes('did not know this browser')));
});

scenario('newerOwnListThatNobodyShowsIsNotAskedForWithoutAnEnd', async () => {
  const { server, id, alice, bob, phone } = await four();
  await allIdle(alice, phone);
  await change(alice, ['contacts'], async ({ contacts }) => {
    contacts.put({ ...await settle(contacts.get(alice.user)), behind: true });
  });
  const asked = () => server.frames('devices', alice.user).length;
  const before = asked();
  await alice.engine.sendText(id, 'to bob at least');
  await shows(bob, 'to bob at least');
  await until(() => asked() > before, 'the question');
  for (let round = 0; round < 20; round++) await alice.engine.devices();
  assert(asked() - before < 5, `${asked() - before} questions`);
});

scenario('listThatCannotBeHadIsNoReasonToStop', async () => {
  const { server, alice, bob, id } = await pair();
  const account = server.users.get(alice.user);
  const known = account.deviceList;
  server.accounts.onPush = (state, device) =>
    (device === account.devices.get(known.devices[0].id) ? { ...state, deviceList: known } : state);
  const phone = await addBrowser(server, alice, 'phone');
  server.onRequest = async ({ type }, { user }) => {
    const isRefused = type === 'devices' && user === alice.user;
    return isRefused ? { type: 'error', code: 'rate-limited', text: '', retryAfter: 5 } : undefined;
  };
  await bob.engine.startConversation(alice.user);
  await bob.engine.sendText(id, 'for two devices');
  await alice.until(() => alice.timeline.some(({ kind }) => kind === 'undecryptable'));
  assertEquals([], alice.alarms);
  server.onRequest = async () => {};
  server.accounts.onPush = state => state;
  server.accounts.push(account);
  await shows(phone, 'for two devices');
  await shows(alice, 'for two devices');
});

scenario('keyThatWaitsForAChoiceGoesOnWaitingAfterAnOlderMessage', async () => {
  const { server, alice, bob, id } = await pair();
  const account = server.users.get(bob.user);
  // Nothing of his own must show him the other list.
  await synced(account, [bob]);
  const real = account.deviceList;
  account.deviceList = await listUnderAnotherKey(account, bob);
  await alice.engine.sendText(id, 'to whom?');
  await alice.until(() => alice.conversations.get(id).keyChanged);
  account.deviceList = real;
  await bob.engine.startConversation(alice.user);
  await bob.engine.sendText(id, 'under the old key');
  await alice.until(() => alice.conversations.get(id).lastText === 'under the old key');
  assertEquals(true, alice.conversations.get(id).keyChanged);
});

scenario('listOfWhichOnlyThePinIsKnownIsAskedForBeforeAnythingIsOpened', async () => {
  const { server, id, alice, bob, tablet } = await four();
  await tablet.engine.startConversation(alice.user);
  await tablet.engine.sendText(id, 'from the tablet');
  await shows(alice, 'from the tablet');
  alice.engine.close();
  const { deviceId } = await deviceOf(server, tablet);
  await tablet.engine.sendText(id, 'before it went');
  await allIdle(tablet);
  await removeBrowser(server, bob.user, deviceId);
  const { deviceList: { version }, listHash: hash } = server.users.get(bob.user);
  await change(alice, ['contacts'], async ({ contacts }) => {
    const contact = await settle(contacts.get(bob.user));
    contacts.put({ ...contact, pin: { ...contact.pin, version, hash }, behind: true });
  });
  const back = await alice.reload();
  await back.until(() => noticesOf(back).some(text => text.includes('removed')), 'the notice');
  assert(!back.texts.includes('before it went'), 'a removed device was heard');
});

scenario('longTextToEightDevicesFitsAnEnvelope', async () => {
  const { server, alice, bob, id } = await pair();
  const others = [];
  for (let i = 0; i < 7; i++) others.push(await addBrowser(server, bob, `bob${i}`));
  const text = 'ä'.repeat(32_768);
  await alice.engine.sendText(id, text);
  await alice.until(() => alice.timeline.some(({ state }) => state === 'delivered'), 'accepted');
  await Promise.all([bob, ...others].map(one => one.until(() => one.texts.includes(text), 'it')));
  assertEquals(8, server.frames('send', alice.user).findLast(({ to }) => to === bob.user)
    .copies.length);
});

scenario('serverThatRefusesACurrentListAgainAndAgainUsesUpNoKeys', async () => {
  const { server, id, alice, bob } = await four();
  await alice.engine.sendText(id, 'one');
  await shows(bob, 'one');
  await allIdle(alice);
  const { setTimeout } = globalThis;
  const pauses = [];
  globalThis.setTimeout = (run, ms, ...rest) => {
    // Lanes of the others may pause as long, for their receipts.
    if (ms !== 5_000 || !String(run).includes('#resume(')) return setTimeout(run, ms, ...rest);
    return pauses.push(run);
  };
  let refusals = 0;
  const { deviceId } = await deviceOf(server, alice);
  server.onRequest = async ({ type, to }, from) => {
    if (type !== 'send' || to !== bob.user || from.deviceId !== deviceId) return undefined;
    refusals++;
    const { deviceList } = server.users.get(to);
    return { type: 'error', code: 'devices-changed', text: '', deviceList };
  };
  await alice.engine.sendText(id, 'two');
  await until(async () => {
    const { outbox } = await dumpOf(alice);
    return refusals > 0 && !outbox.some(isEncrypted);
  });
  const before = refusals;
  // What else is to be sent meanwhile ends no pause.
  for (let i = 1; i <= 3; i++) {
    await alice.engine.sendText(id, `more ${i}`);
    await bob.engine.sendText(id, `answer ${i}`);
    await shows(alice, `answer ${i}`);
  }
  assertEquals(before, refusals);
  server.onRequest = async () => {};
  globalThis.setTimeout = setTimeout;
  for (const resume of pauses) resume();
  await shows(bob, 'two');
  await shows(bob, 'more 3');
});

scenario('announcedAndUnannouncedChangeOfTheAccountKeyAreToldApart', async () => {
  for (const isAnnounced of [true, false]) {
    const { server, alice, bob, id } = await pair();
    await alice.engine.sendText(id, 'one');
    await alice.until(() => alice.timeline[0]?.state === 'delivered');
    const account = server.users.get(bob.user);
    const announcer = isAnnounced ? bob : null;
    await account.takeList(await listUnderAnotherKey(account, announcer));
    await alice.engine.sendText(id, 'two');
    await alice.until(() => noticesOf(alice).length > 0);
    assertEquals(isAnnounced, noticesOf(alice)[0].includes('announced it'));
    await alice.until(() => alice.conversations.get(id).keyChanged);
    assertEquals('pending', alice.timeline.find(({ text }) => text === 'two').state);
  }
});

scenario('everyTextIsOnceAndInOrderOnEveryDevice', async () => {
  const { server, id, ...browsers } = await four();
  const names = Object.keys(browsers);
  for (const browser of [browsers.phone, browsers.tablet]) {
    const { user } = browser === browsers.phone ? browsers.bob : browsers.alice;
    await browser.engine.startConversation(user);
  }
  const seed = Date.now() % 100_000;
  const random = generator(seed);
  const pick = list => list[Math.floor(random() * list.length)];
  const expected = Object.fromEntries(names.map(name => [name, []]));
  const closed = new Set();
  for (let step = 0; step < 60; step++) {
    const name = pick(names);
    const dice = random();
    if (dice < 0.7 && !closed.has(name)) {
      const text = `${name} ${expected[name].length}`;
      expected[name].push(text);
      await browsers[name].engine.sendText(id, text);
    } else if (dice < 0.8 && !closed.has(name)) {
      browsers[name].engine.close();
      closed.add(name);
    } else if (dice < 0.95 && closed.has(name)) {
      closed.delete(name);
      browsers[name] = await browsers[name].reload();
    } else if (dice >= 0.95) {
      server.down();
      server.up();
    }
  }
  for (const name of closed) browsers[name] = await browsers[name].reload();
  const { length } = Object.values(expected).flat();
  for (const [name, browser] of Object.entries(browsers)) {
    const count = async () =>
      (await written(browser, id)).filter(text => text !== 'hello').length;
    await until(async () => await count() >= length, `all at ${name}, seed ${seed}`);
    const shown = await written(browser, id);
    for (const [author, theirs] of Object.entries(expected)) {
      assertEquals(theirs, shown.filter(text => text.startsWith(`${author} `)),
        `${author} at ${name}, seed ${seed}`);
    }
    assertEquals([], browser.alarms, `seed ${seed}`);
  }
});

/** mulberry32: the same numbers for the same seed. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
