import { assert, assertEquals, assertThrows } from '../harness.js';
import { UserError } from '/client/user-error.js';
import { dump, pair, scenario, until } from './people.js';

function refuse(server, code, { times = Infinity, type = 'send', ...more } = {}) {
  let left = times;
  server.onRequest = async frame => {
    if (frame.type !== type || left-- <= 0) return undefined;
    return { type: 'error', code, text: code, ...more };
  };
}

scenario('fullInboxLeavesTheMessageWithRetryAndDelete', async () => {
  const { server, alice, bob, id } = await pair();
  refuse(server, 'inbox-full');
  const first = await alice.engine.sendText(id, 'one');
  const second = await alice.engine.sendText(id, 'two');
  await alice.until(() => alice.timeline.filter(m => m.state === 'not-sent').length === 2);
  const { reason, action } = alice.messages.get(first);
  assert(reason.includes(bob.user), reason);
  assertEquals('retry', action);
  server.onRequest = async () => {};
  await alice.engine.deleteUnsent(first);
  assertEquals(['two'], alice.texts);
  await alice.engine.retry(second);
  await bob.until(() => bob.texts.includes('two'));
  await alice.until(() => alice.messages.get(second).state === 'delivered');
  assertEquals(['two'], bob.texts);
});

scenario('onlyRefusedMessagesCanBeRetriedOrDeleted', async () => {
  const { alice, bob, id } = await pair();
  const sent = await alice.engine.sendText(id, 'one');
  await alice.until(() => alice.messages.get(sent).state === 'delivered');
  for (const action of ['retry', 'deleteUnsent']) {
    const error = await assertThrows(() => alice.engine[action](sent), UserError);
    assertEquals('no-such-message', error.code);
  }
});

scenario('busyServerDelaysAndLosesNothing', async () => {
  const { server, alice, bob, id } = await pair();
  refuse(server, 'rate-limited', { times: 3, retryAfter: 5 });
  for (const text of ['one', 'two', 'three']) await alice.engine.sendText(id, text);
  await bob.until(() => bob.texts.length === 3);
  assertEquals(['one', 'two', 'three'], bob.texts);
});

scenario('refusedNumberIsUsedAgain', async () => {
  const { server, alice, bob, id } = await pair();
  await alice.engine.sendText(id, 'one');
  await alice.until(() => alice.timeline[0].state === 'delivered');
  server.users.get(bob.user).sends.clear();
  await alice.engine.sendText(id, 'two');
  await bob.until(() => bob.texts.includes('two'));
  assertEquals([1, 2, 1], server.frames('send', alice.user).map(({ n }) => n));
});

scenario('answerLostAfterTheServerStoredIsNoDuplicate', async () => {
  const { server, alice, bob, id } = await pair();
  const handle = server._send;
  server._send = async function (...args) {
    await handle.apply(server, args);
    server._send = handle;
    server.users.get(alice.user).connection.socket.close(1006);
    return null;
  };
  await alice.engine.sendText(id, 'once');
  await alice.until(() => alice.timeline[0].state === 'delivered');
  await until(() => server.frames('send', alice.user).length === 2);
  await until(async () => (await dump(alice.user)).outbox.length === 0);
  assertEquals(1, server.users.get(bob.user).entries.length);
  assertEquals(['once'], bob.texts);
});

scenario('atMost32AreUnderWayAndOrderHolds', async () => {
  const { server, alice, bob, id } = await pair();
  server.down();
  const expected = Array.from({ length: 70 }, (_, i) => `${i}`);
  for (const text of expected) await alice.engine.sendText(id, text);
  let [unanswered, most] = [0, 0];
  const handle = server._send;
  server.onRequest = async ({ type }) => {
    if (type === 'send') most = Math.max(most, ++unanswered);
    await new Promise(resolve => setTimeout(resolve, 2));
  };
  server._send = async (...args) => {
    unanswered--;
    return handle.apply(server, args);
  };
  server.up();
  await bob.until(() => bob.texts.length === 70);
  assertEquals(expected, bob.texts);
  assert(most <= 32, `${most} at once`);
});

