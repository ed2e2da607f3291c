import { generateAeadKey } from '/crypto/aead.js';
import { randomBytes } from '/crypto/bytes.js';
import { Refused } from '/crypto/refused.js';
import { generateKeyPair } from '/crypto/x25519.js';
import { AccountStore, StorageRefused } from '/store/account-store.js';
import {
  CONVERSATION_STORES, READING_STORES, addMessage, conversationOf, deleteMessage, markRead,
  markReadUpTo, messageById, messageIdOf, messagePage, rowId,
} from '/store/conversations.js';
import { Conflict, settle } from '/store/database.js';
import {
  addCopy, addOutgoing, addRead, addReceipt, dropCopies, outgoingOf, outgoingTo, recipients,
} from '/store/outbox.js';
import { OWN_LIST_STORES, ownListOf, putOwnList } from '/store/own-list.js';
import { Sealing } from '/store/sealing.js';
import {
  openSessions, putSessions, putStale, sealSessions, sessionOf, withMoved, withNew,
} from '/store/session-rows.js';
import { assert, assertEquals, assertThrows, test } from '../harness.js';
import { withStore } from './with-store.js';

async function loadSessions(store, user, device) {
  const row = await store.read(['sessions'], stores => settle(stores.sessions.get([user, device])));
  return openSessions(store, user, device, row);
}

test('keysSurviveInTheStoreAndCannotBeExported', () => withStore(async (store, user) => {
  store.close();
  const again = await AccountStore.open(user);
  const { privateKey, publicKey } = await again.deviceKey();
  assertEquals([32, false], [publicKey.length, privateKey.extractable]);
  const prekey = await again.read(['prekeys'], ({ prekeys }) => settle(prekeys.get(1)));
  assertEquals(false, prekey.privateKey.extractable);
  const sealed = await store.sealing.seal(['x'], 'still opens');
  assertEquals('still opens', await again.sealing.open(['x'], sealed));
  again.close();
}));

test('storeOfNobodyIsNoStore', async () => {
  assertEquals(null, await AccountStore.open('nobody-was-here'));
  const names = (await indexedDB.databases()).map(({ name }) => name);
  assert(!names.includes('sotto:nobody-was-here'));
});

test('browserThatKeepsNoKeysIsRefusedAndNothingStays', async () => {
  const { put } = IDBObjectStore.prototype;
  // As some browsers do: the put succeeds, and what is read back has no key.
  IDBObjectStore.prototype.put = function (value, ...rest) {
    return put.call(this, value.privateKey ? { ...value, privateKey: null } : value, ...rest);
  };
  try {
    await assertThrows(() => withStore(() => {}), StorageRefused);
  } finally {
    IDBObjectStore.prototype.put = put;
  }
  const names = (await indexedDB.databases()).map(({ name }) => name);
  assert(!names.some(name => name.startsWith('sotto:store-')));
});

test('transactionIsAllOrNothing', () => withStore(async store => {
  await assertThrows(() => store.write(['meta'], ({ meta }) => {
    meta.put(1, 'one');
    throw new Conflict('on the way');
  }), Conflict);
  await assertThrows(() => store.write(['meta'], async ({ meta }) => {
    meta.put(1, 'one');
    await settle(meta.add(1, 'account'));
  }));
  assertEquals(undefined, await store.meta('one'));
}));

test('awaitingAnythingElseInATransactionIsAnError', () => withStore(async store => {
  await assertThrows(() => store.write(['meta'], async ({ meta }) => {
    meta.put(1, 'one');
    await new Promise(resolve => setTimeout(resolve, 50));
  }), /ended before its work/);
}));

test('sealedRowOpensInItsPlaceOnly', async () => {
  const key = await generateAeadKey();
  const sealing = new Sealing(key, 'alice');
  const value = { text: 'ü', bytes: randomBytes(5), list: [null, 1, { a: new Uint8Array(0) }] };
  const sealed = await sealing.seal(['message', 'a+b', 'x'], value);
  assertEquals(value, await sealing.open(['message', 'a+b', 'x'], sealed));
  for (const other of [sealing.open(['message', 'a+b', 'y'], sealed),
    sealing.open(['message', 'a+bx'], sealed), sealing.open(['draft', 'a+b', 'x'], sealed),
    new Sealing(key, 'bob').open(['message', 'a+b', 'x'], sealed)]) {
    await assertThrows(() => other, Refused);
  }
});

