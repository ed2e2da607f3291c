/**
 * The keys that the devices of one user share (docs/protocol.md §13), sealed. All of them are kept:
 * what was sealed under an earlier one is still to be read.
 *
 * Row: {id, listVersion, sealed}: made with that version of the device list.
 */

import { settle } from './database.js';

/** As many as a vault holds. */
export const OWN_KEYS_MAX = 128;
/** So many ids may have gone by unseen. */
const AHEAD_MAX = 16;
const OF_ONE_LIST_MAX = 4;

/** The row of an own key. Sealing is no work for a transaction. */
export async function sealOwnKey(store, { id, key, listVersion }) {
  return { id, listVersion, sealed: await store.sealing.seal(place(id), key) };
}

/** Inside a transaction over `ownKeys`. One that is known stays as it is. */
export async function putOwnKey({ ownKeys }, row) {
  if (!await settle(ownKeys.getKey(row.id))) ownKeys.put(row);
}

/**
 * Whether a sibling may have made this own key. Each change of the list makes one at most, or two
 * if the first change failed: a sibling that lies must not use the ids up.
 *
 * @param {{id: number, listVersion: number}} ownKey
 * @param {{id: number, listVersion: number}[]} known rising
 * @param {number} version of the device list that is known
 */
export function isPossibleOwnKey({ id, listVersion }, known, version) {
  // A device that leaves says before its own removal which key goes with it.
  if (id > OWN_KEYS_MAX || listVersion > version + 1) return false;
  const newest = known.at(-1) ?? { id: 0, listVersion: 0 };
  if (id <= newest.id) return true;
  const lists = listVersion - newest.listVersion;
  const ofList = known.filter(other => other.listVersion === listVersion).length;
  return lists >= 0 && ofList < OF_ONE_LIST_MAX
    && id - newest.id <= Math.min(Math.max(lists, 1), AHEAD_MAX);
}

/** As `putOwnKey`, of all that are in a vault: what a sibling said is worth less. */
export function putVaultKeys({ ownKeys }, rows) {
  for (const row of rows) ownKeys.put(row);
}

/** As `putVaultKeys`, on a device that is new: what is here is of an attempt that failed. */
export function beginOwnKeys(stores, rows) {
  stores.ownKeys.clear();
  putVaultKeys(stores, rows);
}

/** @returns {Promise<{id: number, key: Uint8Array, listVersion: number}[]>} the newest last */
export async function loadOwnKeys(store) {
  const rows = await store.read(['ownKeys'], ({ ownKeys }) => settle(ownKeys.getAll()));
  return Promise.all(rows.map(row => openOwnKey(store, row)));
}

/** @param {object} row as it lies there @returns {Promise<OwnKey>} */
export async function openOwnKey(store, { id, listVersion, sealed }) {
  return { id, listVersion, key: await store.sealing.open(place(id), sealed) };
}

function place(id) {
  return ['own-key', String(id)];
}
