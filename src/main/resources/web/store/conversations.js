/**
 * Rows of conversations and messages, inside a caller's transaction over both stores.
 *
 * Conversation: {id, user?, group?, nextOrdinal, lastOrdinal, readOrdinal, unread,
 * firstUnreadOrdinal?, awaitedRead?, seenOrdinal?, awaitedSeen?, draft?, muted?, pinned?,
 * archived?, isArranged?, disappearAfter?, activeAt?}: with a person, or of a group. `draft` is sealed,
 * `lastOrdinal` is 0 while there is no message; up to the message with the id `awaitedRead`, which
 * has not come yet, another device of the user has read. `seenOrdinal` is that of the user's last
 * message that the other person has read; `awaitedSeen` names it while its own copy is still to
 * come. `muted`, `pinned` and `archived` are true or not there, as `isArranged`: the other devices
 * may not know them yet. `disappearAfter` is the timer's, see timers.js;
 * `activeAt` the time of the newest message that has disappeared.
 * Message: {conversation, ordinal, id, mine, from, device?, sentAt, receivedAt?, acceptedAt?,
 * sequenceNr?, kind, sealed?, replyTo?, state?, reason?, sentTo?, copiedTo?, deliveredTo?,
 * disappearAfter?, goneAt? (for these two see lifetime.js)}; `sealed` is its text, or what a file's message says of the file; `replyTo` the id of the row that it
 * answers, `sequenceNr` its number in a group's log, `device` the one that wrote it, if that is not
 * this one. `sentTo` and `copiedTo` say for which devices it was encrypted, `deliveredTo` which of
 * them have it. The id holds the sender's name: two people's ids never meet. Rows of changes are
 * among those of messages, see changes.js.
 */

import { base64url, compare, fromBase64url, utf8 } from '../crypto/bytes.js';
import { settle } from './database.js';
import { isCounted, isText } from './kinds.js';
import { beginTimes, begun, placeOfGone, withArchive } from './lifetime.js';
import { SEARCH_STORES, noteText } from './search.js';

/** The names of the object stores that these functions need. */
export const CONVERSATION_STORES = ['conversations', 'messages', ...SEARCH_STORES];

/** As CONVERSATION_STORES, of `markReadUpTo` and `markSeenUpTo`. */
export const READING_STORES = [...CONVERSATION_STORES, 'meta', 'seen'];

const GROUP_PREFIX = 'group:';
/** More lines that nobody wrote do not stand in a row. */
const NOTICES_MAX = 50;

/** The id of the conversation of two people (docs/protocol.md §1.3). */
export function conversationOf(one, other) {
  return [one, other].sort((left, right) => compare(utf8(left), utf8(right))).join('+');
}

/** The other user of a conversation of two people; null if it is none of `user` and another. */
export function peerIn(conversation, user) {
  const peer = conversation.split('+').find(name => name !== user);
  return peer && conversationOf(user, peer) === conversation ? peer : null;
}

/** The id of a group's conversation. */
export function conversationOfGroup(group) {
  return `${GROUP_PREFIX}${group}`;
}

/** Whether this is the id of a group's conversation; no user name has a colon. */
export function isGroupConversation(id) {
  return id.startsWith(GROUP_PREFIX);
}

/** The group of its conversation's id. */
export function groupOf(id) {
  return id.slice(GROUP_PREFIX.length);
}

/** The id of a message's row. */
export function rowId(from, messageId) {
  return `${from}/${base64url(messageId)}`;
}

/** The message id, 16 bytes, of a row. */
export function messageIdOf(row) {
  return fromBase64url(row.id.slice(row.id.indexOf('/') + 1));
}

/** Where a message's text is sealed. */
export function messagePlace(row) {
  return ['message', row.conversation, row.id];
}

/** How the list can show a conversation. */
export const ARRANGEMENTS = ['muted', 'pinned', 'archived'];

/** The row of a conversation that is shown in another way. @param {object} change booleans */
export function arranged(row, change) {
  const next = { ...row };
  for (const name of ARRANGEMENTS) {
    if (change[name] === true) next[name] = true;
    if (change[name] === false) delete next[name];
  }
  return next;
}