scenario('unknownUserParksWhatWasWritten', async () => {
  const { server, alice, bob, id } = await pair();
  refuse(server, 'unknown-user', { type: 'keys' });
  await alice.engine.sendText(id, 'hello?');
  await alice.until(() => alice.timeline[0].state === 'not-sent');
  assert(alice.timeline[0].reason.includes(bob.user));
});

scenario('oneReceiptAnswersABatchAndNoReceiptIsAnswered', async () => {
  const { server, alice, bob, id } = await pair();
  // Nothing is answered before all is there, however slowly it is opened.
  await bob.engine.setOpenToAll(false);
  bob.engine.close();
  for (let i = 0; i < 30; i++) await alice.engine.sendText(id, `${i}`);
  await alice.until(() => alice.timeline.every(({ state }) => state === 'sent'));
  const back = await bob.reload();
  await back.until(() => back.texts.length === 30);
  assertEquals(0, server.frames('send', back.user).length);
  await back.engine.accept([...back.conversations.keys()][0]);
  await alice.until(() => alice.timeline.every(({ state }) => state === 'delivered'));
  await until(async () => (await dump(back.user)).outbox.length === 0);
  assertEquals(2, server.frames('send', back.user).length, 'confirm and receipt');
  assertEquals(30, server.frames('send', alice.user).length);
});

scenario('textsThatCannotBeSentAreRefusedAtOnce', async () => {
  const { alice, bob, id } = await pair();
  const codes = { '': 'text-empty', ['ä'.repeat(32769)]: 'text-too-long' };
  for (const [text, code] of Object.entries(codes)) {
    assertEquals(code, (await assertThrows(() => alice.engine.sendText(id, text), UserError)).code);
  }
  await alice.engine.sendText(id, 'ä'.repeat(32768));
  await alice.engine.sendText(id, 'half \ud83d of a pair');
  await assertThrows(() => alice.engine.sendText(id, '\u0001\u0000'), UserError);
  await alice.engine.sendText(id, 'tab\tline\nbell\u0007');
  await bob.until(() => bob.texts.length === 3);
  assertEquals('tab\tline\nbell', bob.texts[2]);
  assertEquals('half \ufffd of a pair', bob.texts[1]);
  await assertThrows(() => alice.engine.sendText('a+b', 'x'), UserError);
});

scenario('nothingReadableLiesInTheDatabase', async () => {
  const { server, alice, bob, id } = await pair();
  const secrets = ['plaintext-marker-1', 'plaintext-marker-2', 'draft-marker-3', 'edit-marker-4',
    'emoji-marker-5'];
  const text = await alice.engine.sendText(id, secrets[0]);
  await bob.until(() => bob.texts.length === 1);
  await bob.engine.react(text, secrets[4]);
  await alice.until(() => alice.messages.get(text).reactions);
  await alice.engine.edit(text, secrets[3]);
  await bob.until(() => bob.texts.includes(secrets[3]));
  server.down();
  await alice.engine.sendText(id, secrets[1]);
  await alice.engine.saveDraft(id, secrets[2]);
  await bob.engine.saveDraft(id, secrets[2]);
  for (const person of [alice, bob]) {
    const found = JSON.stringify(await dump(person.user), (_, value) =>
      (value instanceof Uint8Array ? String.fromCharCode(...value) : value));
    for (const secret of [...secrets, server.users.get(person.user).token]) {
      assert(!found.includes(secret), secret);
    }
    for (const [, row] of (await dump(person.user)).sessions) {
      assertEquals(['device', 'keys', 'sealed', 'stale', 'user', 'version'],
        Object.keys(row).sort());
      assert(row.keys.every(key => !key.extractable));
    }
  }
  assertEquals(secrets[2], alice.conversations.get(id).draft);
});
