import {
  ARCHIVE_STORES, addPast, archiveRow, changeArchive, forgetBatches, markArchived, sentTexts,
  unarchived,
} from '/store/archive.js';
import { addMessage, messageById, messagePage, rowId } from '/store/conversations.js';
import { settle } from '/store/database.js';
import { assert, assertEquals, test } from '../harness.js';
import { withStore } from './with-store.js';

const T = 1_750_000_000_000;

/** A text of bob, with a message id that begins with these bytes. */
function past(time, first = 0, second = 0, more = {}) {
  const id = new Uint8Array(16);
  [id[0], id[1], id[15]] = [first, second, more.last ?? 0];
  return {
    conversation: 'alice+bob', id: rowId('bob', id), mine: false, from: 'bob', sentAt: time,
    time, receivedAt: time, kind: 'text', archive: 3, ...more.fields,
  };
}

const add = (store, ...rows) => store.write(ARCHIVE_STORES, async stores => {
  const added = [];
  for (const row of rows) added.push((await addPast(stores, 'alice', row))[0] ?? null);
  return added;
});

const idsIn = async store => (await store.read(['messages'],
  stores => messagePage(stores, 'alice+bob', Infinity, 100))).map(({ id }) => id);

test('pastMessagesStandByTimeBelowWhatWasReceived', () => withStore(async store => {
  const own = { ...past(1), id: 'bob/own', archive: undefined };
  await store.write(ARCHIVE_STORES, stores => addMessage(stores, 'bob', own));
  const rows = [
    past(T, 0, 16), past(T + 1, 1), past(T - 1, 255, 255), past(T, 0, 0, { last: 1 }),
    past(0, 2), past(2 ** 52, 3),
  ];
  await add(store, ...rows);
  const [b, c, a0, a, first, last] = rows.map(({ id }) => id);
  assertEquals([first, a0, a, b, c, last, 'bob/own'], await idsIn(store));
}));

test('messagesOfOneTimeStandAsTheyWereAddedNewestFirst', () => withStore(async store => {
  const rows = [past(T, 9), past(T, 1, 1), past(T, 5)];
  await add(store, ...rows.toReversed());
  assertEquals(rows.map(({ id }) => id), await idsIn(store));
  const { lastOrdinal, unread, readOrdinal } = await store.read(['conversations'],
    ({ conversations }) => settle(conversations.get('alice+bob')));
  const newest = await store.read(['messages'], stores => messageById(stores, rows[2].id));
  assertEquals([newest.ordinal, 0, 0], [lastOrdinal, unread, readOrdinal]);
  assert(Number.isSafeInteger(newest.ordinal) && newest.ordinal < 0, 'below zero');
}));

test('knownTextStaysAndOneThatCouldNotBeOpenedIsReplaced', () => withStore(async store => {
  const known = { ...past(T), archive: undefined, sealed: 'known' };
  const broken = { ...past(T, 9), kind: 'undecryptable', reason: 'no-session' };
  const { ordinal } = await store.write(ARCHIVE_STORES, async stores => {
    await addMessage(stores, 'bob', known);
    return addMessage(stores, 'bob', broken);
  });
  const added = await add(store, { ...past(T), sealed: 'other' }, { ...past(T, 9), sealed: 'text' });
  assertEquals([null, ordinal], [added[0], added[1].ordinal]);
  const rows = await store.read(['messages'],
    stores => Promise.all([known, broken].map(({ id }) => messageById(stores, id))));
  assertEquals([['known', 3, 'text'], ['text', 3, 'text']],
    rows.map(({ sealed, archive, kind }) => [sealed, archive, kind]));
}));

test('whatIsInNoBatchIsKnownOldestFirst', () => withStore(async store => {
  const rows = [past(T + 2, 1), past(T, 2), past(T + 1, 3)]
    .map(row => ({ ...row, archive: undefined }));
  const waiting = { ...rows[0], id: 'alice/x', mine: true, state: 'pending' };
  await store.write(ARCHIVE_STORES, async stores => {
    for (const row of [...rows, waiting]) await addMessage(stores, 'bob', row);
  });
  const ids = () => store.read(['messages'], unarchived);
  const [c, a, b] = rows.map(({ id }) => id);
  assertEquals([a, b, c], await ids());
  await store.write(ARCHIVE_STORES, stores => markArchived(stores, [a, 'bob/gone'], 4));
  await store.write(ARCHIVE_STORES, stores => markArchived(stores, [b], 5));
  assertEquals([c], await ids());
  await store.write(ARCHIVE_STORES, stores => forgetBatches(stores, 1, 4));
  assertEquals([a, c], await ids());
  await store.write(ARCHIVE_STORES, async stores => {
    for (const id of [9, 1, 5]) await addMessage(stores, 'bob', { ...rows[1], ...past(T, id) });
  });
  assertEquals([a, ...[9, 1, 5].map(id => past(T, id).id), c],
    (await store.read(['messages'], sentTexts)).map(({ id }) => id).filter(id => id !== b));
  await store.write(['meta'], stores => changeArchive(stores, { on: false, seen: 5 }));
  const { on, seen, head } = await store.read(['meta'], archiveRow);
  assertEquals([false, 5, null], [on, seen, head]);
}));
