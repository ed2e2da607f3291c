/** What the page shows of a group. */

import { equal } from '../crypto/bytes.js';
import { isAdmin, isLeaving } from '../group/rights.js';
import { inviterOf, missedRemovals, statusOf } from '../group/state.js';
import { settle } from '../store/database.js';
import { WAITING_GROUPS, groupName, groupRow } from '../store/groups.js';
import { groupAlarmText } from './texts.js';

/** @returns {Promise<{name: string|null, group: object}>} fields of a Conversation of the page */
export async function groupFields(store, group) {
  const row = await groupRow(store, group);
  const waiting = await store.meta(WAITING_GROUPS) ?? [];
  const joining = waiting.includes(group);
  const { user } = store;
  // A device that comes to know of the group from elsewhere knows nobody in it.
  if (!row?.membership) return { name: null, group: unknownGroup(group, joining) };
  const { breach, membership } = row;
  const isInvited = membership.rows.get(user)?.role === 'invited';
  return {
    name: await groupName(store, row),
    group: {
      id: group,
      status: statusOf({ ...row, keys: row.hasKeys }, user),
      isAdmin: !row.ended && isAdmin(membership, user),
      invitedBy: isInvited ? inviterOf(row, user) : null,
      members: membersOf(membership, user),
      blockedBy: await blockedBy(store, row),
      missed: row.ended ? [] : missedRemovals(row),
      alarm: breach && !row.ended ? groupAlarmText(breach) : null,
      joining,
    },
  };
}

function unknownGroup(id, joining) {
  return {
    id, status: joining ? 'starting' : 'left', isAdmin: false, invitedBy: null, members: [],
    blockedBy: [], missed: [], alarm: null, joining,
  };
}

function membersOf(membership, ownUser) {
  return [...membership.rows].sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([user, { role }]) => ({
      user, role, leaving: isLeaving(membership, user), self: user === ownUser,
    }));
}

/**
 * People whose account key in the roster is not the one that this browser has pinned.
 *
 * @returns {Promise<string[]>}
 */
export async function blockedBy(store, { membership, ended }) {
  if (ended) return [];
  const contacts = await store.read(['contacts'], ({ contacts: all }) => settle(all.getAll()));
  const pins = new Map(contacts.map(({ user, pin }) => [user, pin]));
  return [...membership.rows.values()].map(({ deviceList }) => deviceList)
    .filter(({ user, accountKey }) =>
      pins.has(user) && !equal(pins.get(user).accountKey, accountKey))
    .map(({ user }) => user).sort();
}

/** Groups in whose rosters somebody stands. @returns {Promise<string[]>} */
export async function groupsWith(store, user) {
  const rows = await store.read(['groups'], ({ groups }) => settle(groups.getAll()));
  return rows.filter(({ membership }) => membership?.rows.has(user)).map(({ group }) => group);
}
