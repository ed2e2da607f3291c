/** What did not open, and is asked for again on a new session (docs/protocol.md §7.4, §7.5). */

import { base64url, equal, fromBase64url } from '../crypto/bytes.js';
import { conversationOf, messageById, messageIdOf, rowId } from '../store/conversations.js';
import { settle } from '../store/database.js';
import { comparePlaces, isSaid } from '../store/kinds.js';
import { addCopy, addOutgoing, addRepair, isToBeEncrypted } from '../store/outbox.js';

const LOST_IDS_MAX = 256;
/** So long a device is not asked again by itself: two that cannot read each other stay quiet. */
const ASKED_MS = 60_000;

/** What a device sent and could not be opened: message ids as they travel, and session ids. */
export async function lostFrom({ messages }, conversation, device) {
  const all = await settle(messages.index('byKind').getAll([conversation, 'undecryptable']));
  const rows = all.filter(row => row.device === device).slice(-LOST_IDS_MAX);
  return {
    lost: rows.map(row => base64url(messageIdOf(row))),
    sessions: rows.map(({ session }) => session).filter(Boolean),
  };
}

/**
 * Inside a transaction: a message did not open because of what this browser does not know, or came
 * from an own device. No person has to decide that it is asked for again.
 *
 * @param {{id: string, device: string, session: Uint8Array|undefined}} message
 */
export function keepLost({ lost }, message) {
  lost.put(message);
}

/** Inside a transaction: a message came after all. */
export function foundAgain({ lost }, id) {
  lost.delete(id);
}

/**
 * Asks a device for what was kept as lost, each message once.
 *
 * @param {boolean} isHeard whether something of the device has just opened; otherwise it is not
 *   asked again so soon
 */
export async function repairLost(stores, user, device, isHeard, now) {
  const rows = await settle(stores.lost.index('byDevice').getAll(device));
  const asked = rows.filter(({ askedAt }) => !askedAt).slice(-LOST_IDS_MAX);
  const isSoon = rows.some(({ askedAt = 0 }) => now - askedAt < ASKED_MS);
  if (asked.length === 0 || (isSoon && !isHeard)) return;
  for (const row of asked) stores.lost.put({ ...row, askedAt: now });
  await addRepair(stores, user, device, {
    lost: asked.map(row => base64url(messageIdOf(row))),
    sessions: asked.map(({ session }) => session).filter(Boolean),
  });
}

/**
 * Inside a transaction: sends again what a device lost, encrypted anew under the same message ids:
 * only what was meant for this very device of this very account, and did not arrive there.
 *
 * @param {{fromUser: string, fromDevice: string}} asker
 * @param {string[]} ids as they travel
 */
export async function resendTexts(stores, ownUser, { fromUser, fromDevice: device }, ids) {
  const { pin } = await settle(stores.contacts.get(fromUser));
  const conversation = conversationOf(ownUser, fromUser);
  for (const row of await writtenBy(stores, ownUser, ids)) {
    const wasMeant = row.conversation === conversation
      && row.sentTo?.devices.includes(device) && equal(row.sentTo.accountKey, pin.accountKey)
      && !hasArrivedAt(row, device);
    if (wasMeant && !await isToBeEncrypted(stores, 'byMessage', row.id, device)) {
      addOutgoing(stores, { to: fromUser, type: 'text', message: row.id, again: true, device });
    }
  }
}

/** As `resendTexts`, of own copies. What else was lost may have been the newest own key. */
export async function resendCopies(stores, ownUser, { fromDevice: device }, ids) {
  const rows = await writtenBy(stores, ownUser, ids);
  const id = (await settle(stores.ownKeys.getAllKeys())).at(-1);
  if (rows.length < ids.length && id) {
    addOutgoing(stores, { to: ownUser, type: 'own-key', content: { id }, device });
  }
  for (const row of rows) {
    const wasMeant = row.copiedTo?.devices.includes(device);
    if (wasMeant && !await isToBeEncrypted(stores, 'byCopy', row.id, device)) {
      addCopy(stores, ownUser, row.id, { again: true, device });
    }
  }
}

/** What the user said among these ids, in the order in which it was written; changes come last. */
async function writtenBy(stores, ownUser, ids) {
  const rows = await Promise.all(ids.map(id =>
    messageById(stores, rowId(ownUser, fromBase64url(id)))));
  return rows.filter(row => row && (isSaid(row) || row.kind === 'void')).sort(comparePlaces);
}

/** Before there were several devices, a receipt was that of the only one. */
function hasArrivedAt({ state, deliveredTo }, device) {
  return deliveredTo ? deliveredTo.includes(device) : state === 'delivered';
}
