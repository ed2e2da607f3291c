/**
 * How people change what was said (docs/protocol.md §7.7): rows among the messages, inside a
 * caller's transaction over CHANGE_STORES.
 *
 * Row of a change: {conversation, ordinal, id, kind: 'reaction'|'edit'|'delete'|'timer', target?, nr?,
 * seconds?, waits?, …} with the rest of a message's. `target` is the id of the row that it changes. In the place of an
 * ordinal it has a text that says what it changes of that: no range of ordinals holds it, so that no
 * timeline does; and there is one row for all that would make each other void, however many are
 * sent. `waits` (conversation and sender) says that the target is still to come. What
 * is left of an own change that is void has the kind `void`, until everybody has it.
 */

import { compare } from '../crypto/bytes.js';
import {
  CONVERSATION_STORES, addMessage, deleteMessage, messageById, messageIdOf, uncount,
} from './conversations.js';
import { AWAITS_ACCEPTANCE, settle } from './database.js';
import { FILE_STORES, dropFile, dropOwnFile } from './files.js';
import { isChange, isText } from './kinds.js';
import { isGone, withArchive, withoutArchive } from './lifetime.js';
import { dropUnsent } from './outbox.js';
import { noteText } from './search.js';
import { TIMER_PLACE, TIMER_STEP_MAX, addTimerLine, setTimer } from './timers.js';

/** The names of the object stores that these functions need. */
export const CHANGE_STORES = [...CONVERSATION_STORES, ...FILE_STORES, 'outbox', 'seen'];

/** So many changes of what is not here are kept of one person in a conversation. */
export const WAITING_MAX = 1_000;
const LEAST_FIRST = ['reaction', 'edit', 'delete'];
/** Of so many messages, all changes are read in one request, if their conversation has few. */
const MESSAGES_MIN = 8;
const FEW_CHANGES_MAX = 64;
/** So many answers are told that what they answer looks different. */
const ANSWERS_MAX = 50;

/** How far a message came that is not on its way any more once it was deleted. */
const NOT_YET = ['pending', 'not-sent'];

const ERASABLE = ['text', 'file', 'undecryptable', 'unsupported'];
/** What a change has in the place of an ordinal. Ids of rows have one length for one sender. */
export function changePlace({ kind, target, from }) {
  if (kind === 'timer') return TIMER_PLACE;
  return kind === 'reaction' ? `${target} ${kind} ${from}` : `${target} ${kind}`;
}

/** All changes of a message that count, whether it is here or not. */
export function changesOf({ messages }, { conversation, id }) {
  const range = IDBKeyRange.bound([conversation, `${id} `], [conversation, `${id}!`]);
  return settle(messages.getAll(range));
}

/**
 * Keeps a change, if it counts, and lets it take effect.
 *
 * @param {object} row with all but `waits`
 * @param {boolean} [isPast] it was said before this device was there
 * @returns {Promise<object[]>} rows that are to be told: none if it was void
 */
export async function takeChange(stores, row, isPast = false) {
  const told = [];
  const shown = await messageById(stores, row.id);
  if (shown?.kind === 'undecryptable') {
    await deleteMessage(stores, shown);
    told.push({ ...shown, removed: true });
  } else if (shown && !isChange(shown)) {
    return [];
  }
  if (row.kind === 'timer') told.push(...await keepTimer(stores, row, isPast));
  else if (await keepChange(stores, row)) told.push(row);
  return told;
}

/** Of all timers of a conversation one counts, and stands among the messages as a line. */
async function keepTimer(stores, row, isPast) {
  const rival = await settle(stores.messages.get([row.conversation, row.ordinal]));
  const isBeyond = !isPast && row.nr > (rival?.nr ?? 0) + TIMER_STEP_MAX;
  if (isBeyond || rival && !isNewer(row, rival)) return [];
  if (rival) await replace(stores, rival);
  stores.messages.put(withArchive(row));
  await setTimer(stores, row);
  return [isPast ? row : await addTimerLine(stores, row)];
}

