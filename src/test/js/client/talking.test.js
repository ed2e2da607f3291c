import { assert, assertEquals } from '../harness.js';
import { pair, scenario } from './people.js';

scenario('twoPeopleTalkAndSeeDelivered', async () => {
  const { alice, bob, id } = await pair();
  await alice.engine.sendText(id, 'hello bob');
  await bob.until(() => bob.texts.includes('hello bob'));
  await alice.until(() => alice.timeline[0]?.state === 'delivered');
  await bob.engine.sendText(id, 'hello alice');
  await alice.until(() => alice.texts.includes('hello alice'));
  await bob.until(() => bob.timeline[1]?.state === 'delivered');
  assertEquals(1, bob.conversations.get(id).unread);
  assert(alice.alarms.length + bob.alarms.length === 0, 'no alarm');
});

scenario('offlinePersonGetsAllMessagesOnceAndInOrder', async () => {
  const { alice, bob, id } = await pair();
  await alice.engine.sendText(id, 'zero');
  await bob.until(() => bob.texts.length === 1);
  bob.engine.close();
  for (const text of ['one', 'two', 'three']) await alice.engine.sendText(id, text);
  await alice.until(() => alice.timeline.at(-1).state === 'sent');
  const back = await bob.reload();
  await back.until(() => back.texts.length === 3);
  assertEquals(['one', 'two', 'three'], back.texts);
  await alice.until(() => alice.timeline.every(({ state }) => state === 'delivered'));
  const history = await back.engine.loadMessages(id, { limit: 10 });
  assertEquals(['zero', 'one', 'two', 'three'], history.map(({ text }) => text));
});

scenario('serverGoesDownInTheMiddleAndNothingIsLostOrDoubled', async () => {
  const { server, alice, bob, id } = await pair();
  const expected = Array.from({ length: 40 }, (_, i) => `message ${i}`);
  for (const [i, text] of expected.entries()) {
    await alice.engine.sendText(id, text);
    if (i === 10 || i === 25) server.down();
    if (i === 15 || i === 30) server.up();
  }
  await bob.until(() => bob.texts.length >= 40);
  await alice.until(() => alice.timeline.every(({ state }) => state === 'delivered'));
  assertEquals(expected, bob.texts);
  assertEquals([], [...alice.alarms, ...bob.alarms]);
});

scenario('messageWrittenOfflineGoesOutByItself', async () => {
  const { server, alice, bob, id } = await pair();
  server.down();
  await alice.until(() => alice.status !== 'connected');
  await alice.engine.sendText(id, 'written offline');
  assertEquals('pending', alice.timeline[0].state);
  server.up();
  await bob.until(() => bob.texts.includes('written offline'));
});

scenario('bothSidesOpenAtOnceRatchetStillTurns', async () => {
  const { server, alice, bob, id } = await pair();
  await bob.engine.startConversation(alice.user);
  const pushes = [];
  server.onPush = entry => { pushes.push(entry); return entry; };
  await Promise.all([alice.engine.sendText(id, 'a1'), bob.engine.sendText(id, 'b1')]);
  await alice.until(() => alice.texts.includes('b1') && bob.texts.includes('a1'));
  for (let i = 2; i < 6; i++) {
    await alice.engine.sendText(id, `a${i}`);
    await bob.until(() => bob.texts.includes(`a${i}`));
    await bob.engine.sendText(id, `b${i}`);
    await alice.until(() => alice.texts.includes(`b${i}`));
  }
  await alice.until(() => alice.timeline.filter(m => m.mine).every(m => m.state === 'delivered'));
  assertEquals([], alice.timeline.filter(({ kind }) => kind !== 'text'));
});
