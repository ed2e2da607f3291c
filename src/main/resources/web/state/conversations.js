/** Questions about the conversations of a state. */
import { isAttached } from './files.js';
import { isGroup } from './groups.js';
import { isAsked, isBlocked, isDeclined } from './standing.js';
import { emptyTimeline } from './timeline.js';
import { isWriting } from './writing.js';

/**
 * The conversations with people and groups, pinned ones first, then the one with the newest
 * message; null while they are not known. Archived ones and requests are not among them.
 */
export function listed(state) {
  return state.conversations && inOrder(Object.values(state.conversations)
    .filter(conversation => !isArchived(conversation) && !isAsked(conversation)
      && !isDeclined(conversation)));
}

/** Those of strangers, who wait for an answer, the newest first. */
export function requestsOf(state) {
  return inOrder(Object.values(state.conversations ?? {}).filter(isAsked));
}

/** Those that were put away, in the same order. */
export function archivedOf(state) {
  return inOrder(Object.values(state.conversations ?? {}).filter(isArchived));
}

/** What waits for an answer is in sight, wherever it was put before. */
export function isArchived(conversation) {
  const { archived = false, group } = conversation;
  return archived && group?.status !== 'invited' && !isAsked(conversation)
    && !isDeclined(conversation);
}

export function inOrder(conversations) {
  return conversations.sort((a, b) => Number(b.pinned ?? false) - Number(a.pinned ?? false)
    || (b.lastAt ?? 0) - (a.lastAt ?? 0) || (orderOf(a) < orderOf(b) ? -1 : 1));
}

function orderOf({ id, name, user }) {
  return `${user ?? name ?? ''} ${id}`;
}

/** The conversation on screen, or null. */
export function openConversation(state) {
  return state.conversations?.[state.open] ?? null;
}

/** The timeline of a conversation; an empty one if nothing of it is loaded. */
export function timelineOf(state, id) {
  return state.timelines[id] ?? emptyTimeline;
}

/** The conversation with a person alone, or null. */
export function conversationWith(state, user) {
  return Object.values(state.conversations ?? {})
    .find(c => !isGroup(c) && c.user === user) ?? null;
}

/** What is unread, but for conversations that are muted, put away, blocked, or not accepted. */
export function unreadTotal(state) {
  return Object.values(state.conversations ?? {})
    .reduce((sum, c) => sum + (isSilent(c) ? 0 : c.unread), 0);
}

function isSilent(conversation) {
  return conversation.muted || isArchived(conversation) || isAsked(conversation)
    || isBlocked(conversation);
}

/**
 * What the lock of a conversation shows: "verified", "unverified" or "changed" for a person,
 * "encrypted", "changed" or "alarm" for a group.
 */
export function lockOf(conversation) {
  if (isGroup(conversation)) {
    const { alarm, blockedBy } = conversation.group;
    return alarm !== null ? 'alarm' : blockedBy.length > 0 ? 'changed' : 'encrypted';
  }
  if (conversation.keyChanged) {
    return 'changed';
  }
  return conversation.verified ? 'verified' : 'unverified';
}

/** The people to show as online: those found by the search, or all; null while not known. */
export function peopleOnline(state) {
  const { search, online, account } = state;
  const source = search.prefix === '' ? online : search;
  return source?.users ? source.users.filter(user => user !== account.user) : null;
}

/** Whether the page can be loaded anew with nothing lost: nothing typed, sent or decided now. */
export function canReload(state) {
  const waiting = Object.values(state.timelines)
    .some(t => t.loading || t.messages.some(m => m.state === 'pending'))
    || Object.values(state.answers).some(answer => answer.busy);
  return !waiting && state.dialog === null && !state.form.busy
    && state.account.phase === 'signed-in' && !isWriting(state) && !isAttached(state);
}
