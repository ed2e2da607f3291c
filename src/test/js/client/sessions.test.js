import { parseCiphertext } from '/crypto/session-message.js';
import { fromBase64url } from '/crypto/bytes.js';
import { entryHash } from '/crypto/entry-chain.js';
import { assert, assertEquals } from '../harness.js';
import { dump, pair, restore, scenario, until } from './people.js';

/** What a user's device sent, taken apart: {frame, ciphertext} of each send. */
function sends(server, person) {
  return server.frames('send', person.user).map(frame =>
    ({ frame, ciphertext: parseCiphertext(fromBase64url(frame.copies[0].ciphertext)) }));
}

/** Puts one more entry into an inbox, as a malicious server can. */
async function inject(server, user, entry) {
  const inbox = server.users.get(user.user);
  const sequenceNr = inbox.entries.length + 1;
  const injected = { ...entry, sequenceNr, time: entry.time + sequenceNr };
  injected.hash = await entryHash(inbox.hashes.at(-1), injected);
  inbox.entries.push(injected);
  inbox.hashes.push(injected.hash);
  server.push(inbox);
}

scenario('confirmationLostNextMessageConfirms', async () => {
  const { server, alice, bob, id } = await pair();
  // The body of bob's confirmation and of his receipt expire before alice can fetch them.
  server.onPush = entry => {
    if (entry.owner !== alice.user || entry.sequenceNr > 2) return entry;
    const { ciphertext, ...expired } = entry;
    return expired;
  };
  await alice.engine.sendText(id, 'one');
  await bob.until(() => bob.texts.includes('one'));
  await until(() => server.users.get(alice.user).cursor === 2);
  await alice.engine.sendText(id, 'two');
  await until(() => sends(server, alice).length === 2);
  assert(sends(server, alice)[1].ciphertext.opening, 'not confirmed yet');
  await bob.until(() => bob.texts.includes('two'));
  await alice.until(() => alice.timeline.some(m => m.text === 'two' && m.state === 'delivered'));
  await alice.engine.sendText(id, 'three');
  await bob.until(() => bob.texts.includes('three'));
  assertEquals(null, sends(server, alice)[2].ciphertext.opening);
});

scenario('firstMessageOnAnAcceptedSessionIsItsConfirmation', async () => {
  const { server, alice, bob, id } = await pair();
  await bob.engine.startConversation(alice.user);
  server.users.get(bob.user).connection.socket.close(1006);
  await alice.engine.sendText(id, 'hello');
  await until(() => server.users.get(bob.user).entries.length === 1);
  await bob.until(() => bob.texts.length === 1);
  await alice.until(() => alice.timeline[0].state === 'delivered');
  assertEquals([0, 1], sends(server, bob).map(({ ciphertext }) => ciphertext.n));
  const [confirm, receipt] = server.users.get(alice.user).entries;
  assert(confirm.ciphertext.length < 600 && receipt.ciphertext.length < 600);
});

scenario('openingReplayedShowsNothingTwice', async () => {
  const { server, alice, bob, id } = await pair();
  await alice.engine.sendText(id, 'only once');
  await alice.until(() => alice.timeline[0]?.state === 'delivered');
  const inbox = server.users.get(bob.user);
  const [opening] = inbox.entries;
  await inject(server, bob, opening);
  await until(() => inbox.cursor === inbox.entries.length);
  assertEquals(['only once'], bob.texts);
  const back = await bob.reload();
  await inject(server, bob, opening);
  await until(() => inbox.cursor === inbox.entries.length);
  assertEquals(1, (await back.engine.loadMessages(id, { limit: 9 })).length);
});

scenario('retrySendsTheStoredBytes', async () => {
  const { server, alice, bob, id } = await pair();
  let refusals = 2;
  server.onRequest = async ({ type }) => {
    const outcome = { type: 'error', code: 'unknown-outcome', text: '', retryAfter: 1 };
    return type === 'send' && refusals-- > 0 ? outcome : undefined;
  };
  await alice.engine.sendText(id, 'same bytes');
  await bob.until(() => bob.texts.includes('same bytes'));
  const [first, second, third] = server.frames('send', alice.user);
  assertEquals(first.copies, second.copies);
  assertEquals([1, 1, 1], [first.n, second.n, third.n]);
});

scenario('retryAfterEditUsesNewKey', async () => {
  const { server, alice, bob, id } = await pair();
  server.onRequest = async ({ type }) =>
    (type === 'send' ? { type: 'error', code: 'inbox-full', text: '' } : undefined);
  const message = await alice.engine.sendText(id, 'encrypted anew');
  await alice.until(() => alice.messages.get(message).state === 'not-sent');
  server.onRequest = async () => undefined;
  await alice.engine.retry(message);
  await bob.until(() => bob.texts.includes('encrypted anew'));
  const [first, second] = sends(server, alice);
  assertEquals([0, 1], [first.ciphertext.n, second.ciphertext.n]);
  assertEquals(first.frame.messageId, second.frame.messageId);
  assertEquals([1, 1], [first.frame.n, second.frame.n]);
});

