import { generateAeadKey } from '/crypto/aead.js';
import { randomBytes } from '/crypto/bytes.js';
import { AccountStore } from '/store/account-store.js';
import { Conflict, settle } from '/store/database.js';
import {
  knownGroupHash, loadGroup, putGroup, putGroupHashes, sealGroup,
} from '/store/groups.js';
import { addOperation, operationsOf } from '/store/operations.js';
import { outgoingTo } from '/store/outbox.js';
import { Sealing } from '/store/sealing.js';
import { assertEquals, assertThrows, test } from '../harness.js';
import { withStore } from './with-store.js';

/** The object stores of version 1, as they were released. */
function createFirstVersion(database) {
  for (const name of ['meta', 'keys', 'openings', 'seen', 'chain']) {
    database.createObjectStore(name);
  }
  database.createObjectStore('prekeys', { keyPath: 'id' });
  database.createObjectStore('contacts', { keyPath: 'user' });
  database.createObjectStore('conversations', { keyPath: 'id' });
  const messages = database.createObjectStore('messages',
    { keyPath: ['conversation', 'ordinal'] });
  messages.createIndex('byId', 'id');
  messages.createIndex('byKind', ['conversation', 'kind']);
  const outbox = database.createObjectStore('outbox', { keyPath: 'seq', autoIncrement: true });
  outbox.createIndex('byTo', 'to');
  outbox.createIndex('byMessage', 'message');
  database.createObjectStore('sessions', { keyPath: ['user', 'device'] });
}

test('accountOfVersionOneOpensWithAllThatItHolds', async () => {
  const user = `old-${Date.now().toString(36)}`;
  const key = await generateAeadKey();
  const opening = indexedDB.open(`sotto:${user}`, 1);
  opening.onupgradeneeded = () => createFirstVersion(opening.result);
  const database = await settle(opening);
  const sealed = await new Sealing(key, user).seal(['draft', 'x'], 'kept');
  const transaction = database.transaction(['keys', 'meta', 'outbox'], 'readwrite');
  transaction.objectStore('keys').put(key, 'at-rest');
  transaction.objectStore('meta').put({ user, sealed }, 'account');
  transaction.objectStore('outbox').put({ to: 'bob', type: 'text', message: 'm' });
  await new Promise(resolve => { transaction.oncomplete = resolve; });
  database.close();
  const store = await AccountStore.open(user);
  try {
    const account = await store.meta('account');
    assertEquals('kept', await store.sealing.open(['draft', 'x'], account.sealed));
    const row = { id: 'o', group: 'g', type: 'leave', sealed, tries: 0 };
    const held = await store.write(['outbox', 'operations', 'groups', 'groupChain'],
      async stores => {
        addOperation(stores, row);
        return [await outgoingTo(stores, 'bob'), await operationsOf(stores, 'g')];
      });
    assertEquals([['m'], ['leave']], [held[0].map(({ message: id }) => id),
      held[1].map(({ type }) => type)]);
  } finally {
    store.close();
    await AccountStore.erase(user);
  }
});

test('secondOfTwoWritersOfAGroupMeetsAConflict', () => withStore(async store => {
  const state = { group: 'g', head: { sequenceNr: 0 }, keys: { next: randomBytes(32) }, name: 'n' };
  const write = async (version, changed) => {
    const row = await sealGroup(store, version, changed);
    await store.write(['groups'], stores => putGroup(stores, row));
  };
  await write(0, state);
  await write(1, { ...state, keys: null });
  await assertThrows(() => write(1, state), Conflict);
  assertEquals({ version: 2, state: { ...state, keys: null } }, await loadGroup(store, 'g'));
  assertEquals({ version: 0, state: null }, await loadGroup(store, 'h'));
}));

test('hashesOfAGroupAreKeptForAWhile', () => withStore(async store => {
  const hash = randomBytes(32);
  for (const sequenceNr of [1, 2, 2049, 4097]) {
    await store.write(['groupChain'],
      stores => putGroupHashes(stores, 'g', [{ sequenceNr, hash }]));
  }
  const known = await Promise.all([1, 2, 2049, 4097].map(nr => knownGroupHash(store, 'g', nr)));
  assertEquals([undefined, undefined, undefined, hash], known);
  const next = [{ sequenceNr: 4098, hash }, { sequenceNr: 4099, hash }];
  await store.write(['groupChain'], stores => putGroupHashes(stores, 'g', next));
  assertEquals([hash, undefined], [await knownGroupHash(store, 'g', 4097),
    await knownGroupHash(store, 'h', 4097)]);
}));
