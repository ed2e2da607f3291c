/**
 * Where this device stands in its user's archive (docs/protocol.md §14), and which messages are in
 * it, inside a caller's transaction.
 *
 * Row `archive` of `meta`: {on, dropping, generation, seen, appended, head, top, reading}. `on` is
 * null until this device knows what the others have chosen. `dropping` says that the server has not
 * confirmed yet that it erased everything; `seen` is the highest number that the server showed, in
 * this generation of the inbox, `appended` that of the newest batch of this device. `head` is the
 * place up to which all batches are known, null if none is; `reading` says how far those above it
 * are read, and `top` is the place of the newest of these.
 *
 * The row of what somebody said has `archive`, the number of a batch that holds it or NOT_ARCHIVED;
 * none if it disappears, or changes what does, or what is not here yet.
 */

import { CHANGE_STORES, arrived, takeChange } from './changes.js';
import { conversationRow, messageById, peerIn } from './conversations.js';
import { NOT_ARCHIVED, settle } from './database.js';
import { comparePlaces, isChange, isSaid } from './kinds.js';
import { isLasting } from './lifetime.js';
import { timeOf } from './message-time.js';
import { noteText } from './search.js';

/** The names of the object stores that these functions need. */
export const ARCHIVE_STORES = [...CHANGE_STORES, 'meta'];

const ROW = 'archive';
const BEGINNING = {
  on: null, dropping: false, generation: null, seen: 0, appended: 0, head: null, top: null,
  reading: null,
};
/** What is not on the server: whether it ever will be is not known. */
const UNSENT = ['pending', 'not-sent'];

/** Past messages stand below all others, by their time from here on: so many places for each. */
const PAST_FROM_MS = 1_600_000_000_000;
const PAST_MS_MAX = 2 ** 41 - 1;
const PLACES_IN_MS = 2 ** 12;

export async function archiveRow({ meta }) {
  return { ...BEGINNING, ...await settle(meta.get(ROW)) };
}

/** Changes the row. @returns {Promise<object>} what it is now */
export async function changeArchive(stores, change) {
  const row = { ...await archiveRow(stores), ...change };
  stores.meta.put(row, ROW);
  return row;
}

/** What was said and is in no batch yet, oldest first. @returns {Promise<string[]>} ids of rows */
export async function unarchived({ messages }) {
  const rows = await settle(messages.index('byArchive').getAll(NOT_ARCHIVED));
  return oldestFirst(rows).map(({ id }) => id);
}

/** All that was said and is here, oldest first. @returns {Promise<{id: string, time: number}[]>} */
export async function sentTexts({ messages }) {
  return oldestFirst(await settle(messages.getAll()));
}

/** Of whoever asks nothing is, nor of what disappears. */
function isToBeKept(row) {
  return isSaid(row) && isLasting(row) && !UNSENT.includes(row.state);
}

function oldestFirst(rows) {
  return rows.filter(isToBeKept)
    .map(row => ({ id: row.id, ordinal: row.ordinal, time: timeOf(row) }))
    // What a server accepts at once has one time: it stays in the order in which it is shown.
    .sort((left, right) => left.time - right.time || comparePlaces(left, right));
}

/** These are in a batch now. */
export async function markArchived(stores, ids, nr) {
  for (const id of ids) {
    const row = await messageById(stores, id);
    if (row) stores.messages.put({ ...row, archive: nr });
  }
}

/** What stood in batches from a number to another is in none any more; of some rows, if asked. */
export function forgetBatches({ messages }, from, to = Infinity, isMeant = () => true) {
  const rows = messages.index('byArchive').openCursor(IDBKeyRange.bound(from, to));
  return new Promise((resolve, reject) => {
    rows.onerror = () => reject(rows.error);
    rows.onsuccess = () => {
      const cursor = rows.result;
      if (!cursor) return resolve();
      const { value: row } = cursor;
      if (isMeant(row)) cursor.update({ ...row, archive: NOT_ARCHIVED });
      return cursor.continue();
    };
  });
}

/**
 * Adds a past message, in its place before all that this device received itself. Of one time, the
 * newest comes first. One that is shown already stays as it is; one that could not be opened gives
 * its place to the text. A change takes effect, if it counts.
 *
 * @param {string} ownUser
 * @param {object} row of what was said; of a text without its ordinal
 * @returns {Promise<object[]>} rows that are to be told
 */
export async function addPast(stores, ownUser, row) {
  const known = await messageById(stores, row.id);
  if (known && isSaid(known)) {
    if (known.archive === NOT_ARCHIVED) stores.messages.put({ ...known, archive: row.archive });
    return [];
  }
  if (known?.kind === 'deleted') return [];
  return isChange(row) ? takeChange(stores, row, true)
    : [await addPastText(stores, ownUser, row, known)];
}

async function addPastText(stores, ownUser, row, known) {
  const peer = peerIn(row.conversation, ownUser);
  const conversation = await conversationRow(stores, row.conversation, peer);
  const ordinal = known?.ordinal ?? await freeOrdinal(stores, row);
  const { lastOrdinal } = conversation;
  if (lastOrdinal === 0 || lastOrdinal < ordinal) {
    stores.conversations.put({ ...conversation, lastOrdinal: ordinal });
  }
  const added = await arrived(stores, { ...row, ordinal });
  stores.messages.put(added);
  await noteText(stores, added);
  return added;
}

/**
 * The highest free place of the row's time, below every ordinal that is counted: of one time, what
 * is added later stands before what is there.
 */
async function freeOrdinal({ messages }, row) {
  const ms = Math.min(Math.max(timeOf(row) - PAST_FROM_MS, 0), PAST_MS_MAX);
  let ordinal = (ms + 1) * PLACES_IN_MS - 1 - 2 ** 53;
  while (await settle(messages.getKey([row.conversation, ordinal])) !== undefined) ordinal--;
  return ordinal;
}
