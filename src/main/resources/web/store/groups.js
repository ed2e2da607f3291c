/**
 * Groups at rest: one row for each, with a version. Whoever writes names the version that was
 * read: the second of two writers meets a Conflict and begins again. Keys and name are sealed; the
 * roster, which the server knows too, is not.
 *
 * Row: {group, version, hasKeys, sealed, sealedName, …} with the rest of a GroupState.
 */

import { Conflict, settle } from './database.js';

/** Hashes of so many entries before the head are kept, to see a changed history. */
const KNOWN_HASHES_MAX = 2048;

/**
 * @returns {Promise<{version: number, state: GroupState|null}>} version 0 and no state if the group
 *   is not known
 */
export async function loadGroup(store, group) {
  const row = await groupRow(store, group);
  if (!row) return { version: 0, state: null };
  const { version, hasKeys, sealed, sealedName, ...plain } = row;
  const keys = await store.sealing.open(keysPlace(group), sealed);
  return { version, state: { ...plain, keys, name: await groupName(store, row) } };
}

/** The row as it lies there. @returns {Promise<object|undefined>} */
export function groupRow(store, group) {
  return store.read(['groups'], ({ groups }) => settle(groups.get(group)));
}

/** The name in a row; null if it is not known. @returns {Promise<string|null>} */
export function groupName(store, { group, sealedName }) {
  return store.sealing.open(namePlace(group), sealedName);
}

/** The row that follows `version`. Sealing is no work for a transaction. */
export async function sealGroup(store, version, { keys, name, ...plain }) {
  const { group } = plain;
  return {
    ...plain,
    version: version + 1,
    hasKeys: keys !== null,
    sealed: await store.sealing.seal(keysPlace(group), keys),
    sealedName: await store.sealing.seal(namePlace(group), name),
  };
}

/** Inside a transaction. */
export async function putGroup({ groups }, row) {
  const stored = await settle(groups.get(row.group));
  if ((stored?.version ?? 0) !== row.version - 1) throw new Conflict('the group moved');
  groups.put(row);
}

/** Inside a transaction: remembers the hash of each of these points of a group's log. */
export function putGroupHashes({ groupChain }, group, points) {
  for (const { sequenceNr, hash } of points) groupChain.put(hash, [group, sequenceNr]);
  const oldest = points.at(-1).sequenceNr - KNOWN_HASHES_MAX;
  if (oldest >= 0) groupChain.delete(IDBKeyRange.bound([group, 0], [group, oldest]));
}

/** @returns {Promise<Uint8Array|undefined>} the hash that this device stored for a number */
export function knownGroupHash(store, group, sequenceNr) {
  return store.read(['groupChain'],
    ({ groupChain }) => settle(groupChain.get([group, sequenceNr])));
}

function keysPlace(group) {
  return ['group', group, 'keys'];
}

function namePlace(group) {
  return ['group', group, 'name'];
}
