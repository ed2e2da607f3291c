/** Groups, in the leading tab: what other tabs and people ask for, and what the server pushes. */

import { base64url, hex, randomBytes } from '../crypto/bytes.js';
import { INVITES_MAX } from '../group/commit-ops.js';
import { makeProposal } from '../group/drafts.js';
import { isName } from '../group/name.js';
import { lastTaken, statusOf } from '../group/state.js';
import { RequestRefused } from '../protocol/connection.js';
import { isUserName } from '../protocol/fields.js';
import { conversationOfGroup, groupOf } from '../store/conversations.js';
import { settle } from '../store/database.js';
import { WAITING_GROUPS, loadGroup } from '../store/groups.js';
import { addOperation, operationPlace, operationsOf } from '../store/operations.js';
import { GroupAttempts } from './group-attempts.js';
import { GroupIntake } from './group-intake.js';
import { GroupJoining } from './group-joining.js';
import { GroupKeys } from './group-keys.js';
import { GroupLanes } from './group-lanes.js';
import { GroupTelling } from './group-telling.js';
import { UserError, userErrorOf } from './user-error.js';

const GROUP_ID_BYTES = 16;
const NAME_CHARS_MAX = 64;
/** Less than other tabs wait for an answer. */
const SETTLED_MS_MAX = 40_000;
const LEAVING_MS_MAX = 20_000;

export class Groups {
  #store;
  #self;
  #request;
  #lanes;
  #intake;
  #joining;
  #telling;
  #isConnected = false;
  #serverTime = () => Date.now();
  /** What people wait for: {resolve, reject, timer} by the id of an operation. */
  #waiting = new Map();

