/**
 * How conversations stand in the list, as the devices of a user share it (docs/protocol.md §13):
 * inside a caller's transaction over `conversations`. A conversation's row has `isArranged` if it
 * was changed here and not put yet.
 */

import {
  ARRANGEMENTS, arranged, conversationOfGroup, groupOf, isGroupConversation,
} from '../store/conversations.js';
import { settle } from '../store/database.js';

/** Of which a blob says how they stand. */
const CONVERSATIONS_MAX = 150;

/**
 * @param {object[]} elsewhere what others say of conversations that are not here
 * @returns {Promise<object[]>} entries of a blob, in a fixed order
 */
export async function arrangedRows({ conversations }, elsewhere) {
  const rows = await settle(conversations.getAll());
  const here = new Set(rows.map(entryName));
  const entries = rows.map(row => ({ conversation: entryName(row), ...marksOf(row) }))
    .filter(hasMarks);
  const byName = (left, right) => (left.conversation < right.conversation ? -1 : 1);
  return [...entries, ...elsewhere.filter(({ conversation }) => !here.has(conversation))]
    .sort((left, right) => rankOf(left) - rankOf(right) || byName(left, right))
    .slice(0, CONVERSATIONS_MAX).sort(byName);
}

/**
 * Takes over what another device put, but for what was changed here.
 *
 * @param {object[]|undefined} theirs entries; undefined in a blob of an older client, which says
 *   nothing of it
 * @returns {Promise<{elsewhere: object[], moved: string[]}|null>} what is said of conversations that
 *   are not here, and the ids of those that stand in another way now
 */
export async function joinArranged({ conversations }, theirs) {
  if (!theirs) return null;
  const said = new Map(theirs.map(entry => [rowName(entry), entry]));
  const moved = [];
  for (const row of await settle(conversations.getAll())) {
    if (isLeftOut(theirs, said, row)) continue;
    const entry = said.get(row.id) ?? {};
    said.delete(row.id);
    if (place({ conversations }, row, entry)) moved.push(row.id);
  }
  return { elsewhere: [...said.values()], moved };
}

/** Whether one of these conversations is here now. */
export async function isAnyHere({ conversations }, elsewhere) {
  const keys = await Promise.all(elsewhere.map(entry =>
    settle(conversations.getKey(rowName(entry)))));
  return keys.some(key => key !== undefined);
}

/** Whether one was changed here and not put yet. */
export async function isAnyArranged({ conversations }) {
  return (await settle(conversations.getAll())).some(({ isArranged }) => isArranged);
}

/**
 * What was said of conversations that have come since.
 *
 * @returns {Promise<{elsewhere: object[], moved: string[]}>} as of joinArranged
 */
export async function placeArranged({ conversations }, elsewhere) {
  const left = [];
  const moved = [];
  for (const entry of elsewhere) {
    const row = await settle(conversations.get(rowName(entry)));
    if (!row) left.push(entry);
    else if (place({ conversations }, row, entry)) moved.push(row.id);
  }
  return { elsewhere: left, moved };
}

/**
 * Another device says how this conversation stands. What was changed here counts until it says the
 * same.
 *
 * @returns {boolean} whether it stands in another way now
 */
function place({ conversations }, { isArranged, ...row }, entry) {
  if (isSame(row, entry)) {
    if (isArranged) conversations.put(row);
    return false;
  }
  if (!isArranged) conversations.put(arranged(row, everyMark(entry)));
  return !isArranged;
}

/** These entries were put: what was changed meanwhile is still to be put. */
export async function putArranged({ conversations }, entries) {
  const put = new Map(entries.map(entry => [rowName(entry), entry]));
  for (const { isArranged, ...row } of await settle(conversations.getAll())) {
    const isPut = isLeftOut(entries, put, row) || isSame(row, put.get(row.id) ?? {});
    if (isArranged && isPut) conversations.put(row);
  }
}

/** A list that is full says nothing of the others. */
function isLeftOut({ length }, said, { id }) {
  return length >= CONVERSATIONS_MAX && !said.has(id);
}

/** Of more than a blob holds, those go last that are archived and nothing else. */
function rankOf({ pinned, muted }) {
  return pinned || muted ? 0 : 1;
}

function marksOf(row) {
  return Object.fromEntries(ARRANGEMENTS.filter(name => row[name]).map(name => [name, true]));
}

function everyMark(entry) {
  return Object.fromEntries(ARRANGEMENTS.map(name => [name, Boolean(entry[name])]));
}

function hasMarks(entry) {
  return ARRANGEMENTS.some(name => entry[name]);
}

function isSame(row, entry) {
  return ARRANGEMENTS.every(name => Boolean(row[name]) === Boolean(entry[name]));
}

/** As it travels: a group's is its id alone. */
function entryName({ id }) {
  return isGroupConversation(id) ? groupOf(id) : id;
}

function rowName({ conversation }) {
  return conversation.includes('+') ? conversation : conversationOfGroup(conversation);
}
