/** Plain lines of the timeline that no person wrote. */

import { randomBytes } from '../crypto/bytes.js';
import { addMessage, conversationOf, rowId } from '../store/conversations.js';

/** Inside a transaction over conversations and messages. @returns {Promise<object>} the row */
export function addNotice(stores, ownUser, user, notice, count) {
  return addMessage(stores, user, {
    conversation: conversationOf(ownUser, user),
    id: rowId(ownUser, randomBytes(16)),
    mine: false,
    from: user,
    sentAt: Date.now(),
    kind: 'notice',
    notice,
    count,
  });
}
