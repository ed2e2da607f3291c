/**
 * Sends what waits for groups (docs/protocol.md §9.5): one lane for each, in which one thing is
 * under way at a time, operations before posts. It is done when the group's log shows it.
 */

import { equal, fromBase64url } from '../crypto/bytes.js';
import { isAdmin } from '../group/rights.js';
import { missedRemovals, statusOf } from '../group/state.js';
import { ConnectionLost } from '../protocol/connection.js';
import {
  conversationOfGroup, groupOf, isGroupConversation, rowId,
} from '../store/conversations.js';
import { settle } from '../store/database.js';
import { groupHash, openGroup } from '../store/groups.js';
import { attemptWith, operationsOf } from '../store/operations.js';
import { outgoingOf, outgoingTo } from '../store/outbox.js';
import { isCommitDue, lacksOwnList, needsKeys, resetTime } from './group-attempts.js';
import { GroupOperating, isOwn } from './group-operating.js';
import { GroupPosting } from './group-posting.js';
import { blockedBy } from './group-view.js';
import { GO_ON, REST, restFor } from './step.js';

/**
 * How long this device leaves others the first word, before it commits the new list of somebody's
 * devices, in milliseconds. Tests shorten it.
 */
export const LIST_PAUSE = { min: 5_000, max: 30_000 };

/** What a step is chosen by. */
const STEP_STORES = ['groups', 'operations', 'outbox'];
/** Where it stands whether what was accepted has come. */
const LANDING_STORES = ['groupChain', 'operations', 'outbox'];

/**
 * @typedef {object} LanesOwner
 * @property {function(string, string, object): Promise} addOwn adds an operation of this device
 *   itself: the group, its type, what it asks for
 * @property {function(string, UserError?)} onSettled an operation was done without an entry, or
 *   refused
 * @property {function(string): Promise} onForked what was accepted does not stand in the log
 */

export class GroupLanes {
  #store;
  #self;
  #now;
  #operating;
  #posting;
  #request;
  #owner;
  /** By group: 'running', or 'again' if something was added meanwhile. */
  #lanes = new Map();
  #timers = new Map();
  /** Groups of which everything was taken that this connection pushes. */
  #ready = new Set();
  /** By group: the proposal of a list that waits first, and when this device commits it. */
  #lists = new Map();
  /** By group: number and hash of the entry that was accepted and is still to come. */
  #awaited = new Map();

  /**
   * @param {GroupAttempts} attempts
   * @param {LanesOwner} owner
   */
  constructor(parts, attempts, request, owner) {
    this.#store = parts.store;
    this.#self = parts.self;
    this.#now = parts.now;
    this.#request = request;
    this.#owner = owner;
    const append = (group, fields) => this.#append(group, fields);
    this.#operating = new GroupOperating(parts, attempts, append, owner);
    this.#posting = new GroupPosting(parts, append, owner);
  }

  /** A new connection: what was sent on the last one may stand in the logs that it pushes. */
  begin() {
    this.#ready.clear();
    this.#awaited.clear();
  }

  caughtUp(group) {
    this.#ready.add(group);
    this.start(group);
  }