test('keysAreKeptBesideWhatIsSealed', async () => {
  const sealing = new Sealing(await generateAeadKey(), 'alice');
  const [one, two] = [await generateKeyPair(), await generateKeyPair()];
  const place = ['sessions', 'bob', 'd'];
  const row = await sealing.sealWithKeys(place, { ratchets: [{ DHs: one }, { DHs: two }], n: null });
  assertEquals(2, row.keys.length);
  const opened = await sealing.openWithKeys(place, row);
  assert(opened.ratchets[1].DHs.privateKey === two.privateKey);
  assertEquals(one.publicKey, opened.ratchets[0].DHs.publicKey);
});

const CONVERSATION = 'alice+bob';

function message(mine, kind = 'text') {
  const from = mine ? 'alice' : 'bob';
  return { conversation: CONVERSATION, id: rowId(from, randomBytes(16)), mine, from, kind };
}

test('unreadCountsWhatCameAfterWhatWasRead', () => withStore(async store => {
  const add = (...row) => store.write(CONVERSATION_STORES,
    stores => addMessage(stores, 'bob', message(...row)));
  const conversation = () => store.read(['conversations'],
    ({ conversations }) => settle(conversations.get(CONVERSATION)));
  for (const row of [[true], [false], [false, 'notice'], [false, 'undecryptable'], [false]]) {
    await add(...row);
  }
  let row = await conversation();
  assertEquals([3, 2, 5], [row.unread, row.firstUnreadOrdinal, row.lastOrdinal]);
  const read = ordinal => store.write(CONVERSATION_STORES,
    stores => markRead(stores, CONVERSATION, ordinal));
  assertEquals([2, 4], (({ unread, firstUnreadOrdinal }) => [unread, firstUnreadOrdinal])(
    await read(3)));
  await read(2);
  row = await conversation();
  assertEquals([2, 3], [row.unread, row.readOrdinal]);
  row = await read(5);
  assertEquals([0, undefined], [row.unread, row.firstUnreadOrdinal]);
  await add(false);
  row = await conversation();
  assertEquals([1, 6], [row.unread, row.firstUnreadOrdinal]);
}));

test('pageOfMessagesIsInOrderAndEndsBeforeItsOrdinal', () => withStore(async store => {
  const rows = await store.write(CONVERSATION_STORES, async stores => {
    const added = [];
    for (let i = 0; i < 12; i++) added.push(await addMessage(stores, 'bob', message(i % 2 === 0)));
    return added;
  });
  const page = (before, limit) => store.read(['messages'],
    async stores => (await messagePage(stores, CONVERSATION, before, limit))
      .map(({ ordinal }) => ordinal));
  assertEquals([9, 10, 11, 12], await page(Number.MAX_SAFE_INTEGER, 4));
  assertEquals([1, 2], await page(3, 4));
  assertEquals([], await page(1, 4));
  const found = await store.read(['messages'], stores => messageById(stores, rows[4].id));
  assertEquals([5, 16], [found.ordinal, messageIdOf(found).length]);
  await store.write(CONVERSATION_STORES, stores => deleteMessage(stores, rows[11]));
  const { lastOrdinal, nextOrdinal } = await store.read(['conversations'],
    ({ conversations }) => settle(conversations.get(CONVERSATION)));
  assertEquals([11, 13], [lastOrdinal, nextOrdinal]);
}));

test('conversationIsNamedByBothInByteOrder', () => {
  assertEquals('a-b+a.b', conversationOf('a.b', 'a-b'));
  assertEquals(conversationOf('bob', 'alice'), conversationOf('alice', 'bob'));
});