  /**
   * @param {function(string, object): Promise<object>} request of the connection there is
   * @param {function(Error)} onStuck nothing can be taken any more
   * @param {function(object)} emit gives an event to every tab
   */
  constructor(shared, request, onStuck, emit) {
    const parts = { ...shared, now: () => this.#serverTime() };
    this.#store = parts.store;
    this.#self = parts.self;
    this.#request = request;
    const attempts = new GroupAttempts(parts, new GroupKeys(parts, request));
    this.#lanes = new GroupLanes(parts, attempts, request, {
      addOwn: (group, type, asked = {}) => this.#addOwn(group, type, asked),
      onSettled: (id, error) => this.#settle(id, error),
      onForked: group => this.#intake.stop(group, 'fork'),
    });
    this.#joining = new GroupJoining(parts, request);
    this.#telling = new GroupTelling(parts, emit);
    this.#intake = new GroupIntake(parts, {
      onTaken: (group, { settled, dropped }) => this.#taken(group, settled, dropped),
      onMember: group => this.#joining.joined(group),
      onCaughtUp: group => this.#lanes.caughtUp(group),
      follow: (group, after) => this.#follow(group, after),
      onStuck,
    });
  }

  /** A new connection, on which the server names this generation of the inbox. */
  begin(connection, acknowledgements, claimedGeneration) {
    this.#serverTime = () => connection.serverTime();
    this.#lanes.begin();
    this.#joining.begin();
    this.#intake.begin(acknowledgements, claimedGeneration);
  }

  /**
   * The server was restored: groups that its copy does not hold, or in which this user was not yet,
   * are lost. Each is asked for once.
   */
  async findLost() {
    const unsure = await this.#store.meta('unsureGroups') ?? [];
    while (unsure.length > 0) {
      const group = unsure.pop();
      if (await this.#isLost(group)) await this.#intake.end(group, 'lost');
      await this.#store.setMeta('unsureGroups', unsure);
    }
  }

  setConnected(isConnected) {
    this.#isConnected = isConnected;
    if (isConnected) this.#telling.update();
  }

  push(frame) {
    if (frame.type === 'group-waiting') return this.#joining.push(frame);
    return this.#intake.push(frame);
  }

  /**
   * As far as that goes: who deletes an account stays in the rosters otherwise.
   *
   * @param {function(Error)} onRefused a group could not be left
   */
  async leaveAll(onRefused) {
    const { leaveGroup } = this.commands;
    const groups = await this.#store.read(['groups'], stores => settle(stores.groups.getAllKeys()));
    const left = Promise.all(groups.map(group =>
      leaveGroup({ conversation: conversationOfGroup(group) }).catch(onRefused)));
    const tooLong = new Promise(resolve => setTimeout(resolve, LEAVING_MS_MAX));
    await Promise.race([left, tooLong]);
  }

  /** There is a new list of this user's devices: every group is told (docs/protocol.md §9.8). */
  async ownListChanged() {
    const groups = await this.#store.read(['groups'], stores => settle(stores.groups.getAllKeys()));
    for (const group of groups) this.#lanes.start(group);
    await this.#joining.proposeAgain();
  }

  /**
   * A device was taken from the own list, which `self` holds already. Resolves when it is out of
   * all groups; events `revoking` say how far that is.
   */
  async takeOutDevice() {
    const done = this.#telling.begin();
    await this.ownListChanged();
    await done;
  }

  /** As of GroupLanes. */
  startAll(targets, changing) {
    this.#lanes.startAll(targets, changing);
  }

  stop() {
    this.#lanes.stop();
    this.#joining.stop();
    for (const id of [...this.#waiting.keys()]) this.#settle(id, new UserError('signed-out'));
  }

  /** What people do with groups, by name; each rejects with UserError. */
  get commands() {
    return {
      createGroup: ({ name }) => this.#create(name),
      inviteMembers: ({ conversation, users }) => this.#invite(conversation, users),
      removeMember: ({ conversation, user }) => this.#ask(conversation, 'remove', { user }),
      setRole: ({ conversation, user, role }) => this.#ask(conversation, 'role', { user, role }),
      renameGroup: ({ conversation, name }) =>
        this.#ask(conversation, 'rename', { name: checkedName(name) }),
      leaveGroup: ({ conversation }) => this.#ask(conversation, 'leave', {}),
      acceptInvitation: ({ conversation }) => this.#ask(conversation, 'accept', {}),
      declineInvitation: ({ conversation }) => this.#ask(conversation, 'decline', {}),
      loadUnseen: ({ conversation }) => this.#unseen(conversation),
    };
  }

  async #create(name) {
    const asked = { name: checkedName(name) };
    const group = hex(randomBytes(GROUP_ID_BYTES));
    await this.#perform(group, 'create', asked);
    return conversationOfGroup(group);
  }

  async #invite(conversation, users) {
    const chosen = [...new Set(users)];
    if (chosen.length === 0) throw new UserError('group-no-people');
    if (chosen.length > INVITES_MAX) throw new UserError('group-too-many');
    if (!chosen.every(isUserName)) throw new UserError('name-invalid');
    if (chosen.includes(this.#self.user)) throw new UserError('group-yourself');
    await this.#ask(conversation, 'invite', { users: chosen });
  }

  async #ask(conversation, type, asked) {
    const group = groupOf(conversation);
    const { state } = await loadGroup(this.#store, group);
    if (!state?.membership) {
      const isWaiting = (await this.#store.meta(WAITING_GROUPS))?.includes(group);
      throw new UserError(isWaiting ? 'group-joining' : 'no-such-conversation');
    }
    if (state.breach === 'too-old' && type === 'leave') return this.#leaveUnseen(group, state);
    if (state.breach) throw new UserError('group-alarm');
    if (state.ended) throw new UserError('not-member');
    const isAnswer = type === 'accept' || type === 'decline';
    const isInvited = statusOf(state, this.#self.user) === 'invited';
    if (isInvited && !isAnswer) throw new UserError('group-invited-only');
    if (!isInvited && isAnswer) return;
    await this.#perform(group, type, asked);
  }

  /** Leaves a group whose membership is not known any more: the log is not there to show it. */
  async #leaveUnseen(group, state) {
    const { messageId, content } = await makeProposal(state, this.#self, { op: 'leave' });
    const fields = { group, messageId: base64url(messageId), content };
    await this.#request('group-append', fields).catch(error => {
      if (!(error instanceof RequestRefused)) throw userErrorOf(error);
    });
    await this.#intake.end(group, 'left');
  }

  /** Stores what is asked for, and waits until the log or the server settles it. */
  async #perform(group, type, asked) {
    if (!this.#isConnected) throw new UserError('offline');
    const id = hex(randomBytes(GROUP_ID_BYTES));
    const settled = new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.#settle(id, new UserError('group-later')), SETTLED_MS_MAX);
      this.#waiting.set(id, { resolve, reject, timer });
    });
    const added = this.#add(group, type, id, asked).then(() => this.#lanes.start(group));
    await Promise.all([added, settled]);
  }

  async #add(group, type, id, asked) {
    const sealed = await this.#store.sealing.seal(operationPlace(id, 'asked'), asked);
    await this.#store.write(['operations'],
      stores => addOperation(stores, { id, group, type, sealed, tries: 0 }));
  }

  /** What this device does by itself is under way once at a time. */
  async #addOwn(group, type, asked) {
    const rows = await this.#store.read(['operations'], stores => operationsOf(stores, group));
    if (rows.some(row => row.type === type)) return;
    await this.#add(group, type, hex(randomBytes(GROUP_ID_BYTES)), asked);
  }

  #taken(group, settled, dropped) {
    for (const id of settled) this.#settle(id);
    for (const id of dropped) this.#settle(id, new UserError('not-member'));
    this.#telling.update();
    this.#lanes.start(group);
  }

  #settle(id, error) {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    if (error) waiting.reject(error);
    else waiting.resolve();
  }

  async #unseen(conversation) {
    const group = groupOf(conversation);
    const { state } = await loadGroup(this.#store, group);
    if (!state?.lastRemoval) return { removed: null, unseen: [] };
    const { user: removed, sequenceNr } = state.lastRemoval;
    try {
      const { unseen } = await this.#request('group-seen', { group, sequenceNr });
      return { removed, unseen: unseen.filter(user => user !== this.#self.user) };
    } catch (error) {
      throw userErrorOf(error);
    }
  }

  async #isLost(group) {
    const { state } = await loadGroup(this.#store, group);
    if (!state?.membership || state.ended) return false;
    try {
      await this.#request('follow', { group, after: lastTaken(state).sequenceNr });
      return false;
    } catch (error) {
      if (!(error instanceof RequestRefused) || error.code !== 'not-member') throw error;
      return true;
    }
  }

  async #follow(group, after) {
    try {
      await this.#request('follow', { group, after });
    } catch (error) {
      // The next connection pushes the log from where this device is.
      if (!(userErrorOf(error) instanceof UserError)) throw error;
    }
  }
}

function checkedName(typed) {
  const name = typed.trim();
  if (!isName(name) || [...name].length > NAME_CHARS_MAX) throw new UserError('group-name');
  return name;
}
