/** Plain lines of the timeline that no person wrote. */

import { randomBytes } from '../crypto/bytes.js';
import { addMessage, conversationOf, conversationOfGroup, rowId } from '../store/conversations.js';

/** Inside a transaction over conversations and messages. @returns {Promise<object>} the row */
export function addNotice(stores, ownUser, user, notice, count) {
  return addMessage(stores, user, {
    conversation: conversationOf(ownUser, user),
    id: noticeId(ownUser),
    mine: false,
    from: user,
    sentAt: Date.now(),
    kind: 'notice',
    notice,
    count,
  });
}

/**
 * As `addNotice`, in a group.
 *
 * @param {{notice: string, by?: string, about?: string, sealedName?: Uint8Array, at?: number}} what
 *   who did it, to whom, and when
 */
export function addGroupNotice(stores, ownUser, group, id, what) {
  return addMessage(stores, undefined, {
    conversation: conversationOfGroup(group),
    id,
    mine: false,
    from: what.by ?? ownUser,
    sentAt: Date.now(),
    kind: 'notice',
    notice: `group-${what.notice}`,
    about: what.about,
    sealed: what.sealedName,
    at: what.at,
  });
}

/** The id of a new notice's row. */
export function noticeId(ownUser) {
  return rowId(ownUser, randomBytes(16));
}