test('outboxKeepsNumbersThenConfirmsThenTheOrderOfWriting', () => withStore(async store => {
  const add = row => store.write(['outbox'], stores => addOutgoing(stores, { to: 'bob', ...row }));
  await add({ type: 'text', message: 'a' });
  await add({ type: 'text', message: 'b', n: 8 });
  await add({ type: 'receipt', content: { delivered: ['x'] } });
  await add({ type: 'confirm' });
  await add({ type: 'text', message: 'c', n: 7 });
  await add({ type: 'text', message: 'parked', parked: true });
  await add({ type: 'text', message: 'd', to: 'carol' });
  const rows = await store.read(['outbox'], stores => outgoingTo(stores, 'bob'));
  assertEquals(['c', 'b', 'confirm', 'a', 'receipt'],
    rows.map(({ message: id, type }) => id ?? type));
  assertEquals(['bob', 'carol'], await store.read(['outbox'], recipients));
}));

test('receiptsAreGatheredUntilOneIsEncrypted', () => withStore(async store => {
  const receipts = async () => (await store.read(['outbox'], stores => outgoingTo(stores, 'bob')))
    .map(({ content }) => content.delivered.length);
  const add = ids => store.write(['outbox'], stores => addReceipt(stores, 'bob', ids));
  await add(['a', 'b']);
  await add(['b', 'c']);
  assertEquals([3], await receipts());
  await store.write(['outbox'], async stores => {
    const [row] = await outgoingTo(stores, 'bob');
    stores.outbox.put({ ...row, copies: [] });
  });
  await add(['d']);
  assertEquals([3, 1], await receipts());
  await add(Array.from({ length: 256 }, (_, i) => `${i}`));
  assertEquals([3, 1, 256], await receipts());
}));

function session(id, replaces = []) {
  const bytes = n => new Uint8Array(16).fill(n);
  return { sessionId: bytes(id), replaces: replaces.map(bytes), ratchet: { Ns: 0 } };
}

const NEW = { user: 'bob', device: 'd', version: 0, stale: false, sessions: [], replacedAt: {} };
const DAY_MS = 24 * 60 * 60 * 1000;
const idsOf = ({ sessions }) => sessions.map(({ sessionId }) => sessionId[0]);

test('secondOfTwoWritersMeetsAConflict', () => withStore(async store => {
  const write = async record => {
    const row = await sealSessions(store, record);
    await store.write(['sessions'], stores => putSessions(stores, row));
  };
  await write(withNew(NEW, session(1), 0));
  const [one, two] = [await loadSessions(store, 'bob', 'd'), await loadSessions(store, 'bob', 'd')];
  await write(withMoved(one, { ...session(1), ratchet: { Ns: 1 } }));
  await assertThrows(() => write(withMoved(two, { ...session(1), ratchet: { Ns: 1 } })), Conflict);
  const stored = await loadSessions(store, 'bob', 'd');
  assertEquals([2, 1], [stored.version, sessionOf(stored, session(1).sessionId).ratchet.Ns]);
  await store.write(['sessions'], async stores =>
    putStale(stores, await settle(stores.sessions.get(['bob', 'd']))));
  assert((await loadSessions(store, 'bob', 'd')).stale);
}));

test('replacedSessionsGoAfterThirtyDaysAndBeyondFive', () => {
  let record = NEW;
  for (let id = 1; id <= 5; id++) record = withNew(record, session(id, id > 1 ? [id - 1] : []), id);
  assertEquals([1, 2, 3, 4, 5], idsOf(record));
  record = withNew(record, session(6, [5]), 6);
  assertEquals([2, 3, 4, 5, 6], idsOf(record));
  assertEquals([6, 7], idsOf(withNew(record, session(7, [6]), 31 * DAY_MS)));
});

test('sessionToSendOnIsNeverDropped', () => {
  let record = NEW;
  for (const id of [9, 3, 8, 7, 6, 5, 4]) record = withNew(record, session(id), id);
  assertEquals(5, record.sessions.length);
  assert(idsOf(record).includes(3) && idsOf(record).includes(4));
});

test('closedStoreDoesNothingMore', () => withStore(async store => {
  store.close();
  const late = Promise.race([store.meta('account').then(() => 'read'),
    new Promise(resolve => setTimeout(() => resolve('nothing'), 30))]);
  assertEquals('nothing', await late);
}));

