/** What becomes of what somebody said and cannot be sent, inside a caller's transaction. */

import { CHANGE_STORES, changesOf } from '../store/changes.js';
import { messageById } from '../store/conversations.js';
import { settle } from '../store/database.js';
import { dropCopies, hasLeft, outgoingOf, unencrypted } from '../store/outbox.js';
import { noteText } from '../store/search.js';
import { addTimerLine } from '../store/timers.js';

/** The names of the object stores that `parkTexts` needs. */
export const PARKING_STORES = ['contacts', ...CHANGE_STORES];

/** Changes that wait for nobody if they cannot be sent. */
const NOT_ASKED = ['reaction', 'timer'];

/**
 * The row waits for the user; what is nothing of theirs is given up. So is a reaction, which nobody
 * else is shown either, but for one that was accepted before; and a timer, which counts here all the
 * same, and a line says that the others were not told.
 *
 * @param {object} outgoing row of the outbox, as it was before it was encrypted
 * @returns {Promise<object|null>} the row of a message that looks different now
 */
export async function park(stores, outgoing, reason) {
  const said = outgoing.message && await messageById(stores, outgoing.message);
  const isPending = said?.state === 'pending';
  if (isPending && !NOT_ASKED.includes(said.kind)) {
    stores.outbox.put({ ...outgoing, parked: true });
    const unsent = { ...said, state: 'not-sent', reason };
    stores.messages.put(unsent);
    return unsent;
  }
  stores.outbox.delete(outgoing.seq);
  if (!isPending) return null;
  if (said.kind === 'timer') {
    const { state, ...kept } = said;
    stores.messages.put(kept);
    return addTimerLine(stores, said, 'timer-not-sent');
  }
  if (outgoing.again) {
    const sent = { ...said, state: 'sent' };
    stores.messages.put(sent);
    return sent;
  }
  await forget(stores, said);
  return said;
}

/**
 * What was written to somebody who is blocked now goes no more; the user can see that. What is on
 * its way may be there: its number counts as used.
 *
 * @returns {Promise<object[]>} rows of messages that look different now
 */
export async function parkTexts(stores, user) {
  const told = [];
  for (const row of await settle(stores.outbox.index('byTo').getAll(user))) {
    if (!row.message || row.parked) continue;
    if (row.n) await useNumber(stores, user, row.n);
    const sentBefore = row.sentBefore || hasLeft(row);
    const shown = await park(stores, { ...unencrypted(row), sentBefore }, 'blocked');
    if (shown) told.push(shown);
  }
  return told;
}

async function useNumber({ contacts }, user, n) {
  const contact = await settle(contacts.get(user));
  contacts.put({ ...contact, sentN: Math.max(contact.sentN, n) });
}

/** What was not sent of a message: itself, or how its writer changed it. */
export async function unsentOf(stores, row) {
  const all = [row, ...await changesOf(stores, row)];
  return all.filter(({ state }) => state === 'not-sent');
}

/** What was not sent is to be sent after all. */
export async function sendParked(stores, { reason, limit, ...said }) {
  const { parked, ...outgoing } = await outgoingOf(stores, said.id);
  stores.outbox.put(outgoing);
  stores.messages.put({ ...said, state: 'pending' });
}

/** What was not sent is not to be sent any more. What was deleted cannot be brought back. */
export async function giveUp(stores, said) {
  const { seq } = await outgoingOf(stores, said.id);
  stores.outbox.delete(seq);
  if (said.kind !== 'delete') {
    await forget(stores, said);
    return;
  }
  await dropCopies(stores, said.id);
  const { state, reason, limit, ...kept } = said;
  stores.messages.put(kept);
}

/** Whether nobody has this message, nor can get it. */
export async function isHereOnly(stores, { id, state, sentTo }) {
  const row = await outgoingOf(stores, id);
  const isUnsent = ['pending', 'not-sent'].includes(state) && !sentTo;
  return isUnsent && Boolean(row) && !mayBeThere(row) && !hasLeft(row);
}

/** As `park`, of what the server has just refused: nobody got it, if it was not sent before. */
export async function parkRefused(stores, outgoing, reason) {
  const parked = await park(stores, outgoing, reason);
  if (parked?.state !== 'not-sent' || mayBeThere(outgoing)) return parked;
  const { sentTo, ...unsent } = parked;
  stores.messages.put(unsent);
  return unsent;
}

function mayBeThere({ again, sentBefore }) {
  return Boolean(again || sentBefore);
}

async function forget(stores, said) {
  stores.messages.delete([said.conversation, said.ordinal]);
  // Without its edit a message says what it said before.
  const edited = said.kind === 'edit' && await messageById(stores, said.target);
  if (edited) await noteText(stores, edited);
  await dropCopies(stores, said.id);
}
