/**
 * Groups at rest: one row for each, with a version. Whoever writes names the version that was
 * read: the second of two writers meets a Conflict and begins again. Keys and name are sealed; the
 * roster, which the server knows too, is not.
 *
 * Row: {group, version, hasKeys, sealed, sealedName, …} with the rest of a GroupState.
 */

import { Conflict, settle } from './database.js';

/** The row of `meta` that lists the groups to which this device does not belong yet. */
export const WAITING_GROUPS = 'waitingGroups';

/** Hashes of so many entries before the head are kept, to see a changed history. */
const KNOWN_HASHES_MAX = 2048;

/** So many memberships are kept, to go back to when the server was restored from a copy. */
const MEMBERSHIPS_MAX = 16;

/**
 * @returns {Promise<{version: number, state: GroupState|null}>} version 0 and no state if the group
 *   is not known
 */
export async function loadGroup(store, group) {
  const row = await store.read(['groups'], ({ groups }) => settle(groups.get(group)));
  return openGroup(store, row);
}

/** @param {object|undefined} row as it lies there @returns {Promise<object>} as of loadGroup */
export async function openGroup(store, row) {
  if (!row) return { version: 0, state: null };
  const { version, hasKeys, sealed, sealedName, ...plain } = row;
  const keys = await store.sealing.open(keysPlace(row.group), sealed);
  return { version, state: { ...plain, keys, name: await groupName(store, row) } };
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
  return store.read(['groupChain'], stores => groupHash(stores, group, sequenceNr));
}

/** As knownGroupHash, inside a transaction. */
export function groupHash({ groupChain }, group, sequenceNr) {
  return settle(groupChain.get([group, sequenceNr]));
}

/**
 * Inside a transaction: the hashes after an entry, and before where the log begins here, are those
 * of a history that is no more.
 */
export function dropGroupHashes({ groupChain }, group, sequenceNr, startNr = 0) {
  groupChain.delete(IDBKeyRange.bound([group], [group, startNr], false, true));
  groupChain.delete(IDBKeyRange.bound([group, sequenceNr], [group, Infinity], true));
}

/**
 * Inside a transaction: remembers memberships after entries of a group's log that are no posts.
 *
 * @param {Membership[]} list rising by their numbers
 * @param {number} startNr where the log begins here: what was before is not remembered
 */
export async function putMemberships({ memberships }, group, list, startNr) {
  for (const membership of list) memberships.put(membership, [group, membership.changedNr]);
  const keys = await settle(memberships.getAllKeys(membershipsOf(group)));
  const old = keys.filter(([, nr]) => nr < startNr);
  const surplus = keys.slice(0, Math.max(old.length, keys.length - MEMBERSHIPS_MAX));
  for (const key of surplus) memberships.delete(key);
}

/** Inside a transaction: forgets those after an entry. */
export function dropMemberships({ memberships }, group, sequenceNr) {
  memberships.delete(IDBKeyRange.bound([group, sequenceNr], [group, Infinity], true));
}

/** @returns {Promise<Membership|undefined>} after an entry; undefined if none so old is kept */
export async function keptMembership(store, group, sequenceNr) {
  const range = IDBKeyRange.bound([group, 0], [group, sequenceNr]);
  const found = await store.read(['memberships'],
    ({ memberships }) => settle(memberships.getAll(range)));
  return found.at(-1);
}

function membershipsOf(group) {
  return IDBKeyRange.bound([group, 0], [group, Infinity]);
}

function keysPlace(group) {
  return ['group', group, 'keys'];
}

function namePlace(group) {
  return ['group', group, 'name'];
}
