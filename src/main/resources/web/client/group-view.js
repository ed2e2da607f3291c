/** What the page shows of a group. */

import { equal } from '../crypto/bytes.js';
import { isAdmin, isLeaving } from '../group/rights.js';
import { inviterOf, missedRemovals, statusOf } from '../group/state.js';
import { settle } from '../store/database.js';
import { WAITING_GROUPS, groupName } from '../store/groups.js';
import { groupAlarmText } from './texts.js';

/** The names of the object stores that `groupRows` needs. */
export const GROUP_VIEW_STORES = ['groups', 'contacts', 'meta'];

/** @returns {Promise<object>} what `groupFields` needs, inside a transaction */
export async function groupRows(stores, group, ownUser) {
  const row = await settle(stores.groups.get(group));
  const waiting = await settle(stores.meta.get(WAITING_GROUPS)) ?? [];
  const joining = waiting.includes(group);
  if (!row?.membership) return { row: null, joining, invitedBy: null };
  const isInvited = row.membership.rows.get(ownUser)?.role === 'invited';
  return {
    row, joining, invitedBy: isInvited ? inviterOf(row, ownUser) : null,
    blocked: await blockedIn(stores, row),
  };
}

/** @returns {Promise<{name: string|null, group: object}>} fields of a Conversation of the page */
export async function groupFields(store, group, { row, joining, invitedBy, blocked }) {
  // A device that comes to know of the group from elsewhere knows nobody in it.
  if (!row) return { name: null, group: unknownGroup(group, joining) };
  const { user } = store;
  const { breach, membership } = row;
  return {
    name: await groupName(store, row),
    group: {
      id: group,
      status: statusOf({ ...row, keys: row.hasKeys }, user),
      isAdmin: !row.ended && isAdmin(membership, user),
      invitedBy,
      members: membersOf(membership, user),
      blockedBy: blocked,
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
export function blockedBy(store, state) {
  return store.read(['contacts'], stores => blockedIn(stores, state));
}

/** As `blockedBy`, inside a transaction. */
export async function blockedIn({ contacts }, { membership, ended }) {
  if (ended) return [];
  const known = await settle(contacts.getAll());
  const pins = new Map(known.map(({ user, pin }) => [user, pin]));
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
