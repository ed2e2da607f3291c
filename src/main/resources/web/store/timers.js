/**
 * After how long messages disappear in a conversation (docs/protocol.md §7.9), inside a caller's
 * transaction over CONVERSATION_STORES. The timer that counts is a row among the changes, in a place
 * of its own; the conversation's row has its `disappearAfter`, in seconds, or none for never.
 */

import { randomBytes } from '../crypto/bytes.js';
import {
  addMessage, conversationRow, isGroupConversation, peerIn, rowId,
} from './conversations.js';

/** In the place of an ordinal: one timer counts in a conversation. */
export const TIMER_PLACE = 'timer';

/** A timer with a number further above the highest known is void: nobody uses the numbers up. */
export const TIMER_STEP_MAX = 2 ** 20;

/** What is written from now on disappears after that time. @param {object} timer that counts */
export async function setTimer(stores, { conversation: id, from, mine, seconds }) {
  const { disappearAfter, ...row } = await conversationRow(stores, id, userIn(id, from, mine));
  stores.conversations.put({ ...row, ...seconds > 0 && { disappearAfter: seconds } });
}

/**
 * The line that says who set a timer.
 *
 * @param {string} [notice] what else it says of it
 * @returns {Promise<object>} its row
 */
export function addTimerLine(stores, timer, notice) {
  const { conversation, from, mine, seconds, sentAt, receivedAt } = timer;
  return addMessage(stores, userIn(conversation, from, mine), {
    conversation, id: rowId(from, randomBytes(16)), mine: false, from, sentAt,
    ...!mine && receivedAt && { receivedAt }, kind: 'notice', seconds,
    notice: notice ?? (seconds > 0 ? 'timer' : 'timer-off'),
  });
}

function userIn(conversation, from, mine) {
  if (isGroupConversation(conversation)) return undefined;
  return mine ? peerIn(conversation, from) : from;
}
