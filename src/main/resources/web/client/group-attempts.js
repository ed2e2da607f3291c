/**
 * What an operation in a group adds to its log, made on the newest state: what no longer makes
 * sense there is done, or refused, and not redone blindly (docs/protocol.md §9.5).
 */

import { base64url } from '../crypto/bytes.js';
import { groupStart } from '../crypto/group-statements.js';
import {
  makeCommit, makeConfirmation, makeProposal, mustSettleFirst, planCommit, planCreation,
  settlingOps,
} from '../group/drafts.js';
import { propose } from '../group/membership.js';
import { awaitsReset, deviceIn, isAdmin, isMember, isNewer } from '../group/rights.js';
import { beginningState, missedRemovals, statusOf } from '../group/state.js';
import { operationPlace } from '../store/operations.js';
import { listName } from '../words/numbers.js';
import { words } from '../words/words.js';
import { blockedBy } from './group-view.js';
import { UserError } from './user-error.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const EPOCH_MS_MAX = 7 * DAY_MS;
const EPOCH_POSTS_MAX = 1000;
const KEYS_AWAITED_MS_MAX = 10 * 60 * 1000;

/** There is nothing to be done (any more). */
export const DONE = { done: true };
/** A commit that settles proposals has to come first. */
export const SETTLE_FIRST = { settleFirst: true };

/** Whether who wants to post has to commit first. @param {number} now milliseconds since 1970 */
export function isCommitDue(state, now) {
  return state.membership.pending.length > 0 || awaitsReset(state.membership)
    || missedRemovals(state).length > 0 || settlingOps(state, now).length > 0
    || state.posts >= EPOCH_POSTS_MAX || now - state.commitTime >= EPOCH_MS_MAX;
}

/** Whether this device has to ask for keys, and has not yet. */
export function needsKeys({ membership, keys, ended }, { user, deviceId }) {
  const isIn = membership && deviceIn(membership, user, deviceId);
  if (keys || ended || !isIn || awaitsReset(membership)) return false;
  return !membership.pending.some(({ op, device }) => op.op === 'rekey' && device === deviceId);
}

/**
 * Whether a group has an older list of this user than there is, and nobody has proposed one: what
 * is pending is settled with the newest list.
 *
 * @param {GroupState} state
 */
export function lacksOwnList(state, self) {
  return isBehindOwnList(state, self) && pendingLists(state, self).length === 0;
}

/**
 * Whether neither the roster nor a proposal has this user's list as it is here, or a newer one: a
 * device that is out of it may read on.
 */
export function missesOwnList(state, self) {
  const { deviceList: { version } } = self;
  return isBehindOwnList(state, self)
    && pendingLists(state, self).every(({ op }) => op.deviceList.version < version);
}

function isBehindOwnList({ membership, ended, breach }, { user, deviceList }) {
  return Boolean(membership) && !ended && !breach && isNewer(membership, user, deviceList);
}

function pendingLists({ membership }, { user }) {
  return membership.pending.filter(one => one.user === user && one.op.op === 'devices');
}

/**
 * When this device, a member's without keys, may begin the keys anew for everybody: the others may
 * have none either (docs/protocol.md §9.2).
 *
 * @returns {number} milliseconds since 1970; Infinity if it has not asked for keys
 */
export function resetTime({ membership }, { deviceId }) {
  const asked = membership.pending.find(({ op, device }) =>
    op.op === 'rekey' && device === deviceId);
  return asked ? asked.time + KEYS_AWAITED_MS_MAX : Infinity;
}

export class GroupAttempts {
  #store;
  #self;
  #now;
  #keys;

  /** @param {GroupKeys} keys */
  constructor({ store, self, now }, keys) {
    this.#store = store;
    this.#self = self;
    this.#now = now;
    this.#keys = keys;
  }

  /**
   * @param {object} row an operation
   * @param {GroupState|null} state
   * @returns {Promise<object>} DONE, SETTLE_FIRST, or the row with an attempt. Rejects with
   *   UserError, GroupRefused, or what a request rejects with
   */
  async make(row, state) {
    const asked = await this.#store.sealing.open(operationPlace(row.id, 'asked'), row.sealed);
    if (row.type === 'create') return this.#create(row, state, asked);
    if (!state?.membership) throw new UserError('not-member');
    if (state.breach) throw new UserError('group-alarm');
    return this[`_${row.type}`](row, state, asked);
  }

  async #create(row, state, { name }) {
    if (state) return DONE;
    const { group } = row;
    const beginning = beginningState(group, await groupStart(group), []);
    const plan = await planCreation(group, this.#self);
    const { user } = this.#self;
    const { prekeys } = plan.recipients.length > 0 ? await this.#keys.ofStranger(user)
      : { prekeys: new Map() };
    const checked = await this.#keys.check(plan.recipients, prekeys);
    return this.#withCommit(row, await makeCommit(beginning, this.#self, plan, name, checked));
  }

  async _invite(row, state, { users }) {
    const missing = users.filter(user => !isIn(state, user));
    if (missing.length === 0) return DONE;
    this.#checkAdmin(state);
    const found = await Promise.all(missing.map(user => this.#keys.ofStranger(user)
      .then(known => ({ user, ...known }))));
    const ops = found.map(({ user, deviceList }) => ({ op: 'invite', user, deviceList }));
    return this.#commit(row, state, ops, { prekeys: found.map(({ prekeys }) => prekeys) });
  }

