/**
 * IndexedDB with promises. One database per account; its version is the store's version.
 */

import { timeOf } from './message-time.js';
import { beginOwnContact } from './own-contact.js';

/**
 * 2 added what groups need; 3 what a client needs to go on with a restored server, and what an
 * auditor is shown; 4 what several devices of a user need, and which messages are in the archive; 5
 * how messages answer and change others, files, and what the search has ready; 6 how the user
 * stands with people, when messages disappear, and the keys for saying that one writes.
 */
const VERSION = 6;

/** In the row of a text that stands in no batch of the archive. */
export const NOT_ARCHIVED = 0;
/** In the row of what somebody wrote who asks: it goes nowhere until they are accepted. */
export const AWAITS_ACCEPTANCE = -1;

/** Every object store: its key path, and its indexes by name. */
const STORES = {
  meta: {},
  keys: {},
  prekeys: { keyPath: 'id' },
  openings: {},
  seen: {},
  chain: {},
  contacts: { keyPath: 'user' },
  standings: { keyPath: 'user' },
  conversations: { keyPath: 'id' },
  messages: {
    keyPath: ['conversation', 'ordinal'],
    indexes: {
      byId: 'id', byKind: ['conversation', 'kind'], byState: ['conversation', 'state'],
      byArchive: 'archive', byAnswered: 'replyTo', byWaiting: 'waits', byGoneAt: 'goneAt',
    },
  },
  typingKeys: { keyPath: ['conversation', 'device'] },
  outbox: {
    keyPath: 'seq', autoIncrement: true,
    indexes: { byTo: 'to', byMessage: 'message', byCopy: 'copyOf' },
  },
  sessions: { keyPath: ['user', 'device'] },
  ownLists: { keyPath: 'version' },
  ownKeys: { keyPath: 'id' },
  earlyReceipts: { keyPath: 'id' },
  lost: { keyPath: 'id', indexes: { byDevice: 'device' } },
  groups: { keyPath: 'group' },
  groupChain: {},
  memberships: {},
  operations: { keyPath: 'seq', autoIncrement: true, indexes: { byGroup: 'group' } },
  acknowledgements: { autoIncrement: true },
  files: { keyPath: 'message' },
  filePieces: {},
  acknowledgedLogs: { keyPath: 'log', indexes: { byStatement: 'statement' } },
  searchQueue: { keyPath: 'nr', autoIncrement: true, indexes: { byMessage: 'id' } },
  searchSegments: {
    keyPath: 'id', indexes: { byMessage: { keyPath: 'ids', multiEntry: true } },
  },
};

/** Somebody else wrote between a reading and the transaction that relied on it: read again. */
export class Conflict extends Error {
  name = 'Conflict';
}

export function databaseName(user) {
  return `sotto:${user}`;
}

/**
 * Opens the account's database; makes it, or brings an older one up to date, if need be.
 *
 * @param {string[]} [names] the stores that a new one gets
 * @returns {Promise<IDBDatabase>} rejects if the browser refuses storage
 */
export function openDatabase(user, names = Object.keys(STORES)) {
  const opening = indexedDB.open(databaseName(user), VERSION);
  opening.onupgradeneeded = ({ oldVersion }) => upgrade(opening.transaction, oldVersion, names);
  return settle(opening);
}

/** As `openDatabase`, and makes none. @returns {Promise<IDBDatabase|null>} null if there is none */
export function openIfThere(user) {
  let isNone = false;
  const opening = indexedDB.open(databaseName(user), VERSION);
  opening.onupgradeneeded = ({ oldVersion }) => {
    isNone = oldVersion === 0;
    if (isNone) opening.transaction.abort();
    else upgrade(opening.transaction, oldVersion, Object.keys(STORES));
  };
  return settle(opening).catch(error => {
    if (!isNone) throw error;
    return null;
  });
}

export function deleteDatabase(user) {
  return settle(indexedDB.deleteDatabase(databaseName(user)));
}

/** What an older version has stays: stores and indexes are added, rows get what is new in them. */
function upgrade(transaction, oldVersion, names) {
  createStores(transaction, names);
  if (oldVersion === 2) keepMemberships(transaction);
  if (oldVersion > 0 && oldVersion < 4) {
    keepOwnList(transaction);
    markUnarchived(transaction);
  }
  if (oldVersion > 0 && oldVersion < 5) queueForSearch(transaction);
  if (oldVersion > 0 && oldVersion < 6) shareArranged(transaction);
}

