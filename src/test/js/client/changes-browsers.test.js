/** Changes of messages among several browsers, and what a new one gets of them (§7.5, §14.2). */
import { pace } from '/client/archive.js';
import { assert, assertEquals } from '../harness.js';
import { addBrowser, allIdle, dumpOf, four, noticesOf, shows } from './browsers.js';
import { changesIn, lookOf, looks } from './looks.js';
import { signInElsewhere } from './own-devices.js';
import { pair, scenario, until } from './people.js';

Object.assign(pace, { waitMs: 20, jitterMs: 30, lookMs: 50, retryMs: 50 });

/** Everything that was said and changed is in the archive. */
function archived(person) {
  return person.until(async () => {
    const { messages } = await dumpOf(person);
    const isSaid = ({ kind }) => ['text', 'reaction', 'edit', 'delete'].includes(kind);
    return messages.every(([, row]) => !isSaid(row) || row.archive > 0);
  }, 'all is archived');
}

scenario('allBrowsersOfBothShowTheSame', async () => {
  const { id, alice, phone, bob, tablet } = await four();
  const all = [alice, phone, bob, tablet];
  const text = await alice.engine.sendText(id, 'to all');
  await Promise.all(all.map(one => shows(one, 'to all')));
  await phone.engine.react(text, '👍');
  await tablet.engine.react(text, '👍');
  await Promise.all(all.map(one => looks(one, text, 'text', 'to all', false, '👍2')));
  assertEquals([true, true],
    [alice, bob].map(one => one.messages.get(text).reactions[0].mine));
  await phone.engine.edit(text, 'to all of you');
  await Promise.all(all.map(one => looks(one, text, 'text', 'to all of you', true, '👍2')));
  await alice.engine.edit(text, 'to everybody');
  await Promise.all(all.map(one => looks(one, text, 'text', 'to everybody', true, '👍2')));
  await phone.engine.deleteForAll(text);
  await Promise.all(all.map(one => looks(one, text, 'deleted', '', false, '')));
  await allIdle(...all);
  for (const one of all) {
    assertEquals(['delete'], (await changesIn(one)).map(({ kind }) => kind));
    assertEquals([], one.timeline.filter(({ kind }) => kind === 'undecryptable'));
  }
  assertEquals('delivered', (await changesIn(phone))[0].state);
});

scenario('twoBrowsersThatKnewNothingOfEachOtherComeToOneReaction', async () => {
  const { server, id, alice, phone, bob, tablet } = await four();
  const all = [alice, phone, bob, tablet];
  const text = await alice.engine.sendText(id, 'to all');
  await Promise.all(all.map(one => shows(one, 'to all')));
  server.down();
  await alice.engine.react(text, '👍');
  await phone.engine.react(text, '🎉');
  await alice.engine.edit(text, 'by the one');
  await phone.engine.edit(text, 'by the other');
  const [[one], [other]] = await Promise.all([alice, phone].map(async browser =>
    (await changesIn(browser)).filter(({ kind }) => kind === 'reaction')));
  assertEquals([1, 1], [one.nr, other.nr]);
  server.up();
  await alice.until(async () => (await Promise.all(all.map(changesIn)))
    .every(rows => rows.length === 2
      && new Set(rows.map(({ nr }) => nr)).size === 1), 'what counts');
  await allIdle(...all);
  const ids = await Promise.all(all.map(async browser =>
    JSON.stringify((await changesIn(browser)).map(row => row.id).sort())));
  assertEquals(1, new Set(ids).size);
  const shown = all.map(browser => JSON.stringify(lookOf(browser, text)));
  assertEquals(1, new Set(shown).size, shown.join());
});

scenario('changeThatWaitsGoesToABrowserThatComesMeanwhile', async () => {
  const { server, alice, bob, id } = await pair();
  const text = await alice.engine.sendText(id, 'hello');
  await alice.until(() => alice.messages.get(text).state === 'delivered');
  const phone = await addBrowser(server, alice, 'phone');
  await phone.engine.startConversation(bob.user);
  await bob.engine.react(text, '👍');
  await looks(alice, text, 'text', 'hello', false, '👍1');
  await alice.engine.deleteForAll(text);
  // It has never seen the message: what it hears of it waits, and shows nothing.
  await phone.until(async () => (await changesIn(phone)).some(({ kind }) => kind === 'delete'),
    'the delete');
  assertEquals([['delete', true]],
    (await changesIn(phone)).map(({ kind, waits }) => [kind, Boolean(waits)]));
  assertEquals([[], 0], [phone.texts, phone.conversations.get(id).unread]);
  await looks(bob, text, 'deleted', '', false, '');
});

