/**
 * Taking a group's entries, the transaction (docs/protocol.md §8): head, roster, keys and texts of
 * one batch are stored together; only after that is anything acknowledged.
 */

import { base64url } from '../crypto/bytes.js';
import { isMember } from '../group/rights.js';
import { lastTaken } from '../group/state.js';
import { FrameError } from '../protocol/fields.js';
import { JsonError } from '../protocol/strict-json.js';
import { CHANGE_STORES, addSaid, takeChange } from '../store/changes.js';
import {
  conversationOfGroup, conversationRow, messageById, messagePlace, moveToEnd, rowId,
} from '../store/conversations.js';
import {
  dropGroupHashes, dropMemberships, putGroup, putGroupHashes, putMemberships, sealGroup,
} from '../store/groups.js';
import { isChange } from '../store/kinds.js';
import { begun, isGone } from '../store/lifetime.js';
import { attemptWith, operationsOf, unattempted } from '../store/operations.js';
import { outgoingOf, outgoingTo, unposted } from '../store/outbox.js';
import { noteTypingKeyOut } from '../store/typing-keys.js';
import { CONTACT_STORES, acquaint, putContact } from './contacts.js';
import { addGroupNotice, noticeId } from './notices.js';
import { parseGroupPlaintext } from './plaintext.js';
import { saidRow } from './said.js';
import { keepPostsOfBefore, sendPostsAgain } from './sending-again.js';
import { HeardKeys } from './typing-keys.js';

const STORES = [
  ...new Set([...CHANGE_STORES, ...CONTACT_STORES]),
  'groups', 'groupChain', 'memberships', 'operations', 'prekeys', 'typingKeys',
];

/**
 * @param {AccountStore} store
 * @param {Self} self
 * @param {{version: number, state: GroupState, isAnew?: boolean}} after the version that was read,
 *   and the state that the batch came to; whether an invitation of
 *   another generation was taken
 * @param {{entry: GroupEntry|Restored, taken: Taken}[]} batch in order; may be empty if only the state has
 *   changed
 * @param {Map<string, {before: object, contact: object}>} contacts what the rosters say of people
 * @returns {Promise<{rows: object[], people: Map<string, object[]>, settled: string[],
 *   dropped: string[]}>} new or changed rows of messages, in the group and with people whose key
 *   has changed; ids of operations that the log has settled, or that are of no use any more.
 *   Rejects with Conflict, and nothing is stored, if somebody else wrote meanwhile
 */
export async function commitGroup(store, self, after, batch, contacts) {
  const commit = new GroupCommit(store, self, after, batch, contacts);
  await commit.prepare();
  await store.write(STORES, stores => commit.run(stores));
  return commit.outcome;
}

class GroupCommit {
  #store;
  #self;
  #after;
  #batch;
  #contacts;
  #row;
  #typingKeys = new HeardKeys();
  outcome = { rows: [], people: new Map(), settled: [], dropped: [] };

  constructor(store, self, after, batch, contacts) {
    this.#store = store;
    this.#self = self;
    this.#after = after;
    this.#batch = batch;
    this.#contacts = contacts;
  }

  /** Seals what is to be stored: no work for a transaction. */
  async prepare() {
    const { version, state } = this.#after;
    this.#row = await sealGroup(this.#store, version, state);
    for (const { entry, taken } of this.#batch) {
      for (const shown of taken.shown) shown.row = await this.#rowOf(entry, shown);
    }
  }

