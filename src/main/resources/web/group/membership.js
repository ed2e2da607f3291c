/**
 * Who belongs to a group at one position of its log, and the rules by which that changes
 * (docs/protocol.md §9.1), as pure transitions: nothing given is changed. Signatures are checked
 * before, and hashes of the chain are the log's.
 */

import { equal } from '../crypto/bytes.js';
import { rosterHash } from '../crypto/group-statements.js';
import { applyOps } from './commit-ops.js';
import { refuseUnless } from './group-refused.js';
import {
  awaitsReset, deviceIn, isAdmin, isClosed, isLeaving, isMember, isOver, mayTake, signerIn,
} from './rights.js';

const ROWS_MAX = 200;
const DEVICES_MAX = 1000;

const NO_HASH = new Uint8Array(32);

/**
 * @typedef {object} Membership
 * @property {string} group
 * @property {number} epoch -1 before the group was made
 * @property {Uint8Array} rosterHash of the present epoch
 * @property {number} commitNr number of the epoch's commit
 * @property {number} changedNr number of the last entry that is no post
 * @property {Map<string, MemberRow>} rows by user
 * @property {Pending[]} pending proposals that no commit has settled, in their order
 * @property {number|null} restoredNr number of the entry by which the server said that it was
 *   restored, while no reset has followed it
 *
 * @typedef {object} MemberRow
 * @property {'admin'|'member'|'invited'} role
 * @property {DeviceList} deviceList
 * @property {{inviter: string, sequenceNr: number, time: number}} [invitation] of somebody invited,
 *   as far as it is known; `time` is that of the inviting commit
 *
 * @typedef {{sequenceNr: number, time: number, user: string, device: string, op: object}} Pending
 *
 * @typedef {{sequenceNr: number, time: number, user: string, device: string}} Place where an entry
 *   stands, and who signed it
 */

/** Before the first entry. @returns {Membership} */
export function emptyMembership(group) {
  return {
    group, epoch: -1, rosterHash: NO_HASH, commitNr: 0, changedNr: 0, rows: new Map(), pending: [],
    restoredNr: null,
  };
}

/** @returns {Place} */
export function placeOf({ sequenceNr, time, fromUser, fromDevice }) {
  return { sequenceNr, time, user: fromUser, device: fromDevice };
}

/**
 * As a newcomer begins, right after the commit that invites it.
 *
 * @param {Row[]} given the roster after that commit, rising by user
 * @returns {Promise<Membership>} rejects with GroupRefused if the commit names another roster
 */
export async function joiningMembership(group, place, commit, given) {
  refuseUnless(isRoster(given), 'group-refused');
  const { sequenceNr, time, user } = place;
  const invitation = { inviter: user, sequenceNr, time };
  const isNew = ({ deviceList }) => commit.ops.some(({ op, user: invited }) =>
    op === 'invite' && invited === deviceList.user);
  const joined = {
    group, epoch: commit.epoch, rosterHash: commit.rosterHash, commitNr: sequenceNr,
    changedNr: sequenceNr, pending: [], restoredNr: null,
    rows: new Map(given.map(row =>
      [row.deviceList.user, isNew(row) ? { ...row, invitation } : { ...row }])),
  };
  refuseUnless(isMemberDevice(joined, user, place.device), 'not-member');
  await checkRosterHash(joined, commit);
  checkLimits(joined);
  return joined;
}

/** Whether rows are at most as many as a roster has, and nobody stands there twice. */
export function isRoster(rows) {
  const users = rows.map(({ deviceList }) => deviceList.user);
  return users.length <= ROWS_MAX
    && users.every((user, i) => i === 0 || users[i - 1] < user);
}

// Questions

/** The rows, rising by user. @returns {MemberRow[]} */
export function roster({ rows }) {
  return [...rows.values()].sort((left, right) =>
    (left.deviceList.user < right.deviceList.user ? -1 : 1));
}

function isMemberDevice(membership, user, device) {
  return isMember(membership, user) && Boolean(deviceIn(membership, user, device));
}

// Entries. Each gives the membership after the entry; rejects or throws with GroupRefused.

/** @returns {Promise<Membership>} */
export async function commit(membership, place, content) {
  if (content.kind === 'create') {
    refuseUnless(membership.epoch < 0, 'group-refused');
  } else {
    checkMember(membership, place);
    checkNewest(membership, content);
  }
  refuseUnless(content.epoch === membership.epoch + 1, 'epoch-stale');
  refuseUnless(content.kind === 'reset' || !awaitsReset(membership), 'epoch-pending');
  const next = await applyOps(membership, place, content);
  refuseUnless(isMemberDevice(next, place.user, place.device), 'group-refused');
  await checkRosterHash(next, content);
  refuseUnless(next.pending.length === 0, 'epoch-pending');
  checkLimits(next);
  checkAdmin(next);
  return next;
}

