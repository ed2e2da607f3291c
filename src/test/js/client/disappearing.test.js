/** Messages that disappear (docs/protocol.md §7.9). */
import { UserError } from '/client/user-error.js';
import { assert, assertEquals, assertThrows } from '../harness.js';
import { isIdle } from './browsers.js';
import { groupOf, world } from './group-people.js';
import { moveClock, resetClock } from './moving-clock.js';
import { dump, pair, scenario, until } from './people.js';

const DAY = 86_400;

/** A clock that was set is right again after each. */
const timed = (name, run) => scenario(name, async () => {
  try {
    await run();
  } finally {
    resetClock();
  }
});

function noticesOf({ timeline }) {
  return timeline.filter(({ kind }) => kind === 'notice').map(({ text }) => text);
}

/** Time passes, and whoever sleeps wakes. */
function pass(seconds, ...people) {
  moveClock(seconds);
  people.forEach(({ engine }) => engine.setVisible(true));
}

/** Two people in whose conversation messages disappear. */
async function passing(seconds = 60) {
  const all = await pair();
  const { alice, bob, id } = all;
  await alice.engine.setDisappear(id, seconds);
  await bob.until(() => bob.conversations.get(id)?.disappearAfter === seconds);
  return all;
}

async function said(alice, bob, id, words) {
  const message = await alice.engine.sendText(id, words);
  await bob.until(() => bob.messages.get(message));
  await alice.until(() => alice.messages.get(message).state === 'delivered');
  return message;
}

function read(bob, id) {
  return bob.engine.markRead(id, bob.conversations.get(id).lastOrdinal);
}

/** Kinds of what a browser keeps in conversations. */
async function kindsIn({ user }) {
  return (await dump(user)).messages.map(([, { kind }]) => kind).sort();
}

timed('messageDisappearsAfterItWasReadAndNothingIsLeft', async () => {
  const { alice, bob, id } = await passing();
  assertEquals(['You set messages to disappear 1 minute after they are read'], noticesOf(alice));
  assertEquals([`${alice.user} set messages to disappear 1 minute after they are read`],
    noticesOf(bob));
  const message = await said(alice, bob, id, 'burn this');
  const shown = bob.messages.get(message);
  assertEquals([60, null], [shown.disappearAfter, shown.goneAt]);
  await bob.engine.react(message, '👍');
  await alice.until(() => alice.messages.get(message).reactions);
  const answer = await bob.engine.sendText(id, 'I will', { replyTo: message });
  await alice.until(() => alice.messages.get(answer));
  await read(bob, id);
  await bob.until(() => bob.messages.get(message).goneAt > 0);
  await bob.until(() => bob.messages.get(answer).goneAt > 0);
  assertEquals([message], (await bob.engine.search('burn')).map(one => one.id));
  const { lastAt } = bob.conversations.get(id);
  pass(61, bob);
  await bob.until(() => !bob.messages.has(message) && !bob.messages.has(answer));
  const rows = await dump(bob.user);
  assertEquals(['notice', 'timer'], rows.messages.map(([, row]) => row.kind).sort());
  assertEquals([], await bob.engine.search('burn'));
  assertEquals(0, bob.conversations.get(id).unread);
  assertEquals(noticesOf(bob)[0], bob.conversations.get(id).lastText);
  assertEquals(lastAt, bob.conversations.get(id).lastAt, 'its place among the others');
});

timed('senderHasItUntilItsTimeIsOverAndWhoNeverReadItForEver', async () => {
  const { alice, bob, id } = await passing();
  const message = await said(alice, bob, id, 'read me');
  assert(alice.messages.get(message).goneAt > Date.now());
  pass(DAY, alice, bob);
  await alice.until(() => !alice.messages.has(message));
  const back = await bob.reload();
  assertEquals(1, back.conversations.get(id).unread);
  const page = await back.engine.loadMessages(id, { limit: 9 });
  assertEquals([['read me', null]],
    page.filter(({ kind }) => kind === 'text').map(({ text, goneAt }) => [text, goneAt]));
  await read(back, id);
  pass(61, back);
  await until(async () => !(await kindsIn(back)).includes('text'), 'that it is gone');
});

timed('whatWentWhileThePageWasClosedIsNeverShown', async () => {
  const { alice, bob, id } = await passing();
  await said(alice, bob, id, 'while you sleep');
  await read(bob, id);
  bob.engine.close();
  moveClock(61);
  const back = await bob.reload();
  assertEquals(false, JSON.stringify(back.events).includes('while you sleep'));
  assertEquals(['notice'], (await back.engine.loadMessages(id, { limit: 9 })).map(one => one.kind));
  assertEquals([], await back.engine.search('sleep'));
});

timed('clockThatIsSetBackLetsItStay', async () => {
  const { alice, bob, id } = await passing();
  const message = await said(alice, bob, id, 'longer');
  await read(bob, id);
  pass(-DAY, alice, bob);
  pass(61, alice, bob);
  const back = await bob.reload();
  const page = await back.engine.loadMessages(id, { limit: 9 });
  assert(page.some(one => one.id === message));
  moveClock(DAY);
  await back.engine.setVisible(true);
  await until(async () => !(await kindsIn(back)).includes('text'), 'that it is gone');
});

timed('allTabsHearOfItAndOneCountsTheTime', async () => {
  const { alice, bob, id } = await passing();
  const tab = await bob.tab();
  const message = await said(alice, bob, id, 'in both');
  await read(tab, id);
  await bob.until(() => bob.messages.get(message).goneAt > 0);
  await tab.until(() => tab.messages.get(message).goneAt > 0);
  pass(61, bob);
  await tab.until(() => !tab.messages.has(message));
  await bob.until(() => !bob.messages.has(message));
  const told = tab.events.filter(({ type }) => type === 'messages-gone');
  assertEquals([{ type: 'messages-gone', conversation: id, ids: [message] }], told);
});

