import { Disappearing } from '/client/disappearing.js';
import { News, draftPlace } from '/client/news.js';
import { conversationOf, conversationRow } from '/store/conversations.js';
import { assertEquals, test } from '../harness.js';
import { withStore } from '../store/with-store.js';

/** A conversation with bob, in which something is written that is not sent. */
async function putConversation(store, user) {
  const id = conversationOf(user, 'bob');
  const draft = await store.sealing.seal(draftPlace(id), 'to be sent');
  const put = change => store.write(['conversations'], async stores => {
    const row = await conversationRow(stores, id, 'bob');
    stores.conversations.put({ ...row, draft, ...change });
  });
  await put({});
  return { id, put };
}

/** How many transactions `run` begins. */
async function transactionsOf(run) {
  const { transaction } = IDBDatabase.prototype;
  let count = 0;
  IDBDatabase.prototype.transaction = function (...args) {
    count++;
    return transaction.apply(this, args);
  };
  try {
    await run();
    return count;
  } finally {
    IDBDatabase.prototype.transaction = transaction;
  }
}

test('aConversationAndTheListAreReadInOneTransactionEach', () => withStore(async (store, user) => {
  const { id } = await putConversation(store, user);
  const events = [];
  const news = new News(store, event => events.push(event));
  assertEquals(1, await transactionsOf(() => news.show(id)));
  assertEquals('to be sent', events[0].conversation.draft);
  assertEquals(1, await transactionsOf(async () => events.push(await news.list())));
  assertEquals(events[0].conversation, events[1].list[0]);
}));

test('whatWasReadEarlierIsNotToldAfterWhatWasReadLater', () => withStore(async (store, user) => {
  const { id, put } = await putConversation(store, user);
  const events = [];
  const news = new News(store, event => events.push(event));
  const { sealing } = store;
  const open = sealing.open.bind(sealing);
  let begun, goOn;
  const isBegun = new Promise(resolve => { begun = resolve; });
  const mayGoOn = new Promise(resolve => { goOn = resolve; });
  sealing.open = async (...args) => {
    begun();
    await mayGoOn;
    return open(...args);
  };
  const slow = news.show(id);
  await isBegun;
  sealing.open = open;
  await put({ unread: 3 });
  await news.show(id);
  goOn();
  await slow;
  assertEquals([3], events.map(({ conversation }) => conversation.unread));
}));

test('itIsLookedForWhatDisappearsWhenThatWasReadByTheWay', () => withStore(async store => {
  const timers = [];
  const clock = { set: (run, ms) => timers.push({ run, ms }), clear: () => {} };
  const disappearing = new Disappearing(store, new News(store, () => {}), clock);
  disappearing.expect(undefined);
  assertEquals(0, timers.length);
  disappearing.expect(Date.now() - 1);
  assertEquals(0, timers.at(-1).ms);
  // What comes later than that changes nothing.
  disappearing.expect(Date.now() + 30_000);
  assertEquals(1, timers.length);
  // Nothing is there: the next time that is read counts again.
  await disappearing.look();
  disappearing.expect(Date.now() + 30_000);
  assertEquals(2, timers.length);
  assertEquals(true, timers[1].ms > 20_000);
}));
