/** What the server says of the inbox at sign-in, against what is known (docs/protocol.md §5.1). */

import { equal } from '../crypto/bytes.js';

/** After these the device goes on from the cursor that the server names. */
export const JUMPS = ['store-restored', 'device-put-back'];

/**
 * @param {{generation: number, cursor: object, head: object}} claimed
 * @param {{generation: number, head: object}} chain
 * @param {{knownHash: function(number): Promise<Uint8Array|undefined>, isForgotten: boolean}} more
 *   `isForgotten`: the server has no prekeys of this device
 * @returns {Promise<string|null>} the code of an alarm
 */
export async function compareInbox(claimed, { generation: own, head }, { knownHash, isForgotten }) {
  const { generation, cursor, head: claimedHead } = claimed;
  if (generation < own) return 'history-lost';
  if (cursor.sequenceNr > head.sequenceNr) {
    return isForgotten && generation > own ? 'device-put-back' : 'store-restored';
  }
  if (generation > own) return null;
  if (claimedHead.sequenceNr < head.sequenceNr) return 'history-lost';
  for (const { sequenceNr, hash } of [cursor, claimedHead]) {
    const known = sequenceNr === head.sequenceNr ? head.hash : await knownHash(sequenceNr);
    if (known && !equal(known, hash)) return 'history-changed';
  }
  return null;
}
