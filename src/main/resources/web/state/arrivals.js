/** What is new in a conversation and worth a notification. */
import { plainName } from './file-names.js';
import { isAsked, isBlocked, isOfBlocked } from './standing.js';

/**
 * What an event brings that a person may want to be told of: {conversation, text, from, isMention},
 * or {conversation, isRequest: true} where a stranger begins to ask; null if nothing. What a list of
 * conversations holds when it is first told, and history that comes from before, is not new: only a
 * higher number of unread messages at the end of a conversation is. Where a conversation is muted,
 * only what names the person is told.
 *
 * @param state as it was before the event
 */
export function arrivalIn(state, { type, conversation }) {
  if (type !== 'conversation' || state.conversations === null) return null;
  if (isAsked(conversation)) return requestIn(state, conversation);
  const before = beforeOf(state, conversation);
  const { id, unread, lastOrdinal, lastMine, lastFrom, muted = false } = conversation;
  const isNew = unread > before.unread && lastOrdinal > before.lastOrdinal && !lastMine;
  const isAttended = state.attentive && state.open === id;
  const isMention = (state.mentioned[id] ?? -Infinity) > before.lastOrdinal;
  if (!isNew || isAttended || muted && !isMention) return null;
  if (isBlocked(conversation) || isOfBlocked(state, conversation, lastFrom)) return null;
  const { lastText = '', lastKind } = conversation;
  const text = lastKind === 'file' ? plainName(lastText) : lastText;
  return { conversation: id, text, from: lastFrom ?? null, isMention };
}

/** However much a stranger writes, it is one request. */
function requestIn(state, conversation) {
  const { id, lastOrdinal } = conversation;
  const isNew = lastOrdinal > 0 && !(beforeOf(state, conversation).lastOrdinal > 0);
  const isAttended = state.attentive && state.open === id;
  return isNew && !isAttended ? { conversation: id, isRequest: true } : null;
}

function beforeOf({ conversations }, { id }) {
  return conversations[id] ?? { unread: 0, lastOrdinal: 0 };
}
