/**
 * The newest signed acknowledgement that names each log (docs/audit.md §6), inside a caller's
 * transaction over both stores. One that no log needs any more goes, so there are never more of
 * them than logs.
 *
 * Acknowledgement: {items, signature, signedAt}. Log: {log, statement, generation, sequenceNr}:
 * which acknowledgement names it, and how far.
 */

import { settle } from './database.js';

/** The names of the object stores that these functions need. */
export const ACKNOWLEDGEMENT_STORES = ['acknowledgements', 'acknowledgedLogs'];

/** Keeps a statement for each log that it acknowledges further than any before. */
export async function keepAcknowledgement({ acknowledgements, acknowledgedLogs }, statement) {
  const key = await settle(acknowledgements.add(statement));
  const perhapsSuperseded = new Set([key]);
  for (const { kind, owner, generation, sequenceNr } of statement.items) {
    const log = `${kind} ${owner}`;
    const before = await settle(acknowledgedLogs.get(log));
    // What is pushed once more is acknowledged once more, and may be older.
    if (before && isFurther(before, { generation, sequenceNr })) continue;
    acknowledgedLogs.put({ log, statement: key, generation, sequenceNr });
    if (before) perhapsSuperseded.add(before.statement);
  }
  for (const old of perhapsSuperseded) {
    const needed = await settle(acknowledgedLogs.index('byStatement').count(old));
    if (needed === 0) acknowledgements.delete(old);
  }
}

/** In the order in which they were signed. @returns {Promise<object[]>} */
export function newestAcknowledgements({ acknowledgements }) {
  return settle(acknowledgements.getAll());
}

function isFurther(one, other) {
  return one.generation > other.generation
    || (one.generation === other.generation && one.sequenceNr > other.sequenceNr);
}
