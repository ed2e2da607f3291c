import { Tabs } from '/client/tabs.js';
import { assertEquals } from '../harness.js';
import { PASSWORD, dump, freshName, pair, scenario, until } from './people.js';

scenario('twoTabsShareOneConnectionAndShowTheSame', async () => {
  const { server, alice, bob, id } = await pair();
  const tab = await alice.tab();
  await tab.until(() => tab.status === 'connected');
  assertEquals(0, server.frames('resume', alice.user).length);
  await tab.engine.sendText(id, 'from the second tab');
  await bob.until(() => bob.texts.includes('from the second tab'));
  await bob.engine.sendText(id, 'to both');
  await alice.until(() => alice.texts.includes('to both'));
  await tab.until(() => tab.texts.includes('to both'));
  assertEquals(alice.texts, tab.texts);
  await tab.engine.markRead(id, 9);
  await alice.until(() => alice.conversations.get(id).unread === 0);
  const users = (await tab.engine.searchOnline({ prefix: bob.user })).users;
  assertEquals([bob.user], users);
});

scenario('whenTheLeadingTabClosesTheOtherGoesOn', async () => {
  const { server, alice, bob, id } = await pair();
  const tab = await alice.tab();
  alice.engine.close();
  await tab.engine.sendText(id, 'still here');
  await bob.until(() => bob.texts.includes('still here'));
  assertEquals(1, server.frames('resume', alice.user).length);
});

scenario('twoTabsWritingAtOnceNeverUseAKeyTwice', async () => {
  const { server, alice, bob, id } = await pair();
  const tab = await alice.tab();
  const texts = Array.from({ length: 30 }, (_, i) => `message ${i}`);
  await Promise.all(texts.map((text, i) => [alice, tab][i % 2].engine.sendText(id, text)));
  await bob.until(() => bob.texts.length === 30);
  await alice.until(() => alice.timeline.every(({ state }) => state === 'delivered'));
  assertEquals([...texts].sort(), [...bob.texts].sort());
  const numbers = server.frames('send', alice.user).map(({ n }) => n);
  assertEquals([...new Set(numbers)], numbers);
  const headers = server.users.get(bob.user).entries
    .filter(({ fromUser }) => fromUser === alice.user).map(({ ciphertext }) => `${ciphertext}`);
  assertEquals(30, new Set(headers).size);
});

scenario('signingOutInOneTabSignsOutTheOther', async () => {
  const { alice, bob } = await pair();
  const tab = await alice.tab();
  await tab.until(() => tab.status === 'connected');
  await tab.engine.signOut();
  // The storage event reaches other documents only: the same change, told by hand.
  dispatchEvent(new StorageEvent('storage', { key: 'sotto.current' }));
  await alice.until(() => alice.phase === 'signed-out');
  await alice.engine.signIn({ user: alice.user, password: PASSWORD });
  await alice.until(() => alice.status === 'connected');
});

scenario('passwordMayBeTypedInATabThatDoesNotLead', async () => {
  const { server, alice, bob, id } = await pair();
  const tab = await alice.tab();
  await tab.until(() => tab.status === 'connected');
  server.users.get(alice.user).token = 'another';
  server.users.get(alice.user).connection.socket.close(1001);
  await tab.until(() => tab.phase === 'needs-password');
  await tab.engine.signIn({ user: alice.user, password: PASSWORD });
  await tab.engine.sendText(id, 'back');
  await bob.until(() => bob.texts.includes('back'));
  assertEquals(['signed-in', 'signed-in'], [alice.phase, tab.phase]);
});

scenario('historyIsLoadedInPages', async () => {
  const { alice, bob, id } = await pair();
  for (let i = 0; i < 25; i++) await alice.engine.sendText(id, `${i}`);
  await until(async () => (await dump(alice.user)).outbox.length === 0);
  const last = await alice.engine.loadMessages(id, { limit: 10 });
  assertEquals(['15', '24'], [last[0].text, last.at(-1).text]);
  const before = await alice.engine.loadMessages(id, { before: last[0].ordinal, limit: 20 });
  assertEquals(['0', '14'], [before[0].text, before.at(-1).text]);
  assertEquals(15, before.length);
});

scenario('tabThatClosesWhileItBeginsToLeadKeepsNobodyFromLeading', async () => {
  const user = freshName('alice');
  const page = { onEvent: () => {}, onLed: () => {} };
  const begun = {};
  begun.came = new Promise(resolve => { begun.resolve = resolve; });
  const first = new Tabs(user, {
    ...page,
    lead: () => {
      begun.resolve();
      return new Promise(() => {});
    },
  });
  await begun.came;
  first.close();
  const second = new Tabs(user, { ...page, lead: async () => ({ who: async () => 'second' }) });
  assertEquals('second', await second.ask('who'));
  second.close();
});