async function keepChange(stores, row) {
  const { conversation, target } = row;
  if (await isGone(stores, target)) return false;
  const others = await changesOf(stores, { conversation, id: target });
  const rival = others.find(({ ordinal }) => ordinal === row.ordinal);
  if (isDeleted(others) || rival && !isNewer(row, rival)) return false;
  const isFinal = row.kind === 'delete';
  for (const one of isFinal ? others : [rival].filter(Boolean)) {
    await replace(stores, one);
  }
  const changed = await messageById(stores, target);
  const isHere = changed?.conversation === conversation;
  const kept = isHere ? withArchiveOf(changed, row) : withoutArchive(row);
  if (!isHere) {
    kept.waits = [conversation, row.from];
    if (!await makeRoom(stores, kept)) return false;
  }
  stores.messages.put(kept);
  if (isHere && isFinal) await erase(stores, changed);
  else if (isHere && kept.kind === 'edit') await noteText(stores, changed);
  return true;
}

/** What becomes of a message is not known before it could be opened, nor where its changes go. */
function withArchiveOf(message, change) {
  const isKnown = isText(message) || message.kind === 'deleted';
  const isLeftOut = !isKnown || message.disappearAfter;
  return isLeftOut ? withoutArchive(change) : withArchive({ archive: asOf(message), ...change });
}

/** A change of what somebody wrote who asks waits with it. */
function asOf({ archive }) {
  return archive === AWAITS_ACCEPTANCE ? archive : undefined;
}

/** What is void is not sent any more; whoever could not open it may still ask what it was. */
async function replace(stores, row) {
  stores.messages.delete([row.conversation, row.ordinal]);
  await dropUnsent(stores, row.id);
  if (row.mine && row.sentTo && !hasArrived(row)) stores.messages.put(voidOf(row));
}

function voidOf({ conversation, id, mine, from, sentAt, sentTo, deliveredTo = [] }) {
  return {
    conversation, ordinal: `void ${id}`, id, mine, from, sentAt, sentTo, deliveredTo, kind: 'void',
  };
}

/** Whether all devices have it that it was encrypted for. */
export function hasArrived({ sentTo, deliveredTo = [] }) {
  return sentTo.devices.every(device => deliveredTo.includes(device));
}

/** As `addMessage`, of what somebody said: changes of it may be here already. */
export async function addSaid(stores, user, row) {
  return addMessage(stores, user, await arrived(stores, row));
}

/** The row of a message that is new here, as the changes that waited for it make it. */
export async function arrived(stores, row) {
  const changes = await changesOf(stores, row);
  for (const { waits, ...change } of changes) stores.messages.put(withArchiveOf(row, change));
  return isDeleted(changes) && ERASABLE.includes(row.kind) ? erased(row) : row;
}

/** Forgets the changes of a message that goes. */
export async function dropChanges(stores, row) {
  for (const change of await changesOf(stores, row)) await replace(stores, change);
}

/**
 * How messages look: what they are, and what others have to do with it.
 *
 * @param {object[]} rows of messages
 * @returns {Promise<{row: object, edit?: object, deletion?: object, reactions: object[],
 *   answered?: {row: object, edit?: object}|null}[]>} `answered`, if the message is an answer, is
 *   null if what it answers is not here
 */
export async function looksOf(stores, rows) {
  const changesOfOne = await changesReader(stores, rows);
  const lookOf = async row => lookWith(row, await changesOfOne(row));
  return Promise.all(rows.map(async row => {
    if (row.kind === 'notice' || row.removed) return { row, reactions: [] };
    const [look, answered] = await Promise.all([lookOf(row), answeredBy(stores, row)]);
    if (answered === undefined) return look;
    return { ...look, answered: answered && await lookOf(answered) };
  }));
}

