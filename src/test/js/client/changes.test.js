/** Answers, reactions, edits and deletes between two people (docs/protocol.md §7.4, §7.7). */
import { UserError } from '/client/user-error.js';
import { fromBase64url } from '/crypto/bytes.js';
import { AccountStore } from '/store/account-store.js';
import { changePlace } from '/store/changes.js';
import { messagePlace, rowId } from '/store/conversations.js';
import { addOutgoing } from '/store/outbox.js';
import { assert, assertEquals, assertThrows } from '../harness.js';
import { isIdle } from './browsers.js';
import { copyOf, restoreFrom } from './in-page-copy.js';
import { changesIn, loaded, lookOf, looks } from './looks.js';
import { dump, pair, restore, scenario, until } from './people.js';

/** Two people, and a text of the first that the other has. */
async function talking() {
  const { server, alice, bob, id: conversation } = await pair();
  const text = await alice.engine.sendText(conversation, 'hello');
  await alice.until(() => alice.messages.get(text).state === 'delivered');
  return { server, alice, bob, conversation, text };
}

/** Sends a change as a browser that means harm would. @param {object} fields of its row */
async function forge(person, to, conversation, { secret, ...fields }) {
  const store = await AccountStore.open(person.user);
  const row = {
    conversation, id: rowId(person.user, crypto.getRandomValues(new Uint8Array(16))), mine: true,
    from: person.user, sentAt: Date.now(), state: 'pending', to, ...fields,
  };
  row.ordinal = `${changePlace(row)} forged`;
  if (secret) row.sealed = await store.sealing.seal(messagePlace(row), secret);
  await store.write(['messages', 'outbox'], stores => {
    stores.messages.put(row);
    addOutgoing(stores, { to, type: 'text', message: row.id });
  });
  store.close();
}

scenario('whatIsChangedLooksTheSameToBothAndAfterAReload', async () => {
  const { alice, bob, conversation, text } = await talking();
  const answer = await bob.engine.sendText(conversation, 'hello yourself', { replyTo: text });
  await alice.until(() => alice.messages.get(answer)?.replyTo);
  assertEquals({ id: text, from: alice.user, text: 'hello', kind: 'text' },
    alice.messages.get(answer).replyTo);
  await bob.engine.react(text, '👍');
  await looks(alice, text, 'text', 'hello', false, '👍1');
  assertEquals([{ emoji: '👍', users: [bob.user], mine: false }],
    alice.messages.get(text).reactions);
  await alice.engine.react(text, '👍');
  await bob.until(() => bob.messages.get(text).reactions[0].users.length === 2);
  assertEquals([{ emoji: '👍', users: [bob.user, alice.user], mine: true }],
    bob.messages.get(text).reactions);
  await bob.engine.react(text, '🎉');
  await looks(alice, text, 'text', 'hello', false, '👍1,🎉1');
  await alice.engine.edit(text, 'hello, all');
  await looks(bob, text, 'text', 'hello, all', true, '👍1,🎉1');
  await bob.until(() => bob.messages.get(answer).replyTo.text === 'hello, all');
  for (const person of [alice, bob]) {
    assertEquals(person.messages.get(text), await loaded(person, conversation, text));
  }
  const { unread, lastText, lastKind } = alice.conversations.get(conversation);
  assertEquals([1, 'hello yourself', 'text'], [unread, lastText, lastKind]);
  await bob.engine.react(text, null);
  await looks(alice, text, 'text', 'hello, all', true, '👍1');
  await alice.engine.edit(text, 'hello for the third time');
  await looks(bob, text, 'text', 'hello for the third time', true, '👍1');
  assertEquals(['text', 'text'], bob.timeline.map(({ kind }) => kind));
  assertEquals([text], (await bob.engine.search('third time')).map(({ id }) => id));
  assertEquals([], await bob.engine.search('hello, all'));
});

scenario('deletedMessageIsErasedOnBothSides', async () => {
  const { server, alice, bob, conversation, text } = await talking();
  await bob.engine.react(text, '👍');
  const answer = await bob.engine.sendText(conversation, 'what?', { replyTo: text });
  await alice.engine.edit(text, 'better');
  await looks(bob, text, 'text', 'better', true, '👍1');
  await alice.until(() => alice.messages.get(answer));
  await alice.engine.deleteForAll(text);
  assertEquals(['deleted', '', false, ''], lookOf(alice, text));
  await looks(bob, text, 'deleted', '', false, '');
  await bob.until(() => bob.messages.get(answer).replyTo.kind === 'deleted');
  assertEquals('', bob.messages.get(answer).replyTo.text);
  for (const person of [alice, bob]) {
    await until(() => isIdle(person));
    const rows = (await dump(person.user)).messages.map(([, row]) => row);
    assertEquals(['delete', 'deleted', 'text'], rows.map(({ kind }) => kind).sort());
    assertEquals([answer], rows.filter(({ sealed }) => sealed).map(({ id }) => id));
  }
  const before = server.frames('send').length;
  for (const run of [() => alice.engine.edit(text, 'x'), () => bob.engine.react(text, '👍'),
    () => alice.engine.deleteForAll(text)]) {
    assertEquals('message-deleted', (await assertThrows(run, UserError)).code);
  }
  assertEquals(before, server.frames('send').length);
});

