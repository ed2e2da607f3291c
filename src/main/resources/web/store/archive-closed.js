/**
 * Where the archive ended when own keys were made (docs/protocol.md §13, §14.1): what follows there
 * under an older key may be of a device that was removed, and counts for nothing.
 *
 * Closing: {keyId, nr, hash}. A list of them, rising by `keyId`, is part of what devices share.
 */

import { compare, equal } from '../crypto/bytes.js';
import { forgetBatches } from './archive.js';

/** Both lists as one. Of two closings for one key the lower one counts: it lets less pass. */
export function joinClosed(ours, theirs) {
  const byKey = new Map(ours.map(closing => [closing.keyId, closing]));
  for (const closing of theirs) {
    const known = byKey.get(closing.keyId);
    if (!known || isLower(closing, known)) byKey.set(closing.keyId, closing);
  }
  return [...byKey.values()].sort((left, right) => left.keyId - right.keyId);
}

/**
 * Inside a transaction over `messages`. What this device received or wrote itself, and found behind
 * a closing that is news here, is appended again: what stands there may be passed over. Of texts
 * that it has from there alone this device does not vouch.
 */
export async function forgetLate(stores, before, after) {
  const news = after.filter(closing => !before.some(known => isSame(known, closing)));
  if (news.length === 0) return;
  const from = Math.min(...news.map(({ nr }) => nr)) + 1;
  await forgetBatches(stores, from, Infinity, ({ ordinal }) => ordinal > 0);
}

function isSame(one, other) {
  return one.keyId === other.keyId && one.nr === other.nr && equal(one.hash, other.hash);
}

function isLower(one, other) {
  if (one.nr !== other.nr) return one.nr < other.nr;
  return compare(one.hash, other.hash) < 0;
}
