import { generateAeadKey } from '/crypto/aead.js';
import { randomBytes } from '/crypto/bytes.js';
import { AccountStore } from '/store/account-store.js';
import { unarchived } from '/store/archive.js';
import { Conflict, settle } from '/store/database.js';
import {
  dropMemberships, keptMembership, knownGroupHash, loadGroup, putGroup, putGroupHashes,
  putMemberships, sealGroup,
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

function createSecondVersion(database) {
  createFirstVersion(database);
  database.createObjectStore('groups', { keyPath: 'group' });
  database.createObjectStore('groupChain');
  const operations = database.createObjectStore('operations',
    { keyPath: 'seq', autoIncrement: true });
  operations.createIndex('byGroup', 'group');
}

/** The store of an account as an older version made it. */
function openOld(user, version, create) {
  const opening = indexedDB.open(`sotto:${user}`, version);
  opening.onupgradeneeded = () => create(opening.result);
  return settle(opening);
}

test('accountOfVersionOneOpensWithAllThatItHolds', async () => {
  const user = `old-${Date.now().toString(36)}`;
  const key = await generateAeadKey();
  const database = await openOld(user, 1, createFirstVersion);
  const sealed = await new Sealing(key, user).seal(['draft', 'x'], 'kept');
  const transaction = database.transaction(['keys', 'meta', 'messages', 'outbox'], 'readwrite');
  transaction.objectStore('keys').put(key, 'at-rest');
  const deviceList = { user, version: 1, accountKey: 'a', devices: [{ id: 'd1' }] };
  transaction.objectStore('meta').put({ user, sealed, deviceList, listHash: 'h' }, 'account');
  transaction.objectStore('outbox').put({ to: 'bob', type: 'text', message: 'm' });
  const shown = { conversation: 'bob+old', id: 'bob/AA', receivedAt: 1 };
  transaction.objectStore('messages').put({ ...shown, ordinal: 1, kind: 'text' });
  transaction.objectStore('messages').put({ ...shown, ordinal: 2, id: 'bob/BB', kind: 'notice' });
  await new Promise(resolve => { transaction.oncomplete = resolve; });
  database.close();
  const store = await AccountStore.open(user);
  try {
    const account = await store.meta('account');
    assertEquals('kept', await store.sealing.open(['draft', 'x'], account.sealed));
    assertEquals(['bob/AA'], await store.read(['messages'], unarchived));
    const queue = await store.read(['searchQueue'],
      ({ searchQueue }) => settle(searchQueue.getAll()));
    assertEquals([['bob/AA', 1], ['bob/BB', 1]], queue.map(({ id, time }) => [id, time]));
    const [contact, list] = await store.read(['contacts', 'ownLists'], stores => Promise.all(
      [settle(stores.contacts.get(user)), settle(stores.ownLists.get(1))]));
    assertEquals([{ accountKey: 'a', version: 1, hash: 'h' }, deviceList, deviceList],
      [contact.pin, contact.list, list]);
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

test('groupsOfVersionTwoAreKeptAndCanGoBackToTheirMembership', async () => {
  const user = `older-${Date.now().toString(36)}`;
  const key = await generateAeadKey();
  const sealing = new Sealing(key, user);
  const [sealed, sealedName] = [await sealing.seal(['group', 'g', 'keys'], { next: 'n' }),
    await sealing.seal(['group', 'g', 'name'], 'Climbing')];
  const membership = { group: 'g', changedNr: 5, rows: new Map([['alice', { role: 'admin' }]]) };
  const row = {
    group: 'g', version: 3, hasKeys: true, sealed, sealedName, membership, joining: null,
    head: { sequenceNr: 7 }, lastRemoval: null, ended: null, breach: null,
  };
  const database = await openOld(user, 2, createSecondVersion);
  const transaction = database.transaction(['keys', 'groups', 'messages'], 'readwrite');
  transaction.objectStore('keys').put(key, 'at-rest');
  transaction.objectStore('groups').put(row);
  transaction.objectStore('groups').put(
    { ...row, group: 'h', membership: null, joining: { ...row, group: 'h', membership: null } });
  for (const [ordinal, state] of [[1, 'sent'], [2, 'delivered'], [3, undefined]]) {
    const message = { conversation: 'alice+bob', ordinal, id: `${ordinal}`, kind: 'text' };
    transaction.objectStore('messages').put(state ? { ...message, state } : message);
  }
  await new Promise(resolve => { transaction.oncomplete = resolve; });
  database.close();
  const store = await AccountStore.open(user);
  try {
    const { version, state } = await loadGroup(store, 'g');
    assertEquals([3, 'Climbing', { next: 'n' }, 1, []],
      [version, state.name, state.keys, state.generation, state.missed]);
    const expected = { ...membership, restoredNr: null };
    assertEquals([expected, expected, undefined], [state.membership,
      await keptMembership(store, 'g', 6), await keptMembership(store, 'g', 4)]);
    const other = await store.read(['groups'], ({ groups }) => settle(groups.get('h')));
    assertEquals([1, 1, null], [other.generation, other.joining.generation, other.membership]);
    const sent = await store.read(['messages'], ({ messages }) =>
      settle(messages.index('byState').getAll(['alice+bob', 'sent'])));
    assertEquals(['1'], sent.map(({ id }) => id));
  } finally {
    store.close();
    await AccountStore.erase(user);
  }
});

test('sixteenMembershipsAreKeptAndNoneOfBeforeTheLogBegan', () => withStore(async store => {
  const list = Array.from({ length: 20 }, (_, i) => ({ changedNr: 2 * i + 1 }));
  const put = (rows, startNr = 0) => store.write(['memberships'],
    stores => putMemberships(stores, 'g', rows, startNr));
  const at = async nr => (await keptMembership(store, 'g', nr))?.changedNr;
  await store.write(['memberships'], stores => putMemberships(stores, 'f', [{ changedNr: 1 }], 0));
  await put(list.slice(0, 15));
  assertEquals([1, 29], [await at(1), await at(100)]);
  await put(list.slice(15));
  assertEquals([undefined, undefined, 9, 9, 11, 39],
    await Promise.all([1, 8, 9, 10, 11, 100].map(at)));
  await store.write(['memberships'], stores => dropMemberships(stores, 'g', 21));
  assertEquals(21, await at(100));
  await put([{ changedNr: 31 }], 30);
  assertEquals([undefined, 31], [await at(30), await at(31)]);
  assertEquals(1, (await keptMembership(store, 'f', 100)).changedNr);
}));

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
