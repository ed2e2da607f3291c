/**
 * After the server was restored from a copy: what it had accepted of this device is sent again,
 * encrypted anew under the same message ids (docs/protocol.md §10). Who has it already drops it.
 */

import { equal } from '../crypto/bytes.js';
import { conversationOfGroup } from '../store/conversations.js';
import { settle } from '../store/database.js';
import { comparePlaces, isSaid } from '../store/kinds.js';
import { addCopy, addOutgoing, isWaiting } from '../store/outbox.js';
import { hasSiblings } from '../store/own-list.js';

/** A message that was accepted shortly before the copy may not have been in it. */
const MARGIN_MS = 60_000;

/** No copy of a log ends before this number. */
const BEFORE_ALL = 0;

/**
 * Inside a transaction: texts to people that were accepted since the copy, without a receipt. What
 * was meant for an account key that its owner no longer has is not sent to another one. Own copies
 * have no receipts: all of them go to the own other devices.
 *
 * @returns {Promise<Map<string, object[]>>} changed rows, by user
 */
export async function sendTextsAgain(stores, copyTime) {
  const changed = new Map();
  const siblings = await hasSiblings(stores);
  for (const { id, user } of await settle(stores.conversations.getAll())) {
    const contact = user && await settle(stores.contacts.get(user));
    if (!contact) continue;
    const rows = (await sentIn(stores, id))
      .filter(row => acceptedSince(row, copyTime) && isMeantFor(row, contact));
    changed.set(user, await sendAgain(stores, user, rows));
    if (siblings) await copyAgain(stores, id, copyTime);
  }
  return changed;
}

/**
 * Inside a transaction: posts to a group that stood behind the head of the copy.
 *
 * @param {Restored} entry
 * @returns {Promise<object[]>} changed rows
 */
export async function sendPostsAgain(stores, { owner, previous, copyTime }) {
  const conversation = conversationOfGroup(owner);
  // Those that an older version stored do not say where they stood.
  const isLost = ({ sequenceNr, ...row }) => (sequenceNr === undefined
    ? acceptedSince(row, copyTime) : sequenceNr > previous.sequenceNr);
  return sendAgain(stores, conversation, (await sentIn(stores, conversation)).filter(isLost));
}

/**
 * Inside a transaction: posts of an earlier membership are for nobody of a later one, whose log may
 * come to their numbers once more.
 */
export async function keepPostsOfBefore(stores, group) {
  for (const row of await sentIn(stores, conversationOfGroup(group))) {
    stores.messages.put({ ...row, sequenceNr: BEFORE_ALL });
  }
}

/** Of texts whose copy the others had; of one that goes out again the copy follows it. */
async function copyAgain(stores, conversation, copyTime) {
  const { user: ownUser } = await settle(stores.meta.get('account'));
  const rows = [];
  for (const state of ['pending', 'sent', 'delivered']) {
    rows.push(...await inState(stores, conversation, state));
  }
  const copied = rows.filter(row => row.copiedTo && acceptedSince(row, copyTime))
    .sort(comparePlaces);
  for (const { id } of copied) {
    if (!await isWaiting(stores, 'byCopy', id)) addCopy(stores, ownUser, id, { again: true });
  }
}

function sentIn(stores, conversation) {
  return inState(stores, conversation, 'sent');
}

async function inState({ messages }, conversation, state) {
  const rows = await settle(messages.index('byState').getAll([conversation, state]));
  return rows.filter(isSaid);
}

function acceptedSince({ acceptedAt, sentAt }, copyTime) {
  return (acceptedAt ?? sentAt) >= copyTime - MARGIN_MS;
}

function isMeantFor({ sentTo }, { pin }) {
  return Boolean(sentTo) && equal(sentTo.accountKey, pin.accountKey);
}

async function sendAgain(stores, to, rows) {
  const changed = [];
  for (const row of rows) {
    if (await isWaiting(stores, 'byMessage', row.id)) continue;
    const pending = { ...row, state: 'pending' };
    stores.messages.put(pending);
    addOutgoing(stores, { to, type: 'text', message: row.id, again: true });
    changed.push(pending);
  }
  return changed;
}
