import { assert, assertEquals } from '../harness.js';
import {
  addBrowser, allIdle, deviceOf, dumpOf, four, isIdle, noticesOf, quiet, removeBrowser,
  shows,
} from './browsers.js';
import { pair, scenario, until } from './people.js';

scenario('everyBrowserShowsWhatEachOfThemWrites', async () => {
  const { id, alice, phone, bob, tablet } = await four();
  const all = [alice, phone, bob, tablet];
  await alice.engine.sendText(id, 'a1');
  await Promise.all(all.map(one => shows(one, 'a1')));
  await phone.engine.sendText(id, 'a2');
  await bob.engine.sendText(id, 'b1');
  await tablet.engine.sendText(id, 'b2');
  await Promise.all(all.map(one => shows(one, 'a2', 'b1', 'b2')));
  for (const one of [alice, phone]) {
    await one.until(() => one.timeline.filter(({ mine }) => mine)
      .every(({ state }) => state === 'delivered'));
    assertEquals(['a1', 'a2', 'b1', 'b2'], one.texts.filter(text => text !== 'hello').sort());
    assertEquals(['a1', 'a2'], one.timeline.filter(m => m.mine && m.text !== 'hello')
      .map(({ text }) => text).sort());
  }
  assertEquals([], all.flatMap(({ alarms }) => alarms));
});

scenario('browserThatWasAwayGetsAllOnceAndInOrder', async () => {
  const { id, alice, phone, bob } = await four();
  await alice.engine.sendText(id, 'a0');
  await shows(phone, 'a0');
  phone.engine.close();
  for (const text of ['a1', 'a2', 'a3']) await alice.engine.sendText(id, text);
  await shows(bob, 'a3');
  for (const text of ['b1', 'b2']) await bob.engine.sendText(id, text);
  await shows(alice, 'b2');
  const back = await phone.reload();
  await shows(back, 'a3', 'b2');
  const history = await back.engine.loadMessages(id, { limit: 9 });
  const of = isMine => history.filter(({ mine }) => mine === isMine).map(({ text }) => text);
  assertEquals([['a0', 'a1', 'a2', 'a3'], ['b1', 'b2']], [of(true), of(false)]);
  await back.until(() => back.timeline.filter(m => m.mine).every(m => m.state === 'delivered'));
});

scenario('thirdBrowserWorksWhileBothOthersAreAway', async () => {
  const { server, id, alice, phone, bob } = await four();
  alice.engine.close();
  phone.engine.close();
  const third = await addBrowser(server, alice, 'third');
  await third.engine.startConversation(bob.user);
  await third.engine.sendText(id, 'from the third');
  await shows(bob, 'from the third');
  await bob.engine.sendText(id, 'to all');
  await shows(third, 'to all');
  for (const away of [alice, phone]) {
    const back = await away.reload();
    await shows(back, 'from the third', 'to all');
    assertEquals([], back.timeline.filter(({ kind }) => kind === 'undecryptable'));
    assertEquals([], back.alarms);
  }
});

scenario('openingMadeUnderAnEarlierListOpensWhenTheListHasGoneOn', async () => {
  const { server, id, alice, phone, bob } = await four();
  alice.engine.close();
  const third = await addBrowser(server, alice, 'third');
  await third.engine.startConversation(bob.user);
  await third.engine.sendText(id, 'under version 3');
  await shows(phone, 'under version 3');
  const fourth = await addBrowser(server, alice, 'fourth');
  assert(fourth.status === 'connected');
  const back = await alice.reload();
  await shows(back, 'under version 3');
  assertEquals([], back.timeline.filter(({ kind }) => kind === 'undecryptable'));
});

scenario('newAndRemovedBrowsersOfSomebodyAreToldInTheConversation', async () => {
  const { server, id, alice, bob, tablet } = await four();
  await alice.engine.sendText(id, 'one');
  await shows(tablet, 'one');
  assertEquals([`${bob.user} added a device. It gets what you write from now on.`],
    noticesOf(alice));
  const device = await deviceOf(server, alice);
  const sentToBob = () => server.seen.filter(({ device: by }) => by === device)
    .map(({ frame }) => frame).filter(({ type, to }) => type === 'send' && to === bob.user);
  const first = sentToBob();
  assertEquals([1, 2, first.length - 1],
    [first.at(-2).copies.length, first.at(-1).copies.length, first.findIndex(({ copies }) =>
      copies.length === 2)], 'refused once, and sent anew');
  assertEquals(first.at(-2).messageId, first.at(-1).messageId);
  await removeBrowser(server, bob.user, (await deviceOf(server, tablet)).deviceId);
  await alice.engine.sendText(id, 'two');
  await shows(bob, 'two');
  assertEquals(`${bob.user} removed a device. It gets nothing any more.`, noticesOf(alice)[1]);
  assertEquals(1, sentToBob().at(-1).copies.length);
  const { sessions } = await dumpOf(alice);
  assertEquals(1, sessions.filter(([[user]]) => user === bob.user).length);
});

