/** Taking a commit of a group's log (docs/protocol.md §9.1 to §9.4). */

import { equal } from '../crypto/bytes.js';
import { Refused } from '../crypto/refused.js';
import { checkDeviceList, deviceListHash } from '../crypto/statements.js';
import { followCommit } from './epoch.js';
import { commit, joiningMembership, placeOf } from './membership.js';
import { deviceIn, isAdmin } from './rights.js';
import { openName } from './name.js';
import { endOf } from './state.js';

/**
 * @param {function(GroupState, GroupEntry, GroupView, Uint8Array): Promise} checkSigned signature
 *   and head
 * @returns {Promise<object>} the state, and what `takeEntry` gives besides
 */
export async function takeCommit(state, entry, view, checkSigned) {
  const { content } = entry;
  const lists = listsOf(state, content);
  for (const { user, deviceList } of lists) {
    await checkDeviceList(deviceList, { user, serverHost: view.self.serverHost, pin: null });
  }
  const before = state.membership;
  const membership = before ? await commit(before, placeOf(entry), content)
    : await joining(state, entry, view);
  await checkSigned(state, entry, view, signKeyOf(before, membership, entry));
  const followed = await followCommit(state, entry, membership, view);
  const ended = endOf(membership, view.self.user, content);
  const named = await nameAfter(state, entry, followed);
  const { usedPrekey, keys } = followed;
  return {
    state: {
      ...state, membership, starting: null, ended, keys: ended ? null : keys,
      counters: {}, posts: 0, commitTime: entry.time,
      name: named.name,
      lastRemoval: removalIn(content, entry) ?? state.lastRemoval,
      missed: state.missed.filter(user => membership.rows.has(user)),
    },
    shown: [...opNotices(entry, before), ...named.shown],
    lists: lists.filter(({ user }) => user !== view.self.user),
    usedPrekeys: usedPrekey ? [usedPrekey] : [],
  };
}

/** Every device list that the commit brings into the roster. */
function listsOf({ starting }, { ops }) {
  if (starting) {
    return starting.rows.map(({ deviceList }) => ({ user: deviceList.user, deviceList }));
  }
  return ops.filter(({ deviceList }) => deviceList);
}

/**
 * The committer's key: in the roster before, or in the one that the commit begins with. What the
 * server claims of a roster is no source of it.
 */
function signKeyOf(before, after, { fromUser, fromDevice, content }) {
  const known = content.kind === 'create' || !before ? after : before;
  return deviceIn(known, fromUser, fromDevice).signKey;
}

/**
 * The membership right after the commit that invites this user, or brings this device: the roster
 * is the committer's word, whose signature is over its hash.
 */
async function joining({ group, starting }, entry, { self, ownListHash }) {
  const { content } = entry;
  const { point, rows } = starting;
  const isHere = content.head.sequenceNr === point.sequenceNr
    && equal(content.head.hash, point.hash);
  if (!isHere) throw new Refused('chain', 'the committer saw another history');
  const joined = await joiningMembership(group, placeOf(entry), content, rows);
  if (!await isOwnRow(joined, self, ownListHash)) {
    throw new Refused('device', 'joined as somebody else');
  }
  const isAsked = content.ops.some(({ op, user }) => user === self.user
    && (op === 'devices' || (op === 'invite' && joined.rows.get(user).role === 'invited')));
  if (!isAsked) throw new Refused('device', 'a commit that does not bring this device');
  return joined;
}

/**
 * Whether the roster has this device. Of a version that is known there is one list, whatever its
 * account key was; of another one only that the own account key signed it can be known.
 */
async function isOwnRow(joined, { user, deviceId, deviceKey, deviceList, listHash }, ownListHash) {
  const own = joined.rows.get(user)?.deviceList;
  const device = deviceIn(joined, user, deviceId);
  if (!device || !equal(device.signKey, deviceKey)) return false;
  const known = own.version === deviceList.version ? listHash : await ownListHash(own.version);
  return known ? equal(await deviceListHash(own), known)
    : equal(own.accountKey, deviceList.accountKey);
}

function removalIn({ ops }, { sequenceNr }) {
  const removal = ops.findLast(({ op }) => op === 'remove');
  return removal && { user: removal.user, sequenceNr };
}

function opNotices({ fromUser: by, content }, before) {
  return content.ops
    .map(op => ({ type: 'notice', notice: noticeOf(op, before), by, user: op.user }))
    .filter(({ notice }) => notice);
}

function noticeOf({ op, user, role }, before) {
  switch (op) {
    case 'found': return 'created';
    case 'invite': return 'invited';
    case 'remove': return before?.rows.get(user)?.role === 'invited' ? 'withdrawn' : 'removed';
    case 'role': return role === 'admin' ? 'made-admin' : 'made-member';
    case 'timeout': return 'invitation-over';
    // Who leaves or declines was shown when they said so.
    default: return null;
  }
}

/** The name after a commit. Only an admin changes it, also for who did not see every commit. */
async function nameAfter(state, { content, info, fromUser: by }, { place, joiner }) {
  const kept = { name: state.name, shown: [] };
  if (!info) return kept;
  const name = await openName(place, joiner, info, content.infoDigest);
  if (!name || name === state.name) return kept;
  if (state.name === null) return { name, shown: [] };
  const mayChange = isAdmin(state.membership, by);
  const notice = mayChange ? 'named' : 'name-refused';
  return { name: mayChange ? name : state.name, shown: [{ type: 'notice', notice, by, name }] };
}