/** @returns {Promise<Membership>} */
export async function propose(membership, place, { op, head }) {
  const { user, device, sequenceNr, time } = place;
  refuseUnless(signerIn(membership, user, device, { op }), 'not-member');
  refuseUnless(!isLeaving(membership, user) && !isClosed(membership), 'not-member');
  checkNewest(membership, { head });
  const isInvited = membership.rows.get(user).role === 'invited';
  if (op.op === 'leave') refuseUnless(!isInvited, 'group-refused');
  if (op.op === 'decline') refuseUnless(isInvited, 'group-refused');
  if (op.op === 'devices') {
    refuseUnless(await mayTake(membership, user, op.deviceList), 'group-refused');
  }
  refuseUnless(!isPending(membership, place, op), 'group-refused');
  const pending = [...membership.pending, { sequenceNr, time, user, device, op }];
  const next = { ...membership, changedNr: sequenceNr, pending };
  checkAdmin(next);
  checkLimits(withPendingLists(next));
  return next;
}

/** With every proposed device list in its place: one commit must be able to take them all. */
function withPendingLists(membership) {
  const rows = new Map(membership.rows);
  for (const { user, op: { deviceList } } of membership.pending) {
    if (deviceList && rows.has(user)) rows.set(user, { ...rows.get(user), deviceList });
  }
  return { ...membership, rows };
}

/** The membership after an invited user accepted. @returns {Membership} */
export function confirm(membership, place, { epoch, inviter, head }) {
  const { user, device, sequenceNr, time } = place;
  refuseUnless(deviceIn(membership, user, device), 'not-member');
  refuseUnless(!isLeaving(membership, user) && !isClosed(membership), 'not-member');
  checkNewest(membership, { head });
  refuseUnless(epoch === membership.epoch, 'epoch-stale');
  refuseUnless(!awaitsReset(membership), 'epoch-pending');
  const { role, deviceList, invitation } = membership.rows.get(user);
  refuseUnless(role === 'invited', 'group-refused');
  if (invitation) {
    refuseUnless(!isOver(invitation, time), 'invitation-over');
    refuseUnless(inviter === invitation.inviter, 'group-refused');
  }
  const rows = new Map(membership.rows).set(user, { role: 'member', deviceList });
  return { ...membership, changedNr: sequenceNr, rows };
}

/** Checks what the roster says of a post, which changes nothing; its counter is the chains'. */
export function checkPost(membership, place, { epoch, head }) {
  checkMember(membership, place);
  refuseUnless(epoch === membership.epoch, 'epoch-stale');
  refuseUnless(membership.pending.length === 0 && !awaitsReset(membership), 'epoch-pending');
  const { sequenceNr } = head;
  refuseUnless(sequenceNr >= membership.commitNr && sequenceNr < place.sequenceNr, 'group-refused');
}

/**
 * After the entry by which the server says that it was restored: nobody's word, so that it changes
 * nobody's place. Keys may have moved on in what was lost: all begin anew.
 *
 * @returns {Membership}
 */
export function restored(membership, sequenceNr) {
  return { ...membership, changedNr: sequenceNr, restoredNr: sequenceNr };
}

// Rules

function isPending({ pending }, { user, device }, { op }) {
  return pending.some(one => one.user === user && one.op.op === op
    && (op !== 'rekey' || one.device === device));
}

function checkMember(membership, { user, device }) {
  refuseUnless(isMemberDevice(membership, user, device), 'not-member');
}

/** Whoever changes a group has seen the last change. */
function checkNewest({ changedNr }, { head }) {
  refuseUnless(head.sequenceNr >= changedNr, 'epoch-stale');
}

async function checkRosterHash(membership, content) {
  const derived = await rosterHash(membership.group, roster(membership));
  refuseUnless(equal(derived, content.rosterHash), 'group-refused');
}

function checkLimits({ rows }) {
  const ids = [...rows.values()].flatMap(({ deviceList }) =>
    deviceList.devices.map(({ id }) => id));
  refuseUnless(rows.size <= ROWS_MAX && ids.length <= DEVICES_MAX, 'group-full');
  refuseUnless(new Set(ids).size === ids.length, 'group-refused');
}

/** As long as somebody is there, somebody can name, invite and remove. */
function checkAdmin(membership) {
  const { rows } = membership;
  const holds = isClosed(membership) || [...rows.keys()].some(user => isAdmin(membership, user));
  refuseUnless(holds, 'last-admin');
}