scenario('newBrowserIsToldOfWithTheFirstMessageThatNamesTheNewList', async () => {
  const { server, id, alice, phone, bob, tablet } = await four();
  await alice.engine.sendText(id, 'one');
  await shows(tablet, 'one');
  await quiet(server, alice, phone, bob, tablet);
  const before = noticesOf(alice).length;
  const { version } = server.users.get(bob.user).deviceList;
  await addBrowser(server, bob, 'third');
  await until(async () => (await dumpOf(bob)).ownLists.length > version);
  server.onRequest = async ({ type, to }) =>
    (type === 'send' && to === bob.user ? 'no answer' : undefined);
  await bob.engine.sendText(id, 'two');
  await shows(alice, 'two');
  await alice.until(() => noticesOf(alice).length > before);
  assert(noticesOf(alice).at(-1).includes('added a device'));
});

scenario('browsersThatStaySeeNoGapWhenAnotherOneComesOrGoes', async () => {
  const { server, id, alice, phone, bob, tablet } = await four();
  await alice.engine.sendText(id, 'one');
  await shows(tablet, 'one');
  await tablet.engine.sendText(id, 'two');
  await shows(alice, 'two');
  await quiet(server, alice, phone, bob, tablet);
  const before = server.frames('send', alice.user).length;
  const third = await addBrowser(server, bob, 'third');
  const { deviceId } = await deviceOf(server, third);
  await Promise.all(['a1', 'a2', 'a3'].map(text => alice.engine.sendText(id, text)));
  await Promise.all([bob, tablet, third].map(one => shows(one, 'a1', 'a2', 'a3')));
  await bob.engine.sendText(id, 'b1');
  await shows(alice, 'b1');
  await quiet(server, alice, phone, bob, tablet, third);
  await removeBrowser(server, bob.user, deviceId);
  await Promise.all(['a4', 'a5'].map(text => alice.engine.sendText(id, text)));
  await Promise.all([bob, tablet].map(one => shows(one, 'a4', 'a5')));
  const notices = [bob, tablet].flatMap(noticesOf);
  assertEquals([], notices.filter(text => text.includes('have not arrived')));

  const sent = server.frames('send', alice.user).slice(before).filter(({ to }) => to === bob.user);
  const byMessage = Map.groupBy(sent, ({ messageId }) => messageId);
  const twice = [...byMessage.values()].filter(({ length }) => length > 1);
  assert(twice.length >= 2, 'nothing was refused');
  for (const frames of twice) {
    const bytes = frames.map(({ copies }) => Object.fromEntries(
      copies.map(({ device, ciphertext }) => [device, ciphertext])));
    for (const device of Object.keys(bytes[0]).filter(one => one in bytes[1])) {
      assertEquals(bytes[0][device], bytes[1][device]);
    }
  }
});

scenario('messageOfARemovedBrowserIsRefused', async () => {
  const { server, id, alice, bob, tablet } = await four();
  await tablet.engine.startConversation(alice.user);
  await tablet.engine.sendText(id, 'still his');
  await shows(alice, 'still his');
  await allIdle(tablet);
  const device = await deviceOf(server, tablet);
  let held = null;
  server.onRequest = async (frame, from) => {
    if (frame.type !== 'send' || from !== device || frame.to !== alice.user) return undefined;
    held = frame;
    return 'no answer';
  };
  await tablet.engine.sendText(id, 'of a thief');
  await until(() => held);
  await removeBrowser(server, bob.user, device.deviceId);
  await alice.engine.sendText(id, 'she learns of it');
  await alice.until(() => noticesOf(alice).some(text => text.includes('removed')));
  // A server that works with the thief hands it on all the same.
  await server._send(held, device);
  await alice.until(() => alice.timeline.some(({ kind }) => kind === 'undecryptable'));
  assert(!alice.texts.includes('of a thief'));
});