function createStores(transaction, names) {
  const { db: database } = transaction;
  for (const name of names) {
    const { indexes = {}, ...options } = STORES[name];
    const store = database.objectStoreNames.contains(name) ? transaction.objectStore(name)
      : database.createObjectStore(name, options);
    for (const [index, shape] of Object.entries(indexes)) {
      if (store.indexNames.contains(index)) continue;
      const { keyPath = shape, multiEntry = false } = shape;
      store.createIndex(index, keyPath, { multiEntry });
    }
  }
}

/** The present membership of each group is the first to go back to. */
function keepMemberships(transaction) {
  const memberships = transaction.objectStore('memberships');
  transaction.objectStore('groups').openCursor().onsuccess = ({ target: { result: cursor } }) => {
    if (!cursor) return;
    const row = cursor.value;
    const { group, membership } = row;
    const joining = row.joining && withGeneration(row.joining);
    cursor.update({ ...withGeneration(row), joining });
    if (membership) memberships.put(withRestoredNr(membership), [group, membership.changedNr]);
    cursor.continue();
  };
}

/** The own device list of an account that has only one device. */
function keepOwnList(transaction) {
  const [contacts, ownLists] = ['contacts', 'ownLists'].map(name => transaction.objectStore(name));
  transaction.objectStore('meta').get('account').onsuccess = ({ target: { result: account } }) => {
    if (account) beginOwnContact({ contacts, ownLists }, account);
  };
}

/** There was no archive before: all texts are still to be put into it. */
function markUnarchived(transaction) {
  const messages = transaction.objectStore('messages');
  messages.openCursor().onsuccess = ({ target: { result: cursor } }) => {
    if (!cursor) return;
    if (cursor.value.kind === 'text') cursor.update({ ...cursor.value, archive: NOT_ARCHIVED });
    cursor.continue();
  };
}

/** There was nothing ready before: all messages are still to be looked at. */
function queueForSearch(transaction) {
  const queue = transaction.objectStore('searchQueue');
  const messages = transaction.objectStore('messages');
  messages.openCursor().onsuccess = ({ target: { result: cursor } }) => {
    if (!cursor) return;
    queue.add({ id: cursor.value.id, time: timeOf(cursor.value) });
    cursor.continue();
  };
}

/** How conversations are listed was not shared before: each device has its say. */
function shareArranged(transaction) {
  const conversations = transaction.objectStore('conversations');
  conversations.openCursor().onsuccess = ({ target: { result: cursor } }) => {
    if (!cursor) return;
    const { pinned, muted, archived } = cursor.value;
    if (pinned || muted || archived) cursor.update({ ...cursor.value, isArranged: true });
    cursor.continue();
  };
}

function withGeneration(state) {
  const membership = state.membership && withRestoredNr(state.membership);
  return { ...state, membership, generation: 1, missed: [] };
}

function withRestoredNr(membership) {
  return { ...membership, restoredNr: null };
}

/** @returns {Promise<*>} the result of an IDBRequest */
export function settle(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export function read(database, names, run) {
  return transact(database, names, 'readonly', run);
}

/** One transaction, on disk when the promise resolves; nothing of it holds if it rejects. */
export function write(database, names, run) {
  return transact(database, names, 'readwrite', run);
}

/**
 * `run` gets the object stores by name, and may await requests of this transaction only: at any
 * other await the transaction would commit by itself, which is an error here.
 */
function transact(database, names, mode, run) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(names, mode, { durability: 'strict' });
    const stores = Object.fromEntries(names.map(name => [name, transaction.objectStore(name)]));
    let outcome;
    transaction.oncomplete = () => {
      if (outcome) resolve(outcome.result);
      else reject(new Error('the transaction ended before its work'));
    };
    transaction.onabort = () => reject(outcome?.error ?? transaction.error);
    const work = (async () => run(stores))();
    work.then(
      result => { outcome = { result }; },
      error => {
        outcome = { error };
        transaction.abort();
      });
  });
}
