/** What a device keeps of one group between two entries of its log. */

import { FIRST_GENERATION } from '../crypto/entry-chain.js';
import { emptyMembership } from './membership.js';
import { awaitsReset, isLeaving } from './rights.js';

/**
 * @typedef {object} GroupState
 * @property {string} group
 * @property {number} generation of the last entry
 * @property {{sequenceNr: number, hash: Uint8Array}} head the last entry that was taken
 * @property {Membership|null} membership null until the inviting commit has come
 * @property {{point: object, rows: Row[]}|null} starting until then: where the log begins here, and
 *   the roster that the server claims for that commit
 * @property {string|null} inviter whom the server names as the one who invited this user, for a
 *   device that has not seen the invitation
 * @property {GroupState|null} joining where it begins anew after this membership has ended. It
 *   takes the place of this state once its inviting commit was verified, and not before
 * @property {number} startNr number of the point where the log begins here
 * @property {Uint8Array[]} starts hashes of all points where a membership began here: an invitation
 *   after one of them is none for a second time
 * @property {number} time of the last entry, milliseconds since 1970; 0 before the first
 * @property {EpochState|null} keys null: this device cannot read in this epoch
 * @property {Object<string, number>} counters posts of each device in this epoch
 * @property {number} posts of all of them
 * @property {number} commitTime of the epoch's commit, milliseconds since 1970
 * @property {string|null} name
 * @property {{user: string, sequenceNr: number}|null} lastRemoval the newest one, of a member
 * @property {string[]} missed people whom this device has seen go, and who were put back when the
 *   server was restored
 * @property {'left'|'removed'|'lost'|null} ended how this user's membership ended; lost: the copy
 *   that the server was restored from does not know of it
 * @property {'fork'|'rule'|'too-old'|null} breach what the server was caught at, or the copy that it
 *   was restored from is older than what is kept here; nothing is taken any more
 *
 * @typedef {object} EpochState secrets
 * @property {Uint8Array} next
 * @property {Uint8Array} confirm
 * @property {Object<string, {key: Uint8Array, counter: number}>} chains by device; `counter` is the
 *   number of the last post whose key is gone
 */

/**
 * Where a group's log begins for this device.
 *
 * @param {Row[]} rows the roster after the inviting commit; empty for the founder
 * @param {{generation: number, starts: Uint8Array[], inviter: string|null}} [more] `starts` are those
 *   of earlier memberships
 * @returns {GroupState}
 */
export function beginningState(
    group, point, rows, { generation = FIRST_GENERATION, starts = [], inviter = null } = {}) {
  const isFounder = point.sequenceNr === 0;
  return {
    group, generation, head: point, membership: isFounder ? emptyMembership(group) : null,
    starting: isFounder ? null : { point, rows }, inviter, joining: null,
    startNr: point.sequenceNr, starts: [...starts, point.hash], time: 0,
    keys: null, counters: {}, posts: 0, commitTime: 0, name: null,
    lastRemoval: null, missed: [], ended: null, breach: null,
  };
}

/** The last entry that was taken, of an invitation under way too: the log goes on after it. */
export function lastTaken({ head, joining }) {
  return joining?.head ?? head;
}

/**
 * @param {string} user this one
 * @returns {'starting'|'invited'|'member'|'waiting'|'left'|'removed'|'lost'} waiting: a member without
 *   keys
 */
export function statusOf({ membership, keys, ended }, user) {
  if (ended) return ended;
  const row = membership?.rows.get(user);
  if (!row) return 'starting';
  if (row.role === 'invited') return 'invited';
  // Nobody has keys then, and whoever wants to write begins them anew.
  return keys || awaitsReset(membership) ? 'member' : 'waiting';
}

/** Who invited this user, as far as this device knows. @returns {string|null} */
export function inviterOf({ membership, inviter }, user) {
  return membership.rows.get(user)?.invitation?.inviter ?? inviter ?? null;
}

/** Those who are in the roster again, and have to be removed once more before anything is sent. */
export function missedRemovals({ membership, missed }) {
  return missed.filter(user => membership.rows.has(user) && !isLeaving(membership, user));
}

/** Whether this device's own log has ended: the server pushes nothing more of it. */
export function endOf(membership, user, content) {
  if (isLeaving(membership, user)) return 'left';
  if (membership.rows.has(user)) return null;
  const isRemoval = content.ops.some(({ op, user: named }) => op === 'remove' && named === user);
  return isRemoval ? 'removed' : 'left';
}
