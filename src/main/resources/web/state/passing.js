/**
 * Who is writing just now.
 *
 * The part of the state: {writers: {conversation: [user]}, in the order in which they began}.
 */
import { isOfBlocked } from './standing.js';

export const nobodyWrites = Object.freeze({ writers: {} });

const NOBODY = Object.freeze([]);

export function onTyping(state, { conversation, user, isWriting }) {
  const before = state.writers[conversation] ?? NOBODY;
  if (before.includes(user) === isWriting) return state;
  const writers = isWriting ? [...before, user] : before.filter(one => one !== user);
  return { ...state, writers: { ...state.writers, [conversation]: writers } };
}

/** Whoever said something new has written. */
export function withoutWriters(state, conversation, upserts) {
  const last = state.conversations?.[conversation]?.lastOrdinal ?? Infinity;
  return upserts.filter(({ ordinal, removed }) => !removed && ordinal > last)
    .reduce((next, { from: user }) => onTyping(next, { conversation, user, isWriting: false }),
      state);
}

/** Those whom the user sees writing in a conversation. */
export function writersIn(state, conversation) {
  const writers = state.writers[conversation.id] ?? NOBODY;
  const isSeen = user => !isOfBlocked(state, conversation, user);
  return writers.every(isSeen) ? writers : writers.filter(isSeen);
}