  /** Somebody whose key is not accepted can be removed all the same: the roster after it counts. */
  async _remove(row, state, { user }) {
    if (!state.membership.rows.has(user)) return DONE;
    this.#checkAdmin(state);
    return this.#commit(row, state, [{ op: 'remove', user }]);
  }

  async _role(row, state, { user, role }) {
    if (!isMember(state.membership, user)) throw new UserError('group-no-member', { user });
    if (state.membership.rows.get(user).role === role) return DONE;
    this.#checkAdmin(state);
    return this.#commit(row, state, [{ op: 'role', user, role }]);
  }

  async _rename(row, state, { name }) {
    if (state.name === name) return DONE;
    this.#checkAdmin(state);
    return this.#commit(row, state, [], { name });
  }

  async _settle(row, state, { force }) {
    const now = this.#now();
    const isDue = {
      member: () => force || isCommitDue(state, now),
      waiting: () => resetTime(state, this.#self) <= now,
    }[statusOf(state, this.#self.user)];
    if (!isDue?.()) return DONE;
    return this.#commit(row, state, []);
  }

  _leave(row, state) {
    if (state.ended) return DONE;
    return this.#propose(row, state, { op: 'leave' });
  }

  _decline(row, state) {
    if (state.ended) return DONE;
    return this.#propose(row, state, { op: 'decline' });
  }

  _rekey(row, state) {
    if (!needsKeys(state, this.#self)) return DONE;
    return this.#propose(row, state, { op: 'rekey' });
  }

  _devices(row, state) {
    if (!lacksOwnList(state, this.#self)) return DONE;
    const { deviceList } = this.#self;
    return this.#propose(row, state, { op: 'devices', deviceList });
  }

  async _accept(row, state) {
    const status = statusOf(state, this.#self.user);
    if (status === 'member' || status === 'waiting') return DONE;
    if (status !== 'invited') throw new UserError('not-member');
    if (!state.keys) throw new UserError('group-waiting');
    return this.#with(row, await makeConfirmation(state, this.#self));
  }

  async #propose(row, state, op) {
    const { user, deviceId: device } = this.#self;
    const place = { sequenceNr: state.head.sequenceNr + 1, time: 0, user, device };
    // Refused here as everywhere: the last admin does not leave.
    await propose(state.membership, place, { op, head: state.head });
    return this.#with(row, await makeProposal(state, this.#self, op));
  }

  async #commit(row, state, wanted, { prekeys: more = [], name = state.name } = {}) {
    const kind = this.#kindOf(state);
    if (mustSettleFirst(state, wanted)) return SETTLE_FIRST;
    const asked = [...this.#removalsAgain(state, wanted), ...wanted];
    const { prekeys, newer } = await this.#keys.ofRoster(state);
    const ops = [...settlingOps(state, this.#now(), asked, newer), ...asked];
    const plan = await planCommit(state, this.#self, kind, ops, this.#now());
    await this.#checkKnown(plan);
    const all = new Map([...prekeys, ...more.flatMap(found => [...found])]);
    const checked = await this.#keys.check(plan.recipients, all);
    const commit = await makeCommit(state, this.#self, plan, name ?? words.engine.unnamedGroup, checked);
    return this.#withCommit(row, commit);
  }

  #checkAdmin({ membership }) {
    if (!isAdmin(membership, this.#self.user)) throw new UserError('not-admin');
  }

  /**
   * Nothing is sealed to people who had gone and came back only because the server was restored: an
   * admin removes them once more, and nobody else commits before.
   */
  #removalsAgain(state, wanted) {
    const missed = missedRemovals(state);
    if (missed.length === 0) return [];
    const user = missed.find(one => wanted.some(op => op.user === one && op.op !== 'remove'));
    if (user) throw new UserError('group-no-member', { user });
    if (!isAdmin(state.membership, this.#self.user)) {
      throw new UserError('group-missed', { user: listName(missed) });
    }
    return missed.filter(one => !wanted.some(op => op.user === one))
      .map(one => ({ op: 'remove', user: one }));
  }

  /**
   * Without keys a commit begins anew: after a restore at once; else an admin's at once, others'
   * when nobody gave them keys.
   */
  #kindOf(state) {
    if (awaitsReset(state.membership)) return 'reset';
    if (state.keys) return 'change';
    const mayReset = isAdmin(state.membership, this.#self.user)
      || resetTime(state, this.#self) <= this.#now();
    if (!mayReset) throw new UserError('group-waiting');
    return 'reset';
  }

  /** A commit gives keys to everybody in the roster that it makes. */
  async #checkKnown({ after }) {
    const [user] = await blockedBy(this.#store, { membership: after });
    if (user) throw new UserError('group-blocked', { user });
  }

  async #withCommit(row, { fresh, ...draft }) {
    const made = this.#with(row, draft);
    const place = operationPlace(row.id, 'fresh');
    made.attempt.sealedFresh = await this.#store.sealing.seal(place, fresh);
    return made;
  }

  #with(row, { messageId, ...draft }) {
    return { ...row, attempt: { messageId: base64url(messageId), ...draft } };
  }
}

function isIn({ membership }, user) {
  return membership.rows.has(user) && !membership.pending.some(one => one.user === user
    && ['leave', 'decline'].includes(one.op.op));
}
