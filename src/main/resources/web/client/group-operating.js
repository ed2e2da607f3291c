/** Carries out an operation in a group: makes it, sends it, and judges the server's answer. */

import { GroupRefused } from '../group/group-refused.js';
import { ConnectionLost, RequestRefused, TooLarge } from '../protocol/connection.js';
import { settle } from '../store/database.js';
import { loadGroup } from '../store/groups.js';
import { unattempted } from '../store/operations.js';
import { DONE, SETTLE_FIRST } from './group-attempts.js';
import { GO_ON, SENT_AGAIN, afterQuicker, again, restFor } from './step.js';
import { UserError, userErrorOf } from './user-error.js';

const REFUSED_RETRY_MS = 60_000;
const TRIES_MAX = 8;

/** What this device does by itself; nobody waits for it. */
const OWN = ['settle', 'rekey', 'devices'];

/** Answers after which nobody knows whether the server has taken something. */
const UNKNOWN = ['unknown-outcome', 'internal'];

/** Refusals after which an operation is made anew on the newest state. */
const MADE_ANEW = [
  'epoch-stale', 'epoch-pending', 'pieces-refused', 'devices-changed', 'already-member',
];

/** Whether an operation is one that this device does by itself. */
export function isOwn({ type }) {
  return OWN.includes(type);
}

export class GroupOperating {
  #store;
  #attempts;
  #append;
  #owner;

  /** @param {function(string, object): Promise} append sends an entry for a group's log */
  constructor({ store }, attempts, append, owner) {
    this.#store = store;
    this.#attempts = attempts;
    this.#append = append;
    this.#owner = owner;
  }

  /** @returns {Promise<Step>} rejects with ConnectionLost; the operation then stays */
  async run(row, state) {
    const current = row.attempt && isStale(row.attempt, state) ? unattempted(row) : row;
    if (current.tries >= TRIES_MAX) return this.#fail(row, new UserError('group-busy'));
    try {
      return await this.#carryOut(current, state);
    } catch (error) {
      return this.#refused(current, state, error);
    }
  }

  /** The server was caught: nothing is sent to this group any more. */
  giveUp(row) {
    return this.#done(row, new UserError('group-alarm'));
  }

  async #carryOut(row, state) {
    const made = row.attempt ? row : await this.#attempts.make(row, state);
    if (made === DONE) return this.#done(row);
    if (made === SETTLE_FIRST) {
      await this.#owner.addOwn(row.group, 'settle', {});
      return GO_ON;
    }
    // Stored before it is sent: a commit's secret must be here when the log shows the commit.
    if (!await this.#store.write(['operations'], stores => replace(stores, made))) return GO_ON;
    const { messageId, content, info, pieces } = made.attempt;
    await this.#append(row.group, { messageId, content, ...info && { info, pieces } });
    return GO_ON;
  }

  async #refused(row, state, error) {
    if (error instanceof ConnectionLost) throw error;
    const code = error instanceof RequestRefused ? error.code : null;
    // What the server may have taken is never given up; a fresh one is not kept waiting.
    const mayBeTaken = row.attempt || UNKNOWN.includes(code);
    if (SENT_AGAIN.includes(code) && (isOwn(row) || mayBeTaken)) return again(error);
    if (MADE_ANEW.includes(code)) return this.#makeAnew(row, state);
    if (error instanceof TooLarge) return this.#fail(row, new UserError('group-full'));
    const isAnswer = [GroupRefused, UserError, RequestRefused].some(type => error instanceof type);
    if (!isAnswer) throw error;
    return this.#fail(row, userErrorOf(error));
  }

  async #makeAnew({ seq, group }, before) {
    await this.#store.write(['operations'], async ({ operations }) => {
      const stored = await settle(operations.get(seq));
      if (stored) operations.put(unattempted(stored));
    });
    const { state } = await loadGroup(this.#store, group);
    return afterQuicker(before, state);
  }

  async #done({ seq, id }, error) {
    await this.#store.write(['operations'], ({ operations }) => { operations.delete(seq); });
    this.#owner.onSettled(id, error);
    return GO_ON;
  }

  async #fail(row, error) {
    await this.#done(row, error);
    // What this device does by itself is tried again, but not at once.
    return isOwn(row) ? restFor(REFUSED_RETRY_MS) : GO_ON;
  }
}

/** Whether the group has changed since: the server would refuse it. */
function isStale({ content }, state) {
  return state !== null && content.head.sequenceNr < state.membership.changedNr;
}

/** Inside a transaction: false if the log has settled the operation meanwhile. */
async function replace({ operations }, row) {
  const stored = await settle(operations.get(row.seq));
  if (stored) operations.put(row);
  return Boolean(stored);
}