scenario('whatIsDeletedUnderWayLeavesNoGapAndNothingForABrowserThatIsNew', async () => {
  const { server, alice, bob, id } = await pair();
  await alice.engine.sendText(id, 'hello');
  await alice.until(() => alice.timeline[0]?.state === 'delivered');
  let held = 0;
  server.onRequest = async ({ type }) => {
    if (type !== 'send') return undefined;
    held++;
    return { type: 'error', code: 'busy', text: '', retryAfter: 20 };
  };
  const text = await alice.engine.sendText(id, 'for the old one');
  await until(() => held > 0, 'that it has left');
  const tablet = await addBrowser(server, bob, 'tablet');
  await alice.engine.deleteForAll(text);
  server.onRequest = async () => undefined;
  await alice.engine.sendText(id, 'for both');
  await Promise.all([bob, tablet].map(one => shows(one, 'for both')));
  await looks(bob, text, 'deleted', '', false, '');
  await allIdle(alice, bob, tablet);
  assertEquals([], noticesOf(bob).filter(line => line.includes('not arrived')));
  assertEquals(['for both'], tablet.texts);
});

scenario('newBrowserHasTheNewestTextsAndNoneThatWereDeleted', async () => {
  const { alice, bob, id } = await pair();
  const [one, two, three] = [await alice.engine.sendText(id, 'one'),
    await alice.engine.sendText(id, 'two'), await alice.engine.sendText(id, 'three')];
  await shows(bob, 'one', 'two', 'three');
  const answer = await bob.engine.sendText(id, 'indeed', { replyTo: two });
  await archived(alice);
  await bob.engine.react(one, '👍');
  await bob.engine.react(one, '🎉');
  await alice.engine.edit(two, 'second');
  await alice.engine.deleteForAll(three);
  await looks(bob, three, 'deleted', '', false, '');
  await looks(alice, one, 'text', 'one', false, '🎉1');
  await archived(alice);
  const phone = await signInElsewhere(alice, 'phone');
  await looks(phone, one, 'text', 'one', false, '🎉1');
  await looks(phone, two, 'text', 'second', true, '');
  await looks(phone, three, 'deleted', '', false, '');
  assertEquals({ id: two, from: alice.user, text: 'second', kind: 'text' },
    phone.messages.get(answer).replyTo);
  const { messages } = await dumpOf(phone);
  assertEquals([], messages.filter(([, { id: row, sealed }]) => row === three && sealed));
  assertEquals([two], (await phone.engine.search('second')).map(found => found.id));
  assertEquals([], await phone.engine.search('two'));
  await phone.engine.edit(two, 'for the third time');
  await looks(bob, two, 'text', 'for the third time', true, '');
  assertEquals(2, (await changesIn(bob)).find(({ kind }) => kind === 'edit').nr);
});

scenario('historyThatIsHandedOverHasChanges', async () => {
  const { alice, bob, id } = await pair();
  await alice.engine.setArchive(false);
  const [kept, gone] = [await alice.engine.sendText(id, 'kept'),
    await alice.engine.sendText(id, 'gone')];
  await shows(bob, 'kept', 'gone');
  await alice.engine.edit(kept, 'kept, and edited');
  await bob.engine.react(kept, '👍');
  await alice.engine.deleteForAll(gone);
  await looks(alice, kept, 'text', 'kept, and edited', true, '👍1');
  const phone = await signInElsewhere(alice, 'phone');
  await phone.engine.askHistory();
  const asked = ({ type, device }) => type === 'history-asked' && device;
  await alice.until(() => alice.events.some(asked), 'the question');
  await alice.engine.answerHistory(alice.events.findLast(asked).device, true);
  await looks(phone, kept, 'text', 'kept, and edited', true, '👍1');
  await phone.until(async () => (await changesIn(phone)).length === 3, 'all changes');
  assertEquals(undefined, phone.messages.get(gone), 'a deleted message has no record');
  assert(phone.events.some(({ type, done, total }) => type === 'history' && done === total));
});