test('whatAnotherDeviceReadIsReadHereTooAlsoIfItComesLater', () => withStore(async store => {
  const group = 'group:g';
  const add = (...numbers) => store.write(CONVERSATION_STORES, async stores => {
    for (const nr of numbers) {
      await addMessage(stores, undefined,
        { conversation: group, id: `bob/m${nr}`, mine: false, from: 'bob', kind: 'text' });
    }
  });
  const readElsewhere = (id, messageId) => store.write(READING_STORES,
    stores => markReadUpTo(stores, id, messageId));
  const unread = async () => (await store.read(['conversations'],
    ({ conversations }) => settle(conversations.get(group)))).unread;
  await add(1, 2, 3);
  await readElsewhere(group, 'm2');
  assertEquals(1, await unread());
  await readElsewhere(group, 'm1');
  assertEquals(1, await unread(), 'what is read stays read');
  await readElsewhere(group, 'm5');
  assertEquals(1, await unread(), 'not there yet');
  await add(4);
  assertEquals(2, await unread());
  await add(5);
  assertEquals(0, await unread());
  await add(6);
  assertEquals(1, await unread());
  await readElsewhere('group:unknown', 'm1');
}));

test('whatIsReadGoesOutOnceForAConversationAndNotAtOnce', () => withStore(async (store, user) => {
  const rows = await store.write(['outbox'], async stores => {
    await addRead(stores, user, 'a+b', 'm1', 1000);
    await addRead(stores, user, 'a+b', 'm2', 1500);
    await addRead(stores, user, 'a+c', 'm3', 1600);
    return outgoingTo(stores, user);
  });
  assertEquals([['a+b', 'm2', 2000], ['a+c', 'm3', 2600]],
    rows.map(({ conversation, content, dueAt }) => [conversation, content.upTo, dueAt]));
}));

test('ownCopyWaitsForItsMessageAndGoesWithIt', () => withStore(async (store, user) => {
  const own = await store.write(['outbox'], async stores => {
    addOutgoing(stores, { to: 'bob', type: 'text', message: 'm1' });
    addCopy(stores, user, 'm1');
    addCopy(stores, user, 'm2');
    const first = await outgoingTo(stores, user);
    const { seq } = await outgoingOf(stores, 'm1');
    stores.outbox.delete(seq);
    const second = await outgoingTo(stores, user);
    await dropCopies(stores, 'm1');
    return [first, second, await outgoingTo(stores, user)];
  });
  assertEquals([['m2'], ['m1', 'm2'], ['m2']],
    own.map(rows => rows.map(({ copyOf }) => copyOf)));
}));

test('ownListsAreKeptAndOneThatWasMissedIsKnownByItsHash', () => withStore(async (store, user) => {
  const list = (version, more) => ({
    user, serverHost: 'h', version, prevHash: new Uint8Array(32).fill(version - 1),
    accountKey: new Uint8Array(32), devices: [{ id: 'd1' }, { id: 'd2' }], ...more,
  });
  const put = (next, hash) => store.write([...OWN_LIST_STORES, 'contacts'],
    stores => putOwnList(stores, next, hash));
  await store.write(['outbox'], stores => {
    addOutgoing(stores, { to: 'bob', type: 'text', message: 'm1' });
    addOutgoing(stores, { to: 'group:g', type: 'text', message: 'm2' });
  });
  await put(list(3), new Uint8Array(32).fill(3));
  await put(list(6, { keyChange: {} }), new Uint8Array(32).fill(6));
  const known = [];
  for (const version of [1, 2, 3, 5, 6]) known.push(await ownListOf(store, version));
  assertEquals([1, 2, 3, undefined, 6], known.map(one => one?.version));
  assertEquals(new Uint8Array(32).fill(2), known[1].listHash);
  const copies = await store.read(['outbox'], stores => outgoingTo(stores, user));
  assertEquals([], copies, 'they wait for what they are copies of');
  const held = await store.read(['outbox'], ({ outbox }) => settle(outbox.getAll()));
  assertEquals(['m1'], held.filter(({ copyOf }) => copyOf).map(({ copyOf }) => copyOf));
}));
