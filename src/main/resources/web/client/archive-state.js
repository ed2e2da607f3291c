/** What the server says is in the archive, against what is known here (docs/protocol.md §14.1). */

import { FIRST_GENERATION } from '../crypto/entry-chain.js';
import { archiveRow, changeArchive, forgetBatches } from '../store/archive.js';
import { ArchiveBroken } from './archive-reading.js';

/** No batch is known. */
export const UNKNOWN = { head: null, top: null, reading: null };

/**
 * Inside a transaction over ARCHIVE_STORES.
 *
 * @param {{first: number, last: number}} state as the server says
 * @param {{generation: number, nr: number}} known generation of the inbox; the highest number that
 *   the devices told each other
 * @returns {Promise<{row: object, isAnew: boolean}>} the row as it is now, and whether a sibling
 *   erased the archive since; rejects with ArchiveBroken
 */
export async function compareState(stores, { first, last }, { generation, nr }) {
  const row = await archiveRow(stores);
  // A server that was restored from a copy goes on from what that held.
  const isLedBack = row.generation !== null && row.generation !== generation;
  const least = Math.max(isLedBack ? 0 : row.seen, generation === FIRST_GENERATION ? nr : 0);
  const most = Math.max(row.seen, nr);
  if (last < least || !isLedBack && most > 0 && first > most + 1) {
    throw new ArchiveBroken('numbers that are not those of before');
  }
  const known = row.head ?? row.top;
  // Begun anew, if at all: what is here may be missing there.
  const isAnew = !isLedBack && Boolean(known) && known.nr < first;
  const change = { generation, seen: last };
  if (row.generation === generation && row.seen === last && !isAnew) return { row, isAnew };
  if (!isLedBack && !isAnew) return { row: await changeArchive(stores, change), isAnew };
  await forgetBatches(stores, 1, isLedBack ? Infinity : first - 1);
  return { row: await changeArchive(stores, { ...UNKNOWN, ...change }), isAnew };
}