scenario('crashBetweenDecryptAndStoreLosesNothing', async () => {
  const { server, alice, bob, id } = await pair();
  const original = IDBDatabase.prototype.transaction;
  let crashes = 0;
  IDBDatabase.prototype.transaction = function (names, ...rest) {
    const isReception = names.includes('openings') && names.includes('messages');
    if (isReception && this.name.endsWith(bob.user)) {
      crashes++;
      throw new Error('crash');
    }
    return original.call(this, names, ...rest);
  };
  await alice.engine.sendText(id, 'survives');
  await bob.until(() => bob.alarms.length > 0);
  IDBDatabase.prototype.transaction = original;
  assertEquals(1, crashes);
  assertEquals([0, []], [server.users.get(bob.user).cursor, bob.texts]);
  const back = await bob.reload();
  await back.until(() => back.texts.includes('survives'));
  await alice.until(() => alice.timeline[0].state === 'delivered');
});

scenario('lostSessionIsShownAndRepairBringsTheMessageBack', async () => {
  const { alice, bob, id } = await pair();
  await alice.engine.sendText(id, 'one');
  await alice.until(() => alice.timeline[0]?.state === 'delivered');
  const dumped = await dump(bob.user);
  bob.engine.close();
  await restore(bob.user, { sessions: [] });
  assert(dumped.sessions.length === 1);
  await alice.engine.sendText(id, 'two');
  const back = await bob.reload();
  await back.until(() => back.timeline.some(({ kind }) => kind === 'undecryptable'));
  const [lost] = back.timeline.filter(({ kind }) => kind === 'undecryptable');
  assertEquals(['repair', false], [lost.action, lost.mine]);
  assertEquals([], await back.engine.search('two'));
  await back.engine.repair(id, lost.id);
  await back.until(() => back.messages.get(lost.id).text === 'two');
  assertEquals(lost.ordinal, back.messages.get(lost.id).ordinal);
  await alice.until(() => alice.timeline.every(({ state }) => state === 'delivered'));
  await back.engine.sendText(id, 'three');
  await alice.until(() => alice.texts.includes('three'));
  const history = await back.engine.loadMessages(id, { limit: 9 });
  assertEquals(['one', 'two', 'three'], history.map(({ text }) => text));
  assertEquals([lost.id], (await back.engine.search('TWO')).map(found => found.id));
});

scenario('restoredProfileGoesOnUnderNewKeysAndLosesNothing', async () => {
  const { server, alice, bob, id } = await pair();
  await alice.engine.sendText(id, 'before');
  await alice.until(() => alice.timeline[0]?.state === 'delivered');
  alice.engine.close();
  const old = await dump(alice.user);
  let back = await alice.reload();
  await back.engine.sendText(id, 'lost here');
  await bob.until(() => bob.texts.includes('lost here'));
  await bob.engine.sendText(id, 'answer');
  await back.until(() => back.texts.includes('answer'));
  await until(() => server.users.get(alice.user).cursor === 4);
  back.engine.close();
  await restore(alice.user, old);
  back = await alice.reload();
  await back.until(() => back.alarms.length === 1);
  await back.engine.sendText(id, 'after');
  await bob.until(() => bob.texts.includes('after'));
  assertEquals(['before', 'lost here', 'answer', 'after'], bob.texts);
  await bob.engine.sendText(id, 'it works');
  await back.until(() => back.texts.includes('it works'));
});

scenario('openerRepairsRightAfterFirstContact', async () => {
  const { alice, bob, id } = await pair();
  await alice.engine.sendText(id, 'one');
  await alice.until(() => alice.timeline[0]?.state === 'delivered');
  alice.engine.close();
  await restore(alice.user, { sessions: [] });
  await bob.engine.sendText(id, 'two');
  const back = await alice.reload();
  await back.until(() => back.timeline.some(({ kind }) => kind === 'undecryptable'));
  const [lost] = back.timeline.filter(({ kind }) => kind === 'undecryptable');
  await back.engine.repair(id, lost.id);
  await back.until(() => back.messages.get(lost.id).text === 'two');
  await back.engine.sendText(id, 'three');
  await bob.until(() => bob.texts.includes('three'));
  await bob.until(() => bob.timeline.filter(m => m.mine).every(m => m.state === 'delivered'));
});
