/**
 * How long a message is there (docs/protocol.md §7.9). Its row has `disappearAfter`, seconds, if it
 * disappears, and from when its time runs `goneAt`, by the clock of this device: whoever sets that
 * back has it longer. What was never read has no `goneAt`, whatever the clock says.
 */

import { NOT_ARCHIVED, settle } from './database.js';

/** The row; if it disappears, its time runs from now on at the latest. */
export function begun(row, now = Date.now()) {
  if (!row.disappearAfter || row.goneAt !== undefined) return row;
  return { ...row, goneAt: now + row.disappearAfter * 1000 };
}

/**
 * What others wrote was read, from behind an ordinal to another.
 *
 * @returns {Promise<object[]>} the rows whose time runs from now on
 */
export async function beginTimes({ messages }, conversation, after, upTo) {
  const range = IDBKeyRange.bound([conversation, after], [conversation, upTo], true);
  const rows = (await settle(messages.getAll(range))).filter(row => !row.mine);
  const changed = rows.map(row => begun(row)).filter((row, i) => row !== rows[i]);
  for (const row of changed) messages.put(row);
  return changed;
}

/** The row, to be archived unless it says where it is; what disappears goes into no archive. */
export function withArchive(row) {
  return row.disappearAfter ? withoutArchive(row)
    : { ...row, archive: row.archive ?? NOT_ARCHIVED };
}

/** The row of which nobody knows yet whether it may be archived; one that is, stays there. */
export function withoutArchive({ archive, ...row }) {
  return archive > 0 ? { ...row, archive } : row;
}

/** Whether it may be put into the archive, or handed over: it stays, and nobody asks with it. */
export function isLasting({ archive }) {
  return archive >= NOT_ARCHIVED;
}

/** Only its id is kept, to know a repeat, and the place up to which somebody may have read. */
export function keepGone({ seen }, { id, conversation, ordinal }) {
  seen.put({ conversation, ordinal }, id);
}

/** @returns {Promise<{conversation, ordinal}|null>} where a message was that has disappeared */
export async function placeOfGone({ seen }, id) {
  const kept = await settle(seen.get(id));
  return kept?.conversation ? kept : null;
}

/** Whether a message was here and has disappeared. */
export async function isGone(stores, id) {
  return await placeOfGone(stores, id) !== null;
}
