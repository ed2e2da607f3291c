/**
 * The keys that the devices of one user share (docs/protocol.md §13), sealed. All of them are kept:
 * what was sealed under an earlier one is still to be read.
 *
 * Row: {id, listVersion, sealed}: made with that version of the device list.
 */

import { settle } from './database.js';

/** The row of an own key. Sealing is no work for a transaction. */
export async function sealOwnKey(store, { id, key, listVersion }) {
  return { id, listVersion, sealed: await store.sealing.seal(place(id), key) };
}

/** Inside a transaction over `ownKeys`. One that is known stays as it is. */
export async function putOwnKey({ ownKeys }, row) {
  if (!await settle(ownKeys.getKey(row.id))) ownKeys.put(row);
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
  return Promise.all(rows.map(async ({ id, listVersion, sealed }) =>
    ({ id, listVersion, key: await store.sealing.open(place(id), sealed) })));
}

function place(id) {
  return ['own-key', String(id)];
}
