/**
 * Sends what waits for groups (docs/protocol.md §9.5): one lane for each, in which one thing is
 * under way at a time, operations before posts. It is done when the group's log shows it.
 */

import { base64url } from '../crypto/bytes.js';
import { GroupRefused } from '../group/group-refused.js';
import { statusOf } from '../group/state.js';
import { ConnectionLost, RequestRefused, TooLarge } from '../protocol/connection.js';
import { conversationOfGroup, groupOf, isGroupConversation } from '../store/conversations.js';
import { Conflict, settle } from '../store/database.js';
import { loadGroup } from '../store/groups.js';
import { groupsWithOperations, operationsOf, unattempted } from '../store/operations.js';
import { outgoingTo, recipients } from '../store/outbox.js';
import { DONE, SETTLE_FIRST, isCommitDue, needsKeys } from './group-attempts.js';
import { blockedBy } from './group-view.js';
import { dropPost, encryptPost, parkPost } from './group-posts.js';
import { UserError, userErrorOf } from './user-error.js';

const RETRY_MS = 5_000;
const STALE_MS = 2_000;
const REFUSED_RETRY_MS = 60_000;
const TRIES_MAX = 8;

/** What this device does by itself; nobody waits for it. */
const OWN = ['settle', 'rekey'];

/** Refusals after which the same bytes are sent again. */
const SENT_AGAIN = ['unknown-outcome', 'internal', 'busy', 'rate-limited', 'server-full'];
/** Refusals of an operation after which it is made anew on the newest state. */
const MADE_ANEW = [
  'epoch-stale', 'epoch-pending', 'pieces-refused', 'devices-changed', 'already-member',
];
/** Refusals of a post after which it is encrypted anew. */
const ENCRYPTED_ANEW = ['epoch-stale', 'epoch-pending', 'not-member'];

/** Nothing more can be done in this lane now. */
const REST = { rest: true, pause: null };
const GO_ON = { rest: false };
const restFor = pause => ({ rest: true, pause });

/**
 * @typedef {object} LanesOwner
 * @property {function(string, string): Promise} addOwn adds an operation of this device itself
 * @property {function(string)} onDone an operation has nothing more to do
 * @property {function(string, UserError)} onFailed an operation was refused
 */

export class GroupLanes {
  #store;
  #self;
  #turn;
  #news;
  #attempts;
  #request;
  #owner;
  /** By group: 'running', or 'again' if something was added meanwhile. */
  #lanes = new Map();
  #timers = new Map();
  /** Groups of which everything was taken that this connection pushes. */
  #ready = new Set();
  /** By group: the number of the entry that was accepted and is still to come. */
  #awaited = new Map();