  async run(stores) {
    await putGroup(stores, this.#row);
    const { state } = this.#after;
    const { group, joining, membership, ended } = state;
    const begun = (joining ?? state).starting;
    if (this.#after.isAnew) await this.#beginAnew(stores);
    for (const { entry } of this.#batch.filter(isRestored)) this.#forget(stores, entry);
    const points = [begun?.point, ...this.#batch.map(({ entry }) => entry), lastTaken(state)];
    putGroupHashes(stores, group, points.filter(Boolean));
    await putMemberships(stores, group, this.#membershipsToKeep(), state.startNr);
    const isJoined = Boolean(membership) && !joining && isMember(membership, this.#self.user);
    for (const { before, contact } of this.#contacts.values()) {
      const notices = await putContact(stores, this.#self, before, contact, !isJoined);
      if (notices.length > 0) this.outcome.people.set(contact.user, notices);
    }
    const isOtherRoster = this.#membershipsToKeep().length > 0;
    if (isJoined && isOtherRoster) await acquaint(stores, membership.rows.keys());
    if (membership) await conversationRow(stores, conversationOfGroup(group));
    for (const { entry, taken } of this.#batch) await this.#keep(stores, entry, taken);
    if (ended) await this.#giveUp(stores);
  }

  /** All that was before belongs to another membership. */
  async #beginAnew(stores) {
    const { state } = this.#after;
    dropGroupHashes(stores, state.group, lastTaken(state).sequenceNr, state.startNr);
    dropMemberships(stores, state.group, -1);
    await keepPostsOfBefore(stores, state.group);
  }

  /** What came after the head of a copy is a history that is no more. */
  #forget(stores, { owner, sequenceNr, previous }) {
    dropGroupHashes(stores, owner, sequenceNr);
    dropMemberships(stores, owner, previous.sequenceNr);
  }

  /** The membership after each entry that is no post. */
  #membershipsToKeep() {
    return this.#batch.filter(({ entry, taken: { state: { membership } } }) =>
      membership?.changedNr === entry.sequenceNr).map(({ taken }) => taken.state.membership);
  }

  async #keep(stores, entry, { state, shown, usedPrekeys }) {
    for (const id of usedPrekeys) stores.prekeys.delete(id);
    if (isRestored({ entry }) && !state.ended && !state.breach) await this.#goOn(stores, entry);
    if (entry.fromDevice === this.#self.deviceId) await this.#settle(stores, entry);
    for (const { type, how, row } of shown) {
      this.#typingKeys.put(stores, row);
      if (type === 'notice') await this.#notice(stores, row);
      else if (row.mine) await this.#place(stores, row, how);
      else await this.#show(stores, row);
    }
  }

  /** What was under way for the history that is no more is made anew, and what was lost is sent. */
  async #goOn(stores, entry) {
    const { owner } = entry;
    for (const row of await operationsOf(stores, owner)) stores.operations.put(unattempted(row));
    for (const row of await outgoingTo(stores, conversationOfGroup(owner))) {
      stores.outbox.put(unposted(row));
    }
    this.outcome.rows.push(...await sendPostsAgain(stores, entry));
  }

  /** The log shows what this device wanted to add. */
  async #settle(stores, { owner, messageId }) {
    const rows = await operationsOf(stores, owner);
    const row = attemptWith(rows, base64url(messageId));
    if (!row) return;
    stores.operations.delete(row.seq);
    this.outcome.settled.push(row.id);
  }

  async #notice(stores, { id, ...what }) {
    const { group } = this.#after.state;
    this.outcome.rows.push(await addGroupNotice(stores, this.#self.user, group, id, what));
  }

  /** Shows a message once; a change takes effect. */
  async #show(stores, row) {
    if (isChange(row)) this.outcome.rows.push(...await takeChange(stores, row));
    else if (!await messageById(stores, row.id) && !await isGone(stores, row.id)) {
      this.outcome.rows.push(await addSaid(stores, undefined, row));
    }
  }

  /** An own message takes its place in the log. */
  async #place(stores, row, how) {
    const outgoing = await outgoingOf(stores, row.id);
    if (outgoing) stores.outbox.delete(outgoing.seq);
    await noteTypingKeyOut(stores, row.conversation, row.id);
    const shown = await messageById(stores, row.id);
    if (shown) {
      const { reason, ...message } = shown;
      const placed = begun({ ...message, sequenceNr: row.sequenceNr, state: 'sent' });
      this.outcome.rows.push(await this.#putPlaced(stores, shown, placed));
    } else if (how !== 'own') {
      // This browser's data is an old copy: what it wrote since then comes back from the log.
      await this.#show(stores, begun({ ...row, state: 'sent' }));
    }
  }

  /** One that stood in the log before its server was restored stays where it was. */
  async #putPlaced(stores, shown, placed) {
    if (!shown.sequenceNr && !isChange(shown)) return moveToEnd(stores, placed);
    stores.messages.put(placed);
    return placed;
  }

  /** Nothing can be added to this log any more. */
  async #giveUp(stores) {
    const { group } = this.#after.state;
    for (const { seq, id } of await operationsOf(stores, group)) {
      stores.operations.delete(seq);
      this.outcome.dropped.push(id);
    }
  }

  /** The row of something to be shown, or what a notice's row is made of. */
  async #rowOf(entry, shown) {
    if (shown.type === 'notice') return this.#noticeRow(shown);
    const { fromUser: from, fromDevice: device, messageId, owner, time, sequenceNr } = entry;
    const row = {
      conversation: conversationOfGroup(owner), id: rowId(from, messageId),
      mine: from === this.#self.user, from, device, sequenceNr, receivedAt: Date.now(),
    };
    if (shown.how !== 'opened') {
      return { ...row, sentAt: time, kind: 'undecryptable', reason: shown.how };
    }
    return this.#readRow(row, entry, shown.plaintext);
  }

  async #readRow(row, { owner, time }, plaintext) {
    try {
      const said = parseGroupPlaintext(plaintext, owner);
      if (said.type === 'unsupported') return { ...row, kind: 'unsupported', sentAt: time };
      await this.#typingKeys.prepare(this.#store, row, said);
      return await saidRow(this.#store, { ...row, sentAt: said.sentAt }, said);
    } catch (error) {
      if (!(error instanceof FrameError || error instanceof JsonError)) throw error;
      return { ...row, kind: 'undecryptable', sentAt: time, reason: 'malformed' };
    }
  }

  async #noticeRow({ notice, by, user: about, name, at }) {
    const id = noticeId(this.#self.user);
    const conversation = conversationOfGroup(this.#after.state.group);
    const sealedName = name
      && await this.#store.sealing.seal(messagePlace({ conversation, id }), name);
    return { id, notice, by, about, sealedName, at };
  }
}

function isRestored({ entry }) {
  return entry.type === 'restored';
}
