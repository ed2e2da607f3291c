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
  assertEquals(1, await transactionsOf(() => news.tellList()));
  assertEquals(events[0].conversation, events[1].list[0]);
}));

/** Runs `slow` and, once that is opening what it has read, `later`, which is ready first. */
async function overtaken({ sealing }, slow, later) {
  const open = sealing.open.bind(sealing);
  let begun, goOn;
  const isBegun = new Promise(resolve => { begun = resolve; });
  const mayGoOn = new Promise(resolve => { goOn = resolve; });
  sealing.open = async (...args) => {
    begun();
    await mayGoOn;
    return open(...args);
  };
  const first = slow();
  await isBegun;
  let opened;
  const isOpened = new Promise(resolve => { opened = resolve; });
  sealing.open = async (...args) => {
    const plain = await open(...args);
    opened();
    return plain;
  };
  const second = later();
  await isOpened;
  // Nothing but its telling is left of it, which takes no turn of the page.
  await new Promise(resolve => setTimeout(resolve));
  goOn();
  return Promise.allSettled([first, second]);
}

test('whatWasReadEarlierIsNotToldAfterWhatWasReadLater', () => withStore(async (store, user) => {
  const { id, put } = await putConversation(store, user);
  const events = [];
  const news = new News(store, event => events.push(event));
  const gone = one => ({ conversation: id, id: one, kind: 'text', removed: true });
  const tellNext = async change => {
    await put(change);
    return news.show(id, [gone('later')]);
  };
  await overtaken(store, () => news.show(id, [gone('earlier')]),
    () => tellNext({ unread: 3 }));
  assertEquals([0, 3], events.filter(({ type }) => type === 'conversation')
    .map(({ conversation }) => conversation.unread));
  assertEquals(['earlier', 'later'], events.filter(({ type }) => type === 'messages')
    .map(({ upserts }) => upserts[0].id));
  await overtaken(store, () => news.tellList(), () => tellNext({ unread: 4 }));
  assertEquals(['conversations', 'messages', 'conversation'],
    events.slice(-3).map(({ type }) => type));
}));

test('whatCannotBeReadKeepsNothingBack', () => withStore(async (store, me) => {
  const { id } = await putConversation(store, me);
  const events = [];
  const news = new News(store, event => events.push(event));
  const { read } = store;
  store.read = async () => { throw new Error('no such room'); };
  const failing = news.show(id);
  store.read = read;
  const [failed, told] = await Promise.allSettled([failing, news.show(id)]);
  assertEquals(['rejected', 'fulfilled', 1], [failed.status, told.status, events.length]);
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