  constructor({ store, self, turn, news }, attempts, request, owner) {
    this.#store = store;
    this.#self = self;
    this.#turn = turn;
    this.#news = news;
    this.#attempts = attempts;
    this.#request = request;
    this.#owner = owner;
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

  /** Sends whatever can be sent now. */
  async kick() {
    const groups = await this.#store.read(['outbox', 'operations'], async stores => [
      ...(await recipients(stores)).filter(isGroupConversation).map(groupOf),
      ...await groupsWithOperations(stores),
    ]);
    for (const group of new Set(groups)) this.start(group);
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
      } while (pause === null && this.#lanes.get(group) === 'again');
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

  async #step(group) {
    const loaded = await loadGroup(this.#store, group);
    const { state } = loaded;
    if ((state?.head.sequenceNr ?? -1) < (this.#awaited.get(group) ?? -1)) return REST;
    const rows = await this.#store.read(['operations'], stores => operationsOf(stores, group));
    const [row] = [...rows].sort((left, right) => isOwn(right) - isOwn(left));
    if (row?.type === 'create' && !state) return this.#operate(row, null);
    if (!state?.membership || !this.#ready.has(group)) return REST;
    if (row) return this.#operate(row, state);
    if (state.breach || state.ended) return REST;
    if (needsKeys(state, this.#self)) return this.#addOwn(group, 'rekey');
    return this.#nextPost(group, state);
  }

  async #nextPost(group, state) {
    const conversation = conversationOfGroup(group);
    const [row] = await this.#store.read(['outbox'], stores => outgoingTo(stores, conversation));
    if (!row || statusOf(state, this.#self.user) !== 'member') return REST;
    // Nothing is sent to another account key until the user has chosen.
    if ((await blockedBy(this.#store, state)).length > 0) return REST;
    if (isCommitDue(state, Date.now())) return this.#addOwn(group, 'settle');
    return this.#post(group, row, state);
  }

  async #addOwn(group, type, asked) {
    await this.#owner.addOwn(group, type, asked);
    return GO_ON;
  }

  async #operate(row, state) {
    const attempted = row.attempt && isStale(row.attempt, state) ? unattempted(row) : row;
    if (attempted.tries >= TRIES_MAX) return this.#fail(row, new UserError('group-busy'));
    try {
      const made = attempted.attempt ? attempted : await this.#attempts.make(attempted, state);
      if (made === DONE) return await this.#done(row);
      if (made === SETTLE_FIRST) return await this.#addOwn(row.group, 'settle');
      if (!await this.#store.write(['operations'], stores => replace(stores, made))) return GO_ON;
      const { messageId, content, info, pieces } = made.attempt;
      await this.#append(row.group, { messageId, content, ...info && { info, pieces } });
      return REST;
    } catch (error) {
      return this.#refused(attempted, state, error);
    }
  }

  async #refused(row, state, error) {
    if (error instanceof ConnectionLost) throw error;
    const code = error instanceof RequestRefused ? error.code : null;
    if (SENT_AGAIN.includes(code) && row.attempt) {
      return restFor(error.frame.retryAfter ?? RETRY_MS);
    }
    if (MADE_ANEW.includes(code)) return this.#makeAnew(row, state);
    const isAnswer = error instanceof GroupRefused || error instanceof UserError
      || error instanceof RequestRefused || error instanceof TooLarge;
    if (!isAnswer) throw error;
    return this.#fail(row, error instanceof TooLarge ? new UserError('group-full')
      : userErrorOf(error));
  }

  /** The entry that was quicker is on its way, if it is not here already. */
  async #makeAnew({ seq, group }, before) {
    await this.#store.write(['operations'], async ({ operations }) => {
      const stored = await settle(operations.get(seq));
      if (stored) operations.put(unattempted(stored));
    });
    return this.#hasMoved(group, before);
  }

  async #hasMoved(group, before) {
    const { state } = await loadGroup(this.#store, group);
    const changedNr = of => of?.membership?.changedNr ?? 0;
    return changedNr(state) > changedNr(before) ? GO_ON : restFor(STALE_MS);
  }

  async #done({ seq, id }) {
    await this.#store.write(['operations'], ({ operations }) => { operations.delete(seq); });
    this.#owner.onDone(id);
    return GO_ON;
  }

  async #fail(row, error) {
    await this.#done(row);
    this.#owner.onFailed(row.id, error);
    // What this device does by itself is tried again, but not at once.
    return isOwn(row) ? restFor(REFUSED_RETRY_MS) : GO_ON;
  }

  async #post(group, row, state) {
    const sending = await this.#encrypted(group, row);
    if (!sending) return GO_ON;
    const { messageId, row: { post } } = sending;
    const { content, ciphertext } = post;
    try {
      await this.#append(group, { messageId: base64url(messageId), content, ciphertext });
      return REST;
    } catch (error) {
      return this.#refusedPost(group, sending.row, state, error);
    }
  }

  /** In turn with what is taken, so that no two move the chains at once. */
  async #encrypted(group, row) {
    try {
      return await this.#turn.take(async () => {
        const loaded = await loadGroup(this.#store, group);
        const { state } = loaded;
        const mayPost = statusOf(state, this.#self.user) === 'member' && !state.breach
          && !isCommitDue(state, Date.now());
        return mayPost ? encryptPost(this.#store, this.#self, loaded, row) : null;
      });
    } catch (error) {
      if (error instanceof Conflict) return null;
      throw error;
    }
  }

  async #refusedPost(group, row, state, error) {
    if (error instanceof TooLarge) return this.#park(row, 'too-large');
    if (!(error instanceof RequestRefused)) throw error;
    const { code, frame } = error;
    if (SENT_AGAIN.includes(code)) return restFor(frame.retryAfter ?? RETRY_MS);
    if (code === 'out-of-order') return this.#renumber(group, row);
    if (!ENCRYPTED_ANEW.includes(code)) return this.#park(row, 'refused');
    await this.#store.write(['outbox'], stores => dropPost(stores, row));
    return this.#hasMoved(group, state);
  }

  /** This device's counter and that of the server differ: a new epoch begins both anew. */
  async #renumber(group, row) {
    await this.#store.write(['outbox'], stores => dropPost(stores, row));
    return this.#addOwn(group, 'settle', { force: true });
  }

  async #park(row, reason) {
    const message = await this.#store.write(['outbox', 'messages'],
      stores => parkPost(stores, row, reason));
    if (message) await this.#news.show(message.conversation, [message]);
    return GO_ON;
  }

  async #append(group, fields) {
    const { sequenceNr } = await this.#request('group-append', { group, ...fields });
    this.#awaited.set(group, sequenceNr);
  }
}

function isOwn({ type }) {
  return OWN.includes(type);
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
