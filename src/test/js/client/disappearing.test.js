/** Messages that disappear (docs/protocol.md §7.9). */
import { UserError } from '/client/user-error.js';
import { assertEquals, assertThrows } from '../harness.js';
import { dump, pair, scenario, until } from './people.js';
import { moveClock, resetClock } from './moving-clock.js';

/** A clock that was set is right again after each. */
const timed = (name, run) => scenario(name, async () => {
  try {
    await run();
  } finally {
    resetClock();
  }
});

const noticesOf = ({ timeline }) => timeline.filter(({ kind }) => kind === 'notice').map(({ text }) => text);

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
  assertEquals([message], (await bob.engine.search('burn')).map(one => one.id));
  pass(61, bob);
  await bob.until(() => !bob.messages.has(message) && !bob.messages.has(answer));
  const rows = await dump(bob.user);
  assertEquals(['notice', 'timer'], rows.messages.map(([, row]) => row.kind).sort());
  assertEquals([], await bob.engine.search('burn'));
  assertEquals(0, bob.conversations.get(id).unread);
  assertEquals(noticesOf(bob)[0], bob.conversations.get(id).lastText);
});