scenario('deleteOfWhatNobodyHasSeenIsNotCounted', async () => {
  const { alice, bob, conversation, text } = await talking();
  const last = await alice.engine.sendText(conversation, 'a mistake');
  await bob.until(() => bob.conversations.get(conversation)?.unread === 2);
  await alice.engine.deleteForAll(last);
  await bob.until(() => bob.conversations.get(conversation).unread === 1);
  const { lastText, lastKind, lastOrdinal } = bob.conversations.get(conversation);
  assertEquals(['', 'deleted', bob.messages.get(last).ordinal], [lastText, lastKind, lastOrdinal]);
  await alice.engine.deleteForAll(text);
  await bob.until(() => bob.conversations.get(conversation).unread === 0);
  assertEquals(undefined, bob.conversations.get(conversation).firstUnreadOrdinal);
});

scenario('whatDidNotLeaveYetIsJustGone', async () => {
  const { server, alice, bob, id: conversation } = await pair();
  // Without keys of the other nothing is encrypted yet.
  server.down();
  const unsent = await alice.engine.sendText(conversation, 'never mind');
  await alice.engine.react(unsent, '🙈');
  await alice.engine.deleteForAll(unsent);
  assertEquals(undefined, alice.messages.get(unsent));
  const text = await alice.engine.sendText(conversation, 'hello');
  await alice.engine.react(text, '👍');
  await alice.engine.react(text, '🎉');
  await alice.engine.react(text, null);
  const rows = await dump(alice.user);
  assertEquals([2, 2], [rows.outbox.length, rows.messages.length], 'the last one is enough');
  server.up();
  await until(async () => (await changesIn(bob)).length === 1, 'the reaction');
  assertEquals(['hello'], bob.texts);
  assertEquals(['text', 'hello', false, ''], lookOf(bob, text));
  assertEquals([['reaction', 3]], (await changesIn(bob)).map(({ kind, nr }) => [kind, nr]));
});

scenario('whatIsUnderWayGoesAndTheDeleteFollows', async () => {
  const { server, alice, bob, conversation } = await talking();
  let held = 0;
  server.onRequest = async ({ type }) => {
    if (type !== 'send') return undefined;
    held++;
    return { type: 'error', code: 'busy', text: '', retryAfter: 20 };
  };
  const text = await alice.engine.sendText(conversation, 'too fast');
  await until(() => held > 0, 'that it has left');
  await alice.engine.deleteForAll(text);
  assertEquals('deleted', alice.messages.get(text).kind);
  server.onRequest = async () => undefined;
  await looks(bob, text, 'deleted', '', false, '');
  await until(() => isIdle(alice));
  assertEquals(0, bob.timeline.filter(({ kind }) => kind === 'notice').length, 'no gap');
});

scenario('nobodyChangesWhatAnotherWrote', async () => {
  const { alice, bob, conversation, text } = await talking();
  const own = await bob.engine.sendText(conversation, 'mine');
  await alice.until(() => alice.messages.get(own));
  for (const run of [() => bob.engine.edit(text, 'x'), () => bob.engine.deleteForAll(text)]) {
    assertEquals('not-yours', (await assertThrows(run, UserError)).code);
  }
  await forge(bob, alice.user, conversation, { kind: 'edit', target: text, nr: 9, secret: 'forged' });
  await forge(bob, alice.user, conversation, { kind: 'delete', target: text });
  await forge(bob, alice.user, conversation,
    { kind: 'reaction', target: text, nr: 9, secret: 'two words' });
  await bob.engine.edit(own, 'still mine');
  await looks(alice, own, 'text', 'still mine', true, '');
  assertEquals(['text', 'hello', false, ''], lookOf(alice, text));
  assertEquals(['text', 'hello', false, ''],
    (({ kind, text: said, edited = false }) => [kind, said, edited, ''])(
      await loaded(alice, conversation, text)));
  // What is malformed is shown as such, and all else goes on.
  assertEquals(1, alice.timeline.filter(({ kind }) => kind === 'undecryptable').length);
});

scenario('wrongReactionsAndAnswersAreRefusedAtOnce', async () => {
  const { alice, conversation, text } = await talking();
  const codes = [
    ['emoji-invalid', () => alice.engine.react(text, '')],
    ['emoji-invalid', () => alice.engine.react(text, 'a b')],
    ['emoji-invalid', () => alice.engine.react(text, 'x'.repeat(33))],
    ['no-such-message', () => alice.engine.react('alice/none', '👍')],
    ['no-such-message', () => alice.engine.edit(`${alice.user}/none`, 'x')],
    ['text-empty', () => alice.engine.edit(text, '')],
    ['no-such-message', () => alice.engine.sendText(conversation, 'x', { replyTo: 'bob/none' })],
  ];
  for (const [code, run] of codes) {
    const error = await assertThrows(run, UserError);
    assertEquals(code, error.code);
    assert(/^[A-Z].*\.$/.test(error.text), error.text);
  }
  await alice.engine.react(text, null);
  assertEquals([], await changesIn(alice), 'nothing was there to take back');
});

