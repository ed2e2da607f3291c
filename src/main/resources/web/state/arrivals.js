/** What is new in a conversation and worth a notification. */
import { plainName } from './file-names.js';

/**
 * What an event brings that a person may want to be told of: {conversation, text, from, isMention};
 * null if nothing. What a list of conversations holds when it is first told, and history that comes
 * from before, is not new: only a higher number of unread messages at the end of a conversation is.
 * Where a conversation is muted, only what names the person is told.
 *
 * @param state as it was before the event
 */
export function arrivalIn(state, { type, conversation }) {
  if (type !== 'conversation' || state.conversations === null) return null;
  const before = state.conversations[conversation.id] ?? { unread: 0, lastOrdinal: 0 };
  const { id, unread, lastOrdinal, lastMine, lastFrom, muted = false } = conversation;
  const isNew = unread > before.unread && lastOrdinal > before.lastOrdinal && !lastMine;
  const isAttended = state.attentive && state.open === id;
  const isMention = (state.mentioned[id] ?? -Infinity) > before.lastOrdinal;
  if (!isNew || isAttended || muted && !isMention) return null;
  const { lastText = '', lastKind } = conversation;
  const text = lastKind === 'file' ? plainName(lastText) : lastText;
  return { conversation: id, text, from: lastFrom ?? null, isMention };
}