scenario('receiptsAreOneForEachBrowserAndOwnCopiesHaveNone', async () => {
  const { server, id, alice, phone, bob, tablet } = await four();
  await alice.engine.sendText(id, 'one');
  await shows(phone, 'one');
  await shows(tablet, 'one');
  await quiet(server, alice, phone, bob, tablet);
  const before = server.seen.length;
  await alice.engine.sendText(id, 'two');
  await Promise.all([phone, bob, tablet].map(one => shows(one, 'two')));
  await phone.until(() => phone.timeline.at(-1).state === 'delivered');
  await until(() => server.seen.slice(before).filter(({ frame, from }) =>
    frame.type === 'send' && from === bob.user).length === 2);
  await quiet(server, alice, phone, bob, tablet);
  const sent = server.seen.slice(before).filter(({ frame }) => frame.type === 'send')
    .map(({ frame, from }) => [from === alice.user, frame.to === alice.user]);
  const count = (fromAlice, toAlice) =>
    sent.filter(([from, to]) => from === fromAlice && to === toAlice).length;
  assertEquals([1, 1, 2, 0],
    [count(true, false), count(true, true), count(false, true), count(false, false)],
    'the text, its copy, a receipt of each of his');
});

scenario('receiptThatComesBeforeTheOwnCopyCounts', async () => {
  const { server, id, alice, phone } = await four();
  await alice.engine.sendText(id, 'one');
  await phone.until(() => phone.timeline[0]?.state === 'delivered');
  await allIdle(alice);
  let goOn = null;
  server.onRequest = async ({ type, to }, from) => {
    const isCopy = type === 'send' && to === alice.user && from.user === alice.user;
    if (isCopy) await new Promise(resolve => { goOn = resolve; });
  };
  await alice.engine.sendText(id, 'two');
  await until(async () => goOn && (await dumpOf(phone)).earlyReceipts.length > 0);
  assert(!phone.texts.includes('two'));
  server.onRequest = async () => {};
  goOn();
  await phone.until(() => phone.timeline.some(m => m.text === 'two' && m.state === 'delivered'));
  assertEquals([], (await dumpOf(phone)).earlyReceipts);
});

scenario('readStateFollowsToTheOtherBrowserWithLittleTraffic', async () => {
  const { server, id, alice, phone, bob, tablet } = await four();
  for (const text of ['b1', 'b2', 'b3']) await bob.engine.sendText(id, text);
  for (const one of [alice, phone]) {
    await one.until(() => one.conversations.get(id)?.unread === 3);
  }
  await quiet(server, alice, phone, bob, tablet);
  const before = server.frames('send', alice.user).length;
  for (const { ordinal } of alice.timeline.filter(({ mine }) => !mine)) {
    await alice.engine.markRead(id, ordinal);
  }
  await phone.until(() => phone.conversations.get(id).unread === 0);
  await allIdle(alice);
  await allIdle(phone);
  const sent = server.frames('send', alice.user).slice(before)
    .filter(({ to }) => to === alice.user);
  assertEquals(2, sent.length, 'what was read, and the confirmation of a first message');
  const toBob = server.frames('send', alice.user).slice(before).filter(({ to }) => to === bob.user);
  assert(toBob.length <= 2, 'what was read, and the confirmation that may be late');
  await bob.engine.sendText(id, 'b4');
  await phone.until(() => phone.conversations.get(id).unread === 1);
});

scenario('whatWaitedWhenASecondBrowserCameGoesToItToo', async () => {
  const { server, alice, bob, id } = await pair();
  server.down();
  await alice.until(() => alice.status !== 'connected');
  await alice.engine.sendText(id, 'written before');
  server.up();
  server.onRequest = async ({ type }) => (type === 'send'
    ? { type: 'error', code: 'busy', text: '', retryAfter: 20 } : undefined);
  await alice.until(() => alice.status === 'connected');
  const phone = await addBrowser(server, alice, 'phone');
  await until(async () => (await dumpOf(alice)).ownLists.length === 2);
  server.onRequest = async () => {};
  await shows(phone, 'written before');
  await shows(bob, 'written before');
  assertEquals(['written before'], bob.texts);
});

scenario('ownCopyWaitsForTheRecipientsInboxAndGoesWithTheMessage', async () => {
  const { server, id, alice, phone, bob } = await four();
  await alice.engine.sendText(id, 'first');
  await shows(phone, 'first');
  server.onRequest = async ({ type, to }) => (type === 'send' && to === bob.user
    ? { type: 'error', code: 'inbox-full', text: '' } : undefined);
  const refused = await alice.engine.sendText(id, 'never sent');
  await alice.until(() => alice.messages.get(refused).state === 'not-sent');
  await alice.engine.deleteUnsent(refused);
  const kept = await alice.engine.sendText(id, 'sent later');
  await alice.until(() => alice.messages.get(kept).state === 'not-sent');
  server.onRequest = async () => {};
  assertEquals(['first'], phone.texts);
  await alice.engine.retry(kept);
  await shows(phone, 'sent later');
  assertEquals(['first', 'sent later'], phone.texts);
  assert(await isIdle(alice));
});
