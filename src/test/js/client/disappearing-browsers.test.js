/** Messages that disappear, among several browsers of a user (docs/protocol.md §7.9, §14.2). */
import { pace } from '/client/archive.js';
import { assertEquals } from '../harness.js';
import { allIdle, dumpOf, four, shows } from './browsers.js';
import { moveClock, resetClock } from './moving-clock.js';
import { signInElsewhere, synced } from './own-devices.js';
import { pair, scenario } from './people.js';

Object.assign(pace, { waitMs: 20, jitterMs: 30, lookMs: 50, retryMs: 50 });

const timed = (name, run) => scenario(name, async () => {
  try {
    await run();
  } finally {
    resetClock();
  }
});

function pass(seconds, ...browsers) {
  moveClock(seconds);
  browsers.forEach(({ engine }) => engine.setVisible(true));
}

function isTimed(browser, id, seconds) {
  return browser.until(() => browser.conversations.get(id)?.disappearAfter === seconds);
}

timed('timeBeginsWhereItIsReadAndAtTheOthersWhenTheyHearOfIt', async () => {
  const { id, alice, phone, bob, tablet } = await four();
  const all = [alice, phone, bob, tablet];
  await bob.engine.setDisappear(id, 60);
  await Promise.all(all.map(one => isTimed(one, id, 60)));
  const message = await bob.engine.sendText(id, 'to all');
  await Promise.all(all.map(one => shows(one, 'to all')));
  // On the browsers of who wrote it from when the server, or they, have it.
  const begins = one => one.until(() => one.messages.get(message).goneAt > 0);
  await Promise.all([bob, tablet].map(begins));
  assertEquals([null, null], [alice, phone].map(one => one.messages.get(message).goneAt));
  await alice.engine.markRead(id, alice.conversations.get(id).lastOrdinal);
  await Promise.all([alice, phone].map(begins));
  await allIdle(...all);
  pass(61, ...all);
  await Promise.all(all.map(one => one.until(() => !one.messages.has(message))));
});

timed('readOfWhatHasDisappearedMayComeLate', async () => {
  const { server, alice, bob, id } = await pair();
  const phone = await signInElsewhere(bob, 'phone');
  await synced(server.users.get(bob.user), [bob, phone]);
  await alice.engine.setDisappear(id, 60);
  await alice.engine.sendText(id, 'secret');
  await Promise.all([bob, phone].map(one => shows(one, 'secret')));
  await phone.engine.markRead(id, phone.conversations.get(id).lastOrdinal);
  phone.engine.close();
  await bob.engine.markRead(id, bob.conversations.get(id).lastOrdinal);
  pass(61, bob);
  await bob.until(() => !bob.texts.includes('secret'));
  const back = await phone.reload();
  await back.until(() => back.status === 'connected');
  await alice.engine.sendText(id, 'after');
  await Promise.all([bob, back].map(one => one.until(() => one.texts.includes('after'))));
});

timed('nothingOfItIsArchivedAndANewBrowserKnowsTheTimer', async () => {
  const { alice, bob, id } = await pair();
  const stays = await alice.engine.sendText(id, 'stays');
  await shows(bob, 'stays');
  await alice.engine.setDisappear(id, 3_600);
  await isTimed(bob, id, 3_600);
  const goes = await alice.engine.sendText(id, 'goes');
  await shows(bob, 'stays', 'goes');
  await alice.engine.edit(goes, 'goes soon');
  await bob.engine.react(goes, '👍');
  await bob.engine.react(stays, '👍');
  await alice.until(() => [stays, goes].every(one => alice.messages.get(one).reactions));
  await alice.until(async () =>
    (await dumpOf(alice)).messages.every(([, { archive }]) => archive !== 0), 'what ever is archived');
  const { messages } = await dumpOf(alice);
  assertEquals([stays, 'reaction', 'timer'].sort(),
    messages.map(([, row]) => row).filter(({ archive }) => archive > 0)
      .map(({ kind, id: row }) => (kind === 'text' ? row : kind)).sort());
  const phone = await signInElsewhere(alice, 'phone');
  await phone.until(() => phone.messages.get(stays)?.reactions);
  await isTimed(phone, id, 3_600);
  assertEquals(['stays'], phone.texts);
  const said = await phone.engine.sendText(id, 'from the phone');
  assertEquals(3_600, phone.messages.get(said).disappearAfter);
});

timed('historyThatIsHandedOverHasNothingOfIt', async () => {
  const { alice, bob, id } = await pair();
  await alice.engine.setArchive(false);
  await alice.engine.sendText(id, 'stays');
  await alice.engine.setDisappear(id, 3_600);
  const goes = await alice.engine.sendText(id, 'goes');
  await shows(bob, 'stays', 'goes');
  await alice.engine.edit(goes, 'goes soon');
  const phone = await signInElsewhere(alice, 'phone');
  await phone.engine.askHistory();
  const asked = ({ type, device }) => type === 'history-asked' && device;
  await alice.until(() => alice.events.some(asked), 'the question');
  await alice.engine.answerHistory(alice.events.findLast(asked).device, true);
  await phone.until(() => phone.events.some(({ type, done, total }) =>
    type === 'history' && done === total && total > 0), 'the history');
  await isTimed(phone, id, 3_600);
  assertEquals(['stays'], phone.texts);
  const { messages } = await dumpOf(phone);
  assertEquals(['text', 'timer'], messages.map(([, { kind }]) => kind).sort());
});
