/**
 * Rows of what is to be sent, inside a caller's transaction over the store `outbox`. Any tab adds
 * rows; only the leading one encrypts and sends them.
 *
 * Row: {seq, to, type, message?, again?, content?, session?, device?, failed?, parked?, n?,
 * copies?, listVersion?, digest?, post?}. `to` is a user, or the id of a group's conversation. `message`
 * names the row of a text, which holds its content; other types have theirs here. `again` says that
 * the text was accepted before, and is only for the account key that it was first encrypted for.
 * `session` is the
 * one session that a confirm is for, `device` the one that a repair opens anew, `failed` the
 * sessions that it replaces besides those that are kept. A row with `copies` is encrypted: a retry
 * sends these bytes. `n` is the number under which it was sent, until the server refused that; a
 * parked row waits for the user. `post` is what is encrypted for a group: {epoch, content,
 * ciphertext}.
 */

import { settle } from './database.js';

const RECEIPT_IDS_MAX = 256;
const FIRST = ['repair', 'confirm'];

export function addOutgoing({ outbox }, row) {
  outbox.add(row);
}

/** All rows to a user that are not parked, in the order in which they go out. */
export async function outgoingTo({ outbox }, to) {
  const rows = await settle(outbox.index('byTo').getAll(to));
  return rows.filter(({ parked }) => !parked).sort(before);
}

/**
 * Numbers that the server may have seen keep their order; then a confirm and a repair are the first
 * messages of their sessions; then the order in which things were written.
 */
function before(left, right) {
  if (left.n || right.n) return (left.n ?? Infinity) < (right.n ?? Infinity) ? -1 : 1;
  const [first, second] = [left, right].map(({ type }) => FIRST.indexOf(type));
  return second - first || left.seq - right.seq;
}

/** @returns {Promise<string[]>} the users and groups to whom something is to be sent */
export async function recipients({ outbox }) {
  const rows = await settle(outbox.getAll());
  return [...new Set(rows.filter(({ parked }) => !parked).map(({ to }) => to))];
}

/** @returns {Promise<object|undefined>} the row of a message that is not sent yet */
export function outgoingOf({ outbox }, message) {
  return settle(outbox.index('byMessage').get(message));
}

/** Adds delivered message ids to a receipt that is still to be encrypted, or a new one. */
export async function addReceipt(stores, to, ids) {
  const rows = await settle(stores.outbox.index('byTo').getAll(to));
  const open = rows.find(row => row.type === 'receipt' && !row.copies
    && row.content.delivered.length + ids.length <= RECEIPT_IDS_MAX);
  const delivered = [...new Set([...(open?.content.delivered ?? []), ...ids])];
  if (open) stores.outbox.put({ ...open, content: { delivered } });
  else addOutgoing(stores, { to, type: 'receipt', content: { delivered } });
}

/**
 * Adds the opening of a new session with a device; one that is still to be made is enough.
 *
 * @param {{lost: string[], sessions: Uint8Array[]}} failed ids of messages, and of their sessions
 */
export async function addRepair(stores, to, device, { lost, sessions }) {
  const rows = await settle(stores.outbox.index('byTo').getAll(to));
  const open = rows.find(row => row.type === 'repair' && row.device === device && !row.copies);
  stores.outbox.put({ ...open, to, type: 'repair', device, content: { lost }, failed: sessions });
}

/** The row as it was before it was encrypted: what goes out next takes new message keys. */
export function unencrypted({ n, copies, listVersion, digest, ...row }) {
  return row;
}

/** The row without what was encrypted for a group. */
export function unposted({ post, ...row }) {
  return row;
}

/** The row without its number, which the server refused and which is used again. */
export function unnumbered({ n, ...row }) {
  return row;
}
