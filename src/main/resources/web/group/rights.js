/** Who may do what in a group, as its membership is at one position of the log. */

import { equal } from '../crypto/bytes.js';
import { Refused } from '../crypto/refused.js';
import { checkAccountChange } from '../crypto/statements.js';

const INVITATION_MS_MAX = 14 * 24 * 60 * 60 * 1000;

/** The listed device of somebody in the roster. */
export function deviceIn({ rows }, user, device) {
  return rows.get(user)?.deviceList.devices.find(({ id }) => id === device);
}

/** Whether the user is a member who has not left. */
export function isMember(membership, user) {
  const row = membership.rows.get(user);
  return Boolean(row) && row.role !== 'invited' && !isLeaving(membership, user);
}

/**
 * The device whose signature an entry must have: one of the roster; or one of the list that a
 * proposal brings, which the account key signed for.
 */
export function signerIn(membership, user, device, { op }) {
  const listed = deviceIn(membership, user, device);
  if (listed || op?.op !== 'devices' || !membership.rows.has(user)) return listed;
  const { deviceList } = op;
  return deviceList.user === user ? deviceList.devices.find(({ id }) => id === device) : undefined;
}

/** Whether the user has left or declined and waits for the commit that says so. */
export function isLeaving({ pending }, user) {
  return pending.some(one => one.user === user && ['leave', 'decline'].includes(one.op.op));
}

export function isAdmin(membership, user) {
  return isMember(membership, user) && membership.rows.get(user).role === 'admin';
}

/** Whether nobody is left who could go on. */
export function isClosed(membership) {
  return ![...membership.rows.keys()].some(user => isMember(membership, user));
}

/** Whether nothing but proposals and a reset is taken (docs/protocol.md §10). */
export function awaitsReset({ restoredNr }) {
  return restoredNr !== null;
}

/** Whether nobody can accept this invitation at that time any more. */
export function isOver(invitation, time) {
  return time - invitation.time >= INVITATION_MS_MAX;
}

/**
 * Whether a list may take the place of the one that the user has in the roster. A new account key
 * is taken only from a device that the group knows: it answers for the key.
 *
 * @returns {Promise<boolean>}
 */
export async function mayTake(membership, user, list) {
  if (!isNewer(membership, user, list)) return false;
  const old = membership.rows.get(user).deviceList;
  if (equal(old.accountKey, list.accountKey)) return true;
  const { device, signature } = list.keyChange ?? {};
  const announcer = deviceIn(membership, user, device);
  if (!announcer) return false;
  const { serverHost, accountKey: from } = old;
  try {
    const change = { serverHost, user, from, to: list.accountKey };
    await checkAccountChange(announcer.signKey, change, signature);
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return false;
  }
}

/** Whether a list is of a higher version than the one that the user has in the roster. */
export function isNewer({ rows }, user, list) {
  const old = rows.get(user)?.deviceList;
  return Boolean(old) && list.user === user && old.version < list.version;
}