  /**
   * Sends whatever can be sent now.
   *
   * @param {string[]} targets as of recipients
   * @param {string[]} changing groups in which something is to be changed
   */
  startAll(targets, changing) {
    const groups = [...targets.filter(isGroupConversation).map(groupOf), ...changing];
    // A list that waits may be under an account key that was accepted just now.
    for (const group of new Set([...groups, ...this.#lists.keys()])) this.start(group);
  }

  stop() {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  async start(group) {
    if (this.#lanes.has(group)) {
      this.#lanes.set(group, 'again');
      return;
    }
    clearTimeout(this.#timers.get(group));
    let pause = null;
    try {
      do {
        this.#lanes.set(group, 'running');
        pause = await this.#drain(group);
      } while (this.#lanes.get(group) === 'again');
    } finally {
      this.#lanes.delete(group);
    }
    if (pause !== null) this.#timers.set(group, setTimeout(() => this.start(group), pause));
  }

  /** @returns {Promise<number|null>} milliseconds to wait; null when nothing is left to do now */
  async #drain(group) {
    try {
      for (;;) {
        const { rest, pause } = await this.#step(group);
        if (rest) return pause;
      }
    } catch (error) {
      if (error instanceof ConnectionLost) return null;
      throw error;
    }
  }

  /** @returns {Promise<Step>} */
  async #step(group) {
    const conversation = conversationOfGroup(group);
    const { groupRow, rows, posts } = await this.#store.read(STEP_STORES, async stores => ({
      groupRow: await settle(stores.groups.get(group)),
      rows: await operationsOf(stores, group),
      posts: await outgoingTo(stores, conversation),
    }));
    const { state } = await openGroup(this.#store, groupRow);
    if (!await this.#hasLanded(group, state)) return REST;
    const [row] = [...rows].sort((left, right) => isOwn(right) - isOwn(left));
    if (row?.type === 'create' && !state) return this.#operating.run(row, null);
    if (state?.ended) return this.#posting.giveUp(group);
    if (!state?.membership || !this.#ready.has(group)) return REST;
    if (state.breach) return row ? this.#operating.giveUp(row) : REST;
    if (row) return this.#operating.run(row, state);
    if (needsKeys(state, this.#self)) return this.#addOwn(group, 'rekey');
    if (lacksOwnList(state, this.#self)) return this.#addOwn(group, 'devices');
    return this.#nextPost(group, state, posts[0]);
  }

  async #nextPost(group, state, row) {
    const status = statusOf(state, this.#self.user);
    const missesRemovals = missedRemovals(state).length > 0;
    const mayCommit = isAdmin(state.membership, this.#self.user);
    if (status !== 'member' && status !== 'waiting') return REST;
    const pause = this.#untilLists(group, state);
    // An admin removes again without waiting for something to write.
    const isAtWork = row || (missesRemovals && mayCommit) || (pause === 0 && status === 'member');
    if (!isAtWork) return pause > 0 ? restFor(pause) : REST;
    // Nothing is sent to people who had gone before the server was restored: an admin removes them
    // again.
    if (missesRemovals && !mayCommit) return REST;
    // A commit may bring the very key that is accepted here: what it makes of the roster is judged.
    if (status === 'member' && isCommitDue(state, this.#now())) {
      return this.#addOwn(group, 'settle');
    }
    // Nor to another account key, until the user has chosen.
    if ((await blockedBy(this.#store, state)).length > 0) return REST;
    if (status === 'waiting') return this.#awaitKeys(group, state);
    return this.#posting.run(row, state);
  }

  /**
   * A new device can do nothing, and a removed one is there, until somebody commits: the user's own
   * devices at once, others if none of these does.
   *
   * @returns {number|null} milliseconds until it is this device's turn; null if no list waits
   */
  #untilLists(group, { membership }) {
    const lists = membership.pending.filter(({ op }) => op.op === 'devices');
    if (lists.length === 0) {
      this.#lists.delete(group);
      return null;
    }
    if (lists.some(({ user }) => user === this.#self.user)) return 0;
    const [{ sequenceNr }] = lists;
    if (this.#lists.get(group)?.sequenceNr !== sequenceNr) {
      const { min, max } = LIST_PAUSE;
      const at = performance.now() + min + Math.random() * (max - min);
      this.#lists.set(group, { sequenceNr, at });
    }
    return Math.max(0, this.#lists.get(group).at - performance.now());
  }

  async #awaitKeys(group, state) {
    const pause = resetTime(state, this.#self) - this.#now();
    return pause > 0 ? restFor(pause) : this.#addOwn(group, 'settle');
  }

  async #addOwn(group, type) {
    await this.#owner.addOwn(group, type, {});
    return GO_ON;
  }

  async #append(group, fields) {
    const { sequenceNr, hash } = await this.#request('group-append', { group, ...fields });
    this.#awaited.set(group, { sequenceNr, hash, messageId: fields.messageId });
  }

  /** Whether what was accepted has come, and stands where the server said. */
  async #hasLanded(group, state) {
    const awaited = this.#awaited.get(group);
    if (!awaited || state?.breach) return true;
    if ((state?.head.sequenceNr ?? -1) < awaited.sequenceNr) return Boolean(state?.ended);
    this.#awaited.delete(group);
    const { sequenceNr, hash, messageId } = awaited;
    const message = rowId(this.#self.user, fromBase64url(messageId));
    const { known, isUnderWay } = await this.#store.read(LANDING_STORES, async stores => ({
      known: await groupHash(stores, group, sequenceNr),
      // Something waits here still: the log has not shown it.
      isUnderWay: Boolean(attemptWith(await operationsOf(stores, group), messageId)
        ?? await outgoingOf(stores, message)),
    }));
    const isElsewhere = known && !equal(known, hash);
    if (!isElsewhere && !isUnderWay) return true;
    await this.#owner.onForked(group);
    return false;
  }
}
