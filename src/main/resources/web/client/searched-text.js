/** What the search looks into, of one message. */

import { Refused } from '../crypto/refused.js';
import { messagePlace } from '../store/conversations.js';

/**
 * @param {object|undefined} row of a message
 * @returns {Promise<string>} empty if nobody wrote a text there, or none that can be read
 */
export async function searchedText(store, row) {
  if (row?.kind !== 'text') return '';
  try {
    return await store.sealing.open(messagePlace(row), row.sealed);
  } catch (error) {
    if (error instanceof Refused) return '';
    throw error;
  }
}
