/**
 * Rows of what is to be sent, inside a caller's transaction over the store `outbox`. Any tab adds
 * rows; only the leading one encrypts and sends them.
 *
 * Row: {seq, to, type, message?, copyOf?, again?, sentBefore?, content?, conversation?, session?, device?,
 * failed?, dueAt?, parked?, upload?, n?, copies?, listVersion?, digest?, post?}. `to` is a user, or
 * the id of a group's conversation; the own user means the other devices. `message` names the row
 * of what somebody said or changed, which holds its content and has its type (that of the outbox is
 * `text` then); other types have theirs here. `copyOf` names such a row, too: the user's other
 * devices get it once the recipient's inbox has it. `again` says that it was accepted before, and
 * is only for the account key that it was first encrypted for; `sentBefore`, that it may have been
 * accepted under a number that is forgotten. `conversation` is the one that a
 * message to own devices is about. `device` is the only one that the row concerns, `session` the
 * one session that a confirm is for, `failed` the sessions that a repair replaces besides those
 * that are kept; nothing is sent before `dueAt`. A row with a `digest` is encrypted: a retry sends
 * these bytes. One that has `copies` alone was encrypted for another list: what it holds for
 * devices that are still there is sent all the same, else their ratchets would show a gap. `n` is
 * the number under which it was sent, until the server refused that; a parked row waits for the
 * user, one with `upload` until its file is whole at the server. `post` is what is encrypted for a
 * group: {epoch, content, ciphertext}.
 */

import { isGroupConversation } from './conversations.js';
import { settle } from './database.js';

const RECEIPT_IDS_MAX = 256;
const LOST_IDS_MAX = 256;
/** What is read one after the other is told together. */
const READ_WAIT_MS = 1_000;
const FIRST = ['repair', 'confirm'];

export function addOutgoing({ outbox }, row) {
  outbox.add(row);
}

/** The own copy of what was said. */
export function addCopy(stores, ownUser, copyOf, more) {
  addOutgoing(stores, { to: ownUser, type: 'text', copyOf, ...more });
}

/** What people said and waits to be sent to them. @returns {Promise<object[]>} */
export async function textsToPeople({ outbox }) {
  const rows = await settle(outbox.getAll());
  return rows.filter(({ to, message }) => message && !isGroupConversation(to));
}

/** Everything up to a message was read here; the user's other devices are to hear of it. */
export function addRead(stores, ownUser, conversation, upTo, now) {
  return addReading(stores, { to: ownUser, type: 'read', conversation, content: { upTo } }, now);
}

/** As `addRead`, for the person who wrote it. */
export function addSeen(stores, to, upTo, now) {
  return addReading(stores, { to, type: 'seen', content: { upTo } }, now);
}

/** One row for each conversation is enough: the last one counts. */
async function addReading(stores, row, now) {
  const rows = await settle(stores.outbox.index('byTo').getAll(row.to));
  const open = rows.find(({ type, conversation, copies }) =>
    type === row.type && conversation === row.conversation && !copies);
  stores.outbox.put({ dueAt: now + READ_WAIT_MS, ...open, ...row });
}

/**
 * All rows to a user that are not parked, in the order in which they go out. An own copy is not
 * among them until the recipient's inbox has the text.
 */
export async function outgoingTo({ outbox }, to) {
  const rows = [];
  for (const row of await settle(outbox.index('byTo').getAll(to))) {
    const waits = row.copyOf && !row.copies
      && await settle(outbox.index('byMessage').getKey(row.copyOf));
    if (!row.parked && !row.upload && !waits) rows.push(row);
  }
  return rows.sort(before);
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

/** Messages whose files the server is to get, in the order in which they were written. */
export async function filesToSend({ outbox }) {
  return (await settle(outbox.getAll()))
    .filter(({ upload, parked }) => upload && !parked).map(({ message }) => message);
}

/** @returns {Promise<object|undefined>} the row of a message that is not sent yet */
export function outgoingOf({ outbox }, message) {
  return settle(outbox.index('byMessage').get(message));
}

/** A text that is not sent after all goes to no own device either. */
export async function dropCopies({ outbox }, message) {
  const keys = await settle(outbox.index('byCopy').getAllKeys(message));
  for (const key of keys) outbox.delete(key);
}

/**
 * What is void now goes nowhere, if it has not left. What is encrypted goes all the same, else
 * ratchets would show a gap.
 */
export async function dropUnsent(stores, message) {
  const rows = await settle(stores.outbox.index('byMessage').getAll(message));
  const copies = await settle(stores.outbox.index('byCopy').getAll(message));
  for (const row of [...rows, ...copies]) if (!hasLeft(row)) stores.outbox.delete(row.seq);
}

/** Whether the server may have it, or may still get these bytes. */
export function hasLeft({ copies, post }) {
  return Boolean(copies ?? post);
}

/** Whether a text waits to be sent to a device, or to all of them. */
export async function isWaiting({ outbox }, index, id, device) {
  const rows = await settle(outbox.index(index).getAll(id));
  return rows.some(row => !row.device || row.device === device);
}

/** Whether it is not encrypted yet: what is, may be on a session that was replaced. */
export async function isToBeEncrypted({ outbox }, index, id, device) {
  const rows = await settle(outbox.index(index).getAll(id));
  return rows.some(row => !row.copies && (!row.device || row.device === device));
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
  const ids = new Set([...(open?.content.lost ?? []), ...lost]);
  const failed = [...(open?.failed ?? []), ...sessions];
  const content = { lost: [...ids].slice(-LOST_IDS_MAX) };
  stores.outbox.put({ ...open, to, type: 'repair', device, content, failed });
}

/** The row as it was before it was encrypted: what goes out next takes new message keys. */
export function unencrypted({ n, copies, listVersion, digest, ...row }) {
  return row;
}

/** Whether all that is to be sent is there. */
export function isEncrypted({ digest }) {
  return digest !== undefined;
}

/** The row for another list: under its number, and without what is said of the copies. */
export function forOtherList({ listVersion, digest, ...row }) {
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
