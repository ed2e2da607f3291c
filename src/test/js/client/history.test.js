import { ARCHIVE_STORES } from '/store/archive.js';
import { changeHistory, historyRow } from '/store/history.js';
import { placeBehind } from '/client/history.js';
import { HISTORY_TAKERS } from '/client/history-takers.js';
import { base64url, randomBytes } from '/crypto/bytes.js';
import { settle } from '/store/database.js';
import { assertEquals, test } from '../harness.js';
import { withStore } from '../store/with-store.js';

const [OWN, SIBLING, OTHER] = ['aa', 'bb', 'cc'].map(byte => byte.repeat(16));

async function take(store, type, content, device = SIBLING) {
  const taker = HISTORY_TAKERS[type];
  const message = { type, content, device };
  const prepared = await taker.prepare?.(store, message);
  return store.write(ARCHIVE_STORES, stores => taker.keep(stores, message, prepared));
}

const rowIn = store => store.read(['meta'], historyRow);
const change = (store, row) => store.write(['meta'], stores => changeHistory(stores, row));
const countIn = store => store.read(['messages'], ({ messages }) => settle(messages.count()));

/** A store of a device that a test asks in, with a page of history for it. */
function withDevice(run) {
  return withStore(async (store, user) => {
    await store.setMeta('account', { user, deviceId: OWN });
    const record = {
      conversation: [user, 'zoe'].join('+'), kind: 'person', messageId: base64url(randomBytes(16)),
      from: 'zoe', device: OTHER, sentAt: 1, time: 1_750_000_000_000, type: 'text',
      content: { text: 'said before' },
    };
    await run(store, { device: OWN, records: [record], left: 1 });
  });
}

test('historyThatWasNotAskedForIsNotTaken', () => withDevice(async (store, page) => {
  await take(store, 'history', page);
  assertEquals(0, await countIn(store));
  await take(store, 'history-answer', { device: OWN, agreed: true, total: 2 });
  await take(store, 'history', page);
  assertEquals(0, await countIn(store), 'nor after an answer to no question');
}));

test('historyIsTakenFromTheSiblingThatAgreedAlone', () => withDevice(async (store, page) => {
  await change(store, { asked: true });
  await take(store, 'history-answer', { device: OWN, agreed: true, total: 2 });
  await take(store, 'history', page, OTHER);
  await take(store, 'history', { ...page, device: OTHER });
  assertEquals(0, await countIn(store));
  await take(store, 'history', page);
  assertEquals([1, 1], [await countIn(store), (await rowIn(store)).taking.done]);
  await take(store, 'history', { ...page, left: 0 });
  assertEquals([1, null], [await countIn(store), (await rowIn(store)).taking]);
}));

test('secondAnswerChangesNothing', () => withDevice(async store => {
  await change(store, { asked: true });
  await take(store, 'history-answer', { device: OWN, agreed: true, total: 2 });
  await take(store, 'history-answer', { device: OWN, agreed: true, total: 9 }, OTHER);
  assertEquals({ device: SIBLING, done: 0, total: 2 }, (await rowIn(store)).taking);
}));

test('asksWaitUntilOneOfTheSiblingsAnswered', () => withDevice(async store => {
  await take(store, 'history-ask', { have: 1 });
  await take(store, 'history-ask', { have: 2 });
  await take(store, 'history-ask', { have: 0 }, OTHER);
  assertEquals([{ device: SIBLING, have: 2 }, { device: OTHER, have: 0 }],
    (await rowIn(store)).asks);
  await take(store, 'history-answer', { device: SIBLING, agreed: false, total: 0 }, OTHER);
  assertEquals([{ device: OTHER, have: 0 }], (await rowIn(store)).asks);
}));

test('historyGoesOnWhereItWasEvenIfTheLastMessageIsGone', () => {
  const order = [9, 7, 5, 5, 3].map((time, i) => ({ id: `m${i}`, time }));
  const places = [{ after: null }, { after: 'm1', time: 7 }, { after: 'gone', time: 6 },
    { after: 'gone', time: 5 }, { after: 'gone', time: 1 }, { after: 'gone' }];
  assertEquals([0, 2, 2, 2, 5, 0], places.map(giving => placeBehind(order, giving)));
});
