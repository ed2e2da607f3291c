/**
 * The keys under which devices say that their users are writing (docs/protocol.md §7.10).
 *
 * Row: {conversation, device, sealed, nr}: the newest key of a device of others, and the highest
 * number that was heeded under it. The own one, of device OWN, has further {madeAt, audience,
 * message}: when it was made, for which devices, and the text that brings it, until that was sent.
 */

import { equal } from '../crypto/bytes.js';
import { settle } from './database.js';

const OWN = 'own';

/** The row of a key that a device has sent. Sealing is no work for a transaction. */
export function sealHeardKey(store, { conversation, device }, key) {
  return sealKey(store, { conversation, device, nr: 0 }, key);
}

/** @param {{madeAt: number, audience: string, message: string}} own */
export function sealOwnTypingKey(store, conversation, own, key) {
  return sealKey(store, { conversation, device: OWN, nr: 0, ...own }, key);
}

async function sealKey(store, row, key) {
  return { ...row, sealed: await store.sealing.seal(placeOf(row), key) };
}

export function openTypingKey(store, row) {
  return store.sealing.open(placeOf(row), row.sealed);
}

/** Inside a transaction. @param {string} [device] the own one if there is none */
export function typingKeyRow({ typingKeys }, conversation, device = OWN) {
  return settle(typingKeys.get([conversation, device]));
}

/** Inside a transaction: the text that brought the key has reached the server. */
export async function noteTypingKeyOut(stores, conversation, message) {
  const row = await typingKeyRow(stores, conversation);
  if (row?.message === message) stores.typingKeys.put({ ...row, message: null });
}

/**
 * Inside a transaction: takes a number that is used once under the key of a row.
 *
 * @param {number} [nr] as it was heard; the next one if there is none
 * @returns {Promise<number|null>} null if the key is another one by now, or the number is not above
 *   the last
 */
export async function takeTypingNr(stores, { conversation, device, sealed }, nr) {
  const row = await typingKeyRow(stores, conversation, device);
  const next = nr ?? (row?.nr ?? 0) + 1;
  const isSame = row && equal(row.sealed, sealed);
  if (!isSame || next <= row.nr) return null;
  stores.typingKeys.put({ ...row, nr: next });
  return next;
}

function placeOf({ conversation, device }) {
  return ['typing', conversation, device];
}