timed('fileGoesWithItsCopyInTheBrowser', async () => {
  const { alice, bob, id } = await passing();
  const file = new File(['a secret plan'], 'plan.txt', { type: 'text/plain' });
  const message = await alice.engine.sendFile(id, file, { text: 'look' });
  await bob.until(() => bob.messages.get(message));
  await bob.engine.loadFile(message);
  await alice.until(() => alice.messages.get(message).state === 'delivered');
  await read(bob, id);
  pass(61, alice, bob);
  for (const person of [alice, bob]) {
    await person.until(() => !person.messages.has(message));
    const { files, filePieces } = await dump(person.user);
    assertEquals([[], []], [files, filePieces]);
    assertEquals([], await person.engine.search('plan'));
  }
});

timed('answerShowsThatWhatItAnswersIsNotHereAnyMore', async () => {
  const { alice, bob, id } = await passing();
  const message = await said(alice, bob, id, 'a question');
  await bob.engine.setDisappear(id, 0);
  await alice.until(() => alice.conversations.get(id).disappearAfter === 0);
  const answer = await bob.engine.sendText(id, 'an answer', { replyTo: message });
  await read(bob, id);
  await bob.until(() => bob.messages.get(message).goneAt > 0);
  pass(61, bob);
  await bob.until(() => !bob.messages.has(message));
  await bob.until(() => bob.messages.get(answer).replyTo.text === null);
  assertEquals('no-such-message', (await assertThrows(() =>
    bob.engine.sendText(id, 'one more', { replyTo: message }), UserError)).code);
  await until(() => isIdle(bob));
  pass(DAY, bob);
  assertEquals([answer], (await bob.engine.search('an answer')).map(one => one.id));
});

timed('timersThatMeetComeToOneAndAreSaidToBoth', async () => {
  const { server, alice, bob, id } = await passing();
  server.down();
  await alice.engine.setDisappear(id, 5);
  await bob.engine.setDisappear(id, DAY);
  server.up();
  const timerOf = async ({ user }) =>
    (await dump(user)).messages.map(([, row]) => row).find(({ kind }) => kind === 'timer');
  await until(() => Promise.all([isIdle(alice), isIdle(bob)]).then(all => all.every(Boolean)));
  await until(async () => (await timerOf(alice)).id === (await timerOf(bob)).id, 'one timer');
  const { seconds } = await timerOf(alice);
  for (const person of [alice, bob]) {
    await person.until(() => person.conversations.get(id).disappearAfter === seconds);
  }
  await alice.engine.setDisappear(id, 0);
  await bob.until(() => noticesOf(bob).at(-1) === `${alice.user} set messages to stay`);
  const text = await said(bob, alice, id, 'stays');
  assertEquals([0, null], (({ disappearAfter, goneAt }) => [disappearAfter, goneAt])(
    alice.messages.get(text)));
  assertEquals(0, alice.timeline.filter(({ kind }) => kind === 'undecryptable').length);
});

timed('timerIsRefusedOutsideItsBoundsAndSaidTwiceIsSaidOnce', async () => {
  const { server, alice, bob, id } = await passing();
  // The timer, that it came, and that this is known.
  await until(() => server.frames('send').length === 3);
  for (const seconds of [1, 4.5, -5, 31_536_001, NaN, '60']) {
    const error = await assertThrows(() => alice.engine.setDisappear(id, seconds), UserError);
    assertEquals('timer-invalid', error.code);
  }
  assertEquals('no-such-conversation', (await assertThrows(() =>
    alice.engine.setDisappear('a+b', 5), UserError)).code);
  await alice.engine.setDisappear(id, 60);
  assertEquals([1, 1], [alice, bob].map(person => noticesOf(person).length));
  assertEquals(3, server.frames('send').length);
});

timed('whoCannotBeToldIsNamedAndWhatIsWrittenDisappearsAllTheSame', async () => {
  const { server, alice, id } = await pair();
  await alice.engine.sendText(id, 'hello');
  await alice.until(() => alice.timeline[0]?.state === 'delivered');
  server.onRequest = async ({ type }) =>
    (type === 'send' ? { type: 'error', code: 'inbox-full', text: '' } : undefined);
  await alice.engine.setDisappear(id, 60);
  await alice.until(() => noticesOf(alice).length === 2);
  assert(noticesOf(alice)[1].startsWith('The others could not be told'), noticesOf(alice)[1]);
  server.onRequest = async () => undefined;
  const message = await alice.engine.sendText(id, 'goes');
  assertEquals(60, alice.messages.get(message).disappearAfter);
  await until(() => isIdle(alice));
});

timed('inAGroupItGoesFromEachWhenTheyHaveReadIt', async () => {
  const { people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  await bob.engine.setDisappear(id, 3_600);
  await alice.until(() => alice.conversations.get(id).disappearAfter === 3_600);
  assert(noticesOf(alice).includes(
    `${bob.user} set messages to disappear 1 hour after they are read`));
  const message = await alice.engine.sendText(id, 'to all');
  await bob.until(() => bob.messages.get(message));
  await bob.engine.react(message, '👍');
  await alice.until(() => alice.messages.get(message).reactions);
  await alice.until(() => alice.messages.get(message).goneAt > 0);
  await read(bob, id);
  await bob.until(() => bob.messages.get(message).goneAt > 0);
  pass(3_601, alice, bob);
  for (const person of people) {
    await person.until(() => !person.messages.has(message));
    const kinds = await kindsIn(person);
    assertEquals([], kinds.filter(kind => ['text', 'reaction'].includes(kind)));
  }
});