/** The conversation's row; a new one if there is none yet. @param {string} [user] of a person */
export async function conversationRow({ conversations }, id, user) {
  const row = await settle(conversations.get(id));
  if (row) return row;
  const whose = isGroupConversation(id) ? { group: groupOf(id) } : { user };
  const made = { id, ...whose, nextOrdinal: 1, lastOrdinal: 0, readOrdinal: 0, unread: 0 };
  conversations.put(made);
  return made;
}

/**
 * Adds a message at the end of its conversation.
 *
 * @param {object} message a row without its ordinal
 * @returns {Promise<object>} the row
 */
export async function addMessage(stores, user, message) {
  const conversation = await conversationRow(stores, message.conversation, user);
  const placed = { ...message, ordinal: conversation.nextOrdinal };
  const isRead = conversation.awaitedRead && hasMessageId(placed, conversation.awaitedRead);
  const row = isText(placed) ? withArchive(isRead ? begun(placed) : placed) : placed;
  conversation.nextOrdinal++;
  conversation.lastOrdinal = row.ordinal;
  // What somebody writes brings a conversation back, unless its owner wants to hear nothing of it.
  if (row.kind !== 'notice' && !conversation.muted && conversation.archived) {
    delete conversation.archived;
    conversation.isArranged = true;
  }
  if (isCounted(row)) {
    conversation.unread++;
    conversation.firstUnreadOrdinal ??= row.ordinal;
  }
  if (isRead) {
    await beginTimes(stores, conversation.id, conversation.readOrdinal, row.ordinal);
    setRead(conversation, row.ordinal, []);
    delete conversation.awaitedRead;
  }
  if (row.mine && conversation.awaitedSeen && hasMessageId(row, conversation.awaitedSeen)) {
    conversation.seenOrdinal = row.ordinal;
    delete conversation.awaitedSeen;
  }
  stores.messages.put(row);
  stores.conversations.put(conversation);
  await noteText(stores, row);
  return row;
}

/** Puts a message at the end of its conversation. @returns {Promise<object>} the changed row */
export async function moveToEnd(stores, row) {
  const conversation = await settle(stores.conversations.get(row.conversation));
  if (row.ordinal === conversation.lastOrdinal) {
    stores.messages.put(row);
    return row;
  }
  stores.messages.delete([row.conversation, row.ordinal]);
  return addMessage(stores, conversation.user, row);
}

export async function deleteMessage(stores, row) {
  stores.messages.delete([row.conversation, row.ordinal]);
  await noteText(stores, row);
  await uncount(stores, row);
  const conversation = await settle(stores.conversations.get(row.conversation));
  if (conversation.lastOrdinal !== row.ordinal) return;
  const [last] = await messagePage(stores, row.conversation, row.ordinal, 1);
  conversation.lastOrdinal = last?.ordinal ?? 0;
  stores.conversations.put(conversation);
}

/** A message that was unread, if it was, has gone or was deleted. */
export async function uncount(stores, row) {
  const conversation = await settle(stores.conversations.get(row.conversation));
  if (!isCounted(row) || row.ordinal <= conversation.readOrdinal) return;
  conversation.unread--;
  if (conversation.firstUnreadOrdinal === row.ordinal) {
    const next = await nextCounted(stores, row);
    delete conversation.firstUnreadOrdinal;
    if (next) conversation.firstUnreadOrdinal = next.ordinal;
  }
  stores.conversations.put(conversation);
}

function nextCounted({ messages }, { conversation, ordinal }) {
  const later = IDBKeyRange.bound([conversation, ordinal], [conversation, Infinity], true);
  return new Promise((resolve, reject) => {
    const cursors = messages.openCursor(later);
    cursors.onerror = () => reject(cursors.error);
    cursors.onsuccess = () => {
      const cursor = cursors.result;
      if (!cursor || isCounted(cursor.value)) resolve(cursor?.value);
      else cursor.continue();
    };
  });
}

/** @returns {Promise<object|undefined>} */
export function messageById({ messages }, id) {
  return settle(messages.index('byId').get(id));
}

