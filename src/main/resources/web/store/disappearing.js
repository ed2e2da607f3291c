/** What disappears when its time is over (docs/protocol.md §7.9), inside a caller's transaction. */

import { CHANGE_STORES, answersTo, dropChanges } from './changes.js';
import { deleteMessage } from './conversations.js';
import { settle } from './database.js';
import { dropFile } from './files.js';
import { keepGone } from './lifetime.js';
import { dropUnsent } from './outbox.js';

/** The names of the object stores that `eraseGone` needs. */
export const GONE_STORES = CHANGE_STORES;

/** So many go in one transaction. */
const AT_ONCE = 100;

/** When the next message goes. @returns {Promise<number|undefined>} undefined if none does */
export async function nextGoneAt({ messages }) {
  const cursor = await settle(messages.index('byGoneAt').openKeyCursor());
  return cursor?.key;
}

/**
 * Erases messages whose time is over, with everything that belongs to them: it costs what goes, not
 * what stays.
 *
 * @returns {Promise<{gone: object[], answers: object[]}>} rows as they were, and of what answered
 *   them; none are gone if there is nothing left to erase
 */
export async function eraseGone(stores, now) {
  const over = IDBKeyRange.upperBound(now);
  const gone = await settle(stores.messages.index('byGoneAt').getAll(over, AT_ONCE));
  const answers = new Map();
  for (const row of gone) {
    for (const answer of await answersTo(stores, row)) answers.set(answer.id, answer);
    await dropUnsent(stores, row.id);
    await dropChanges(stores, row);
    dropFile(stores, row.id);
    await deleteMessage(stores, row);
    keepGone(stores, row);
    await keepActivity(stores, row);
  }
  const isHere = ({ id }) => !gone.some(row => row.id === id);
  return { gone, answers: [...answers.values()].filter(isHere) };
}

/** The conversation keeps its place among the others. */
async function keepActivity({ conversations }, { conversation, receivedAt, sentAt }) {
  const row = await settle(conversations.get(conversation));
  const activeAt = Math.max(row.activeAt ?? 0, receivedAt ?? sentAt);
  conversations.put({ ...row, activeAt });
}
