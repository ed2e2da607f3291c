/** Applies a commit's ops to a roster, one after the other (docs/protocol.md §9.1). */

import { refuseUnless } from './group-refused.js';
import { isAdmin, isMember, isOver, mayTake } from './rights.js';

export const INVITES_MAX = 32;

/**
 * The membership after the ops; what holds after every commit is not checked yet.
 *
 * @returns {Promise<Membership>}
 */
export async function applyOps(before, place, content) {
  const { ops, kind, epoch, rosterHash } = content;
  checkNumbers(ops, kind);
  const work = { before, place, rows: new Map(before.rows) };
  const named = new Set();
  const rekeyed = new Set();
  for (const op of ops) {
    const isRekey = op.op === 'rekey';
    const [seen, key] = isRekey ? [rekeyed, rekeyKey(op)] : [named, op.user];
    refuseUnless(!seen.has(key), 'group-refused');
    seen.add(key);
    if (!isRekey) await APPLY[op.op](work, op);
  }
  const { rows } = work;
  const rekeys = ops.filter(({ op }) => op === 'rekey');
  refuseUnless(rekeys.every(op => isListed(rows, op)), 'group-refused');
  const pending = before.pending.filter(one => !isSettled(one, { rows, kind, rekeyed }));
  const { sequenceNr: commitNr } = place;
  return {
    ...before, epoch, rosterHash, commitNr, changedNr: commitNr, rows, pending, restoredNr: null,
  };
}

function checkNumbers(ops, kind) {
  const count = name => ops.filter(({ op }) => op === name).length;
  const founds = count('found');
  const fits = kind === 'create' ? founds === 1 && ops.length === 1 : founds === 0;
  refuseUnless(fits, 'group-refused');
  refuseUnless(count('invite') <= INVITES_MAX, 'group-full');
}

const APPLY = {
  found({ place, rows }, { user, deviceList }) {
    refuseUnless(user === place.user, 'group-refused');
    rows.set(user, { role: 'admin', deviceList });
  },

  invite(work, { user, deviceList }) {
    const { place, rows } = work;
    checkAdmin(work);
    refuseUnless(!rows.has(user), 'already-member');
    const { sequenceNr, time, user: inviter } = place;
    rows.set(user, { role: 'invited', deviceList, invitation: { inviter, sequenceNr, time } });
  },

  remove(work, { user }) {
    checkAdmin(work);
    refuseUnless(user !== work.place.user && work.rows.delete(user), 'group-refused');
  },

  role(work, { user, role }) {
    const { before, rows } = work;
    checkAdmin(work);
    refuseUnless(isMember(before, user) && rows.get(user).role !== role, 'group-refused');
    rows.set(user, { role, deviceList: rows.get(user).deviceList });
  },

  async devices({ before, rows }, { user, deviceList }) {
    refuseUnless(await mayTake(before, user, deviceList), 'group-refused');
    rows.set(user, { ...rows.get(user), deviceList });
  },

  timeout({ place, rows }, { user }) {
    const row = rows.get(user);
    refuseUnless(row?.role === 'invited', 'group-refused');
    // A newcomer does not know when people were invited before it came: the others judge that.
    refuseUnless(!row.invitation || isOver(row.invitation, place.time), 'group-refused');
    rows.delete(user);
  },

  leave: carryOut,
  decline: carryOut,
};

/** Carries out a pending leave or decline. */
function carryOut({ before, rows }, { op, user }) {
  const isProposed = before.pending.some(one => one.user === user && one.op.op === op);
  refuseUnless(isProposed && rows.delete(user), 'group-refused');
}

function checkAdmin({ before, place }) {
  refuseUnless(isAdmin(before, place.user), 'not-admin');
}

/** Whether a proposal makes no sense any more after the commit. */
function isSettled({ user, device, op }, { rows, kind, rekeyed }) {
  const row = rows.get(user);
  if (!row) return true;
  if (op.op === 'devices') return row.deviceList.version >= op.deviceList.version;
  if (op.op !== 'rekey') return false;
  return kind === 'reset' || !isListed(rows, { user, device })
    || rekeyed.has(rekeyKey({ user, device }));
}

function isListed(rows, { user, device }) {
  return Boolean(rows.get(user)?.deviceList.devices.some(({ id }) => id === device));
}

function rekeyKey({ user, device }) {
  return `${user} ${device}`;
}