/** The `limit` newest messages before an ordinal, oldest first. */
export function messagePage({ messages }, conversation, before, limit) {
  const range = IDBKeyRange.bound([conversation, -Infinity], [conversation, before], false, true);
  return new Promise((resolve, reject) => {
    const page = [];
    const cursors = messages.openCursor(range, 'prev');
    cursors.onerror = () => reject(cursors.error);
    cursors.onsuccess = () => {
      const cursor = cursors.result;
      if (!cursor || page.length === limit) {
        resolve(page.reverse());
        return;
      }
      page.push(cursor.value);
      cursor.continue();
    };
  });
}

/** Everything up to an ordinal was seen. */
export async function markRead(stores, id, ordinal) {
  const conversation = await settle(stores.conversations.get(id));
  if (ordinal <= conversation.readOrdinal) return conversation;
  const later = IDBKeyRange.bound([id, ordinal], [id, Infinity], true);
  const rows = (await settle(stores.messages.getAll(later)))
    .filter(isCounted);
  const read = { ...conversation };
  setRead(read, ordinal, rows);
  stores.conversations.put(read);
  return read;
}

/** The message id, as it travels, of the newest message up to an ordinal that somebody wrote. */
export async function writtenUpTo(stores, conversation, ordinal) {
  const rows = await messagePage(stores, conversation, ordinal + 1, NOTICES_MAX);
  const row = rows.findLast(({ kind }) => kind !== 'notice');
  return row && base64url(messageIdOf(row));
}

/**
 * Everything up to a message was read on another device of the user; it may still be to come.
 *
 * @returns {Promise<object[]>} as of beginTimes
 */
export async function markReadUpTo(stores, id, messageId) {
  const conversation = await settle(stores.conversations.get(id));
  if (!conversation) return [];
  const unread = IDBKeyRange.bound([id, conversation.readOrdinal], [id, Infinity], true);
  const rows = await settle(stores.messages.getAll(unread));
  const last = rows.find(row => hasMessageId(row, messageId))
    ?? await goneIn(stores, id, messageId);
  if (!last) {
    stores.conversations.put({ ...conversation, awaitedRead: messageId });
    return [];
  }
  if (last.ordinal <= conversation.readOrdinal) return [];
  await markRead(stores, id, last.ordinal);
  return beginTimes(stores, id, conversation.readOrdinal, last.ordinal);
}

/** Where in a conversation a message was that has disappeared, whoever wrote it. */
async function goneIn(stores, conversation, messageId) {
  const { user } = await settle(stores.meta.get('account'));
  for (const from of new Set([user, peerIn(conversation, user)])) {
    const place = await placeOfGone(stores, `${from}/${messageId}`);
    if (place?.conversation === conversation) return place;
  }
  return undefined;
}

/** The message id, as it travels, of the other person's last text among those just read. */
export async function lastTextIn({ messages }, conversation, after, upTo) {
  const range = IDBKeyRange.bound([conversation, after], [conversation, upTo], true);
  const row = (await settle(messages.getAll(range)))
    .findLast(row => isText(row) && !row.mine);
  return row && base64url(messageIdOf(row));
}

/**
 * The other person has read everything up to a message of the user; it never goes back.
 *
 * @param {string} messageRow the id of its row
 */
export async function markSeenUpTo(stores, id, messageRow, { mayCome }) {
  const conversation = await settle(stores.conversations.get(id));
  if (!conversation) return;
  const row = await messageById(stores, messageRow) ?? await placeOfGone(stores, messageRow);
  if (!row && mayCome) {
    const awaitedSeen = messageRow.slice(messageRow.indexOf('/') + 1);
    stores.conversations.put({ ...conversation, awaitedSeen });
  } else if (row?.conversation === id && row.ordinal > (conversation.seenOrdinal ?? 0)) {
    stores.conversations.put({ ...conversation, seenOrdinal: row.ordinal });
  }
}

function setRead(conversation, ordinal, unread) {
  conversation.readOrdinal = ordinal;
  conversation.unread = unread.length;
  delete conversation.firstUnreadOrdinal;
  if (unread.length > 0) conversation.firstUnreadOrdinal = unread[0].ordinal;
}

function hasMessageId(row, messageId) {
  return row.id.endsWith(`/${messageId}`);
}
