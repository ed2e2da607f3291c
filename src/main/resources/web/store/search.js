/**
 * What the search over all messages has ready, inside a caller's transaction. A text is in exactly
 * one of two places: in a segment, which holds many texts sealed as one, or, by the id of its row,
 * in the queue of those that are still to be put into one. Whoever writes a row so that its text is
 * new, another one or gone calls `noteText` in the same transaction: so nothing is missed, whenever
 * the page ends.
 *
 * Row of the queue: {nr, id, time}. A text that changes gets another `nr`.
 * Row of a segment: {id, ids, times, sealed}: `ids` of rows, when each was written, and sealed the
 * list of their texts, as they are compared.
 */

import { settle } from './database.js';
import { timeOf } from './message-time.js';

/** The names of the object stores that these functions need. */
export const SEARCH_STORES = ['searchQueue', 'searchSegments'];

/** Where the texts of a segment are sealed. */
export function segmentPlace(id) {
  return ['search', id];
}

/** The text of a row is new, another one or gone. What was kept of it here is erased. */
export async function noteText(stores, row) {
  const { searchQueue, searchSegments } = stores;
  const [segment, waiting] = await Promise.all([searchSegments, searchQueue]
    .map(store => settle(store.index('byMessage').getKey(row.id))));
  if (segment !== undefined) await dissolve(stores, segment, row.id);
  if (waiting !== undefined) searchQueue.delete(waiting);
  searchQueue.add({ id: row.id, time: timeOf(row) });
}

/** Erases a segment; the texts in it wait for another one, but for one, if it is named. */
export async function dissolve({ searchQueue, searchSegments }, id, without) {
  const segment = await settle(searchSegments.get(id));
  if (!segment) return;
  searchSegments.delete(id);
  segment.ids.forEach((message, i) => {
    if (message !== without) searchQueue.add({ id: message, time: segment.times[i] });
  });
}

/** The rows of the queue that have waited longest. @returns {Promise<object[]>} */
export function firstWaiting({ searchQueue }, count) {
  return settle(searchQueue.getAll(undefined, count));
}

/**
 * Puts a segment in the place of what waited in the queue; does nothing if any of it changed since
 * it was read.
 *
 * @param {object[]} waited rows of the queue, as `firstWaiting` gave them
 * @param {object|null} segment null if none of them has a text
 * @returns {Promise<boolean>} whether it was done
 */
export async function putSegment({ searchQueue, searchSegments }, waited, segment) {
  // What comes later has a higher number: nothing lies between these but themselves.
  const theirs = IDBKeyRange.bound(waited[0].nr, waited.at(-1).nr);
  if (await settle(searchQueue.count(theirs)) !== waited.length) return false;
  searchQueue.delete(theirs);
  if (segment) searchSegments.add(segment);
  return true;
}