scenario('editThatIsRefusedIsSaidAndCanBeSentAgainOrGivenUp', async () => {
  const { server, alice, bob, conversation, text } = await talking();
  const refuse = () => {
    server.onRequest = async ({ type }) =>
      (type === 'send' ? { type: 'error', code: 'inbox-full', text: '' } : undefined);
  };
  refuse();
  await alice.engine.edit(text, 'waits');
  await alice.until(() => alice.messages.get(text).state === 'not-sent');
  const { action, reason } = alice.messages.get(text);
  assertEquals(['retry', true], [action, reason.includes(bob.user)]);
  server.onRequest = async () => undefined;
  await alice.engine.retry(text);
  await looks(bob, text, 'text', 'waits', true, '');
  await alice.until(() => alice.messages.get(text).state === 'delivered');
  refuse();
  await alice.engine.edit(text, 'never arrives');
  await alice.until(() => alice.messages.get(text).state === 'not-sent');
  await alice.engine.deleteUnsent(text);
  await looks(alice, text, 'text', 'hello', false, '');
  await alice.engine.react(text, '👍');
  await looks(alice, text, 'text', 'hello', false, '');
  // One that nobody has can be written anew.
  const unsent = await alice.engine.sendText(conversation, 'frist');
  await alice.until(() => alice.messages.get(unsent).state === 'not-sent');
  await alice.engine.edit(unsent, 'first');
  assertEquals(['text', 'first', false, ''], lookOf(alice, unsent));
  server.onRequest = async () => undefined;
  await alice.engine.retry(unsent);
  await looks(bob, unsent, 'text', 'first', false, '');
  await until(() => isIdle(alice));
});

scenario('changeThatCouldNotBeOpenedIsRepairedIntoItsPlace', async () => {
  const { alice, bob, conversation, text } = await talking();
  bob.engine.close();
  await restore(bob.user, { sessions: [] });
  await alice.engine.edit(text, 'lost at first');
  const back = await bob.reload();
  await back.until(() => back.timeline.some(({ kind }) => kind === 'undecryptable'));
  const [lost] = back.timeline.filter(({ kind }) => kind === 'undecryptable');
  await back.engine.repair(conversation, lost.id);
  await looks(back, text, 'text', 'lost at first', true, '');
  assertEquals(undefined, back.messages.get(lost.id));
  const page = await back.engine.loadMessages(conversation, { limit: 9 });
  assertEquals([text], page.map(({ id }) => id));
  await back.until(() => back.conversations.get(conversation).unread === 1);
});

scenario('changesThatCouldNotBeOpenedAndAreVoidLeaveNoTrace', async () => {
  const { alice, bob, conversation, text } = await talking();
  bob.engine.close();
  await restore(bob.user, { sessions: [] });
  await alice.engine.react(text, '👍');
  await until(() => isIdle(alice));
  await alice.engine.react(text, '🎉');
  await until(() => isIdle(alice));
  const back = await bob.reload();
  await back.until(() => back.timeline.filter(({ kind }) => kind === 'undecryptable').length === 2);
  const [lost] = back.timeline.filter(({ kind }) => kind === 'undecryptable');
  await back.engine.repair(conversation, lost.id);
  await looks(back, text, 'text', 'hello', false, '🎉1');
  await back.until(() => back.timeline.every(({ kind }) => kind !== 'undecryptable'), 'none left');
  assertEquals(1, (await back.engine.loadMessages(conversation, { limit: 9 })).length);
  await back.until(() => back.conversations.get(conversation).unread === 1);
  await until(async () => (await changesIn(alice)).length === 1, 'what is void to be forgotten');
});

scenario('restoredServerIsToldOfChangesAgain', async () => {
  const { server, alice, bob, conversation, text } = await talking();
  const copy = copyOf(server);
  await bob.engine.react(text, '👍');
  await looks(alice, text, 'text', 'hello', false, '👍1');
  alice.engine.close();
  await bob.engine.react(text, '🎉');
  await until(() => isIdle(bob));
  await restoreFrom(server, copy);
  const back = await alice.reload();
  await back.engine.loadMessages(conversation, { limit: 9 });
  await looks(back, text, 'text', 'hello', false, '🎉1');
  assertEquals(['reaction'], (await changesIn(back)).map(({ kind }) => kind));
});

scenario('crashWhileAChangeIsTakenLosesNothing', async () => {
  const { alice, bob, text } = await talking();
  const original = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (names, ...rest) {
    if (names.includes('openings') && this.name.endsWith(bob.user)) throw new Error('crash');
    return original.call(this, names, ...rest);
  };
  await alice.engine.edit(text, 'survives');
  await bob.until(() => bob.alarms.length > 0);
  IDBDatabase.prototype.transaction = original;
  const back = await bob.reload();
  await looks(back, text, 'text', 'survives', true, '');
  assertEquals(16, fromBase64url((await changesIn(back))[0].id.split('/')[1]).length);
});