/** @returns {Promise<function(object): (object[]|Promise<object[]>)>} `changesOf` a row */
async function changesReader(stores, rows) {
  const one = row => changesOf(stores, row);
  if (rows.length < MESSAGES_MIN) return one;
  const [{ conversation }] = rows;
  const range = IDBKeyRange.bound([conversation, ''], [conversation, []]);
  const all = await settle(stores.messages.getAll(range, FEW_CHANGES_MAX + 1));
  if (all.length > FEW_CHANGES_MAX) return one;
  return row => row.conversation === conversation
    ? all.filter(({ ordinal }) => ordinal.startsWith(`${row.id} `)) : one(row);
}

/** The messages that look different when these rows have changed, each once. */
export async function shownBy(stores, rows) {
  const shown = new Map();
  for (const row of rows) {
    if (row.kind === 'timer') continue;
    const message = isChange(row) ? await messageById(stores, row.target) : row;
    if (message?.conversation !== row.conversation) continue;
    const answers = row.kind === 'reaction' || row.removed ? [] : await answersTo(stores, message);
    for (const one of [message, ...answers]) shown.set(one.id, one);
  }
  return [...shown.values()];
}

/** What answers a message, as far as that is told. */
export async function answersTo({ messages }, { conversation, id }) {
  const answers = await settle(messages.index('byAnswered').getAll(id, ANSWERS_MAX));
  return answers.filter(answer => answer.conversation === conversation);
}

function lookWith(row, changes) {
  const ofKind = kind => changes.find(change => change.kind === kind);
  return {
    row,
    edit: row.kind === 'text' ? ofKind('edit') : undefined,
    deletion: ofKind('delete'),
    reactions: changes.filter(({ kind, sealed }) => kind === 'reaction' && sealed),
  };
}

/** The row that a message answers; null if it is not here, undefined if it answers none. */
async function answeredBy(stores, { conversation, replyTo }) {
  if (!replyTo) return undefined;
  const row = await messageById(stores, replyTo);
  return row?.conversation === conversation && !isChange(row) ? row : null;
}

/** Of two changes of one thing, whether the first counts. A delete is final. */
function isNewer(row, rival) {
  if (row.nr !== rival.nr) return row.nr > rival.nr;
  return compare(messageIdOf(row), messageIdOf(rival)) > 0;
}

function isDeleted(changes) {
  return changes.some(({ kind }) => kind === 'delete');
}

async function erase(stores, row) {
  if (!ERASABLE.includes(row.kind)) return;
  stores.messages.put(erased(row));
  if (row.kind === 'file' && row.mine) await dropOwnFile(stores, row.id, Date.now());
  else if (row.kind === 'file') dropFile(stores, row.id);
  await noteText(stores, row);
  await uncount(stores, row);
}

/** Whatever it said, in however many fields, is not among what is left. */
function erased({
  conversation, ordinal, id, mine, from, device, to, sentAt, time, receivedAt, acceptedAt,
  sequenceNr, state, sentTo, copiedTo, deliveredTo,
}) {
  const left = {
    conversation, ordinal, id, mine, from, device, to, sentAt, time, receivedAt, acceptedAt,
    sequenceNr, sentTo, copiedTo, deliveredTo, kind: 'deleted',
    state: NOT_YET.includes(state) ? undefined : state,
  };
  return Object.fromEntries(Object.entries(left).filter(([, value]) => value !== undefined));
}

/**
 * Whoever names what is never sent fills nobody's disk. What counts least goes first: no flood of
 * reactions brings back what was deleted.
 *
 * @returns {Promise<boolean>} whether there is room for this change
 */
async function makeRoom({ messages }, { kind, waits }) {
  const index = messages.index('byWaiting');
  if (await settle(index.count(waits)) < WAITING_MAX) return true;
  const keys = await settle(index.getAllKeys(waits));
  const found = LEAST_FIRST.slice(0, LEAST_FIRST.indexOf(kind) + 1)
    .map(least => keys.find(([, place]) => place.split(' ')[1] === least)).find(Boolean);
  if (found) messages.delete(found);
  return found !== undefined;
}
