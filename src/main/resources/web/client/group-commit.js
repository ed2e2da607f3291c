/**
 * Taking a group's entries, the transaction (docs/protocol.md §8): head, roster, keys and texts of
 * one batch are stored together; only after that is anything acknowledged.
 */

import { base64url } from '../crypto/bytes.js';
import { lastTaken } from '../group/state.js';
import { FrameError } from '../protocol/fields.js';
import { JsonError } from '../protocol/strict-json.js';
import {
  CONVERSATION_STORES, addMessage, conversationOfGroup, conversationRow, messageById,
  messagePlace, moveToEnd, rowId,
} from '../store/conversations.js';
import { putGroup, putGroupHashes, sealGroup } from '../store/groups.js';
import { attemptWith, operationsOf } from '../store/operations.js';
import { outgoingOf } from '../store/outbox.js';
import { CONTACT_STORES, putContact } from './contacts.js';
import { addGroupNotice, noticeId } from './notices.js';
import { parseGroupPlaintext } from './plaintext.js';

const STORES = [
  ...new Set([...CONVERSATION_STORES, ...CONTACT_STORES]),
  'groups', 'groupChain', 'operations', 'outbox', 'prekeys',
];

/**
 * @param {AccountStore} store
 * @param {Self} self
 * @param {{version: number, state: GroupState}} after the version that was read, and the state that
 *   the batch came to
 * @param {{entry: GroupEntry, taken: Taken}[]} batch in order; may be empty if only the state has
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
    const points = [begun?.point, ...this.#batch.map(({ entry }) => entry), lastTaken(state)];
    putGroupHashes(stores, group, points.filter(Boolean));
    for (const { before, contact } of this.#contacts.values()) {
      const notice = await putContact(stores, this.#self, before, contact);
      if (notice) this.outcome.people.set(contact.user, [notice]);
    }
    if (membership) await conversationRow(stores, conversationOfGroup(group));
    for (const { entry, taken } of this.#batch) await this.#keep(stores, entry, taken);
    if (ended) await this.#giveUp(stores);
  }

  async #keep(stores, entry, { shown, usedPrekeys }) {
    for (const id of usedPrekeys) stores.prekeys.delete(id);
    if (entry.fromDevice === this.#self.deviceId) await this.#settle(stores, entry);
    for (const { type, how, row } of shown) {
      if (type === 'notice') await this.#notice(stores, row);
      else if (row.mine) await this.#place(stores, row, how);
      else await this.#show(stores, row);
    }
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

  /** Shows a message once. */
  async #show(stores, row) {
    if (await messageById(stores, row.id)) return;
    this.outcome.rows.push(await addMessage(stores, undefined, row));
  }

  /** An own message takes its place in the log. */
  async #place(stores, row, how) {
    const outgoing = await outgoingOf(stores, row.id);
    if (outgoing) stores.outbox.delete(outgoing.seq);
    const shown = await messageById(stores, row.id);
    if (shown) {
      const { reason, ...message } = shown;
      this.outcome.rows.push(await moveToEnd(stores, { ...message, state: 'sent' }));
    } else if (how !== 'own') {
      // This browser's data is an old copy: what it wrote since then comes back from the log.
      await this.#show(stores, { ...row, state: 'sent' });
    }
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
    return { ...row, ...await this.#contentOf(row, entry, shown.plaintext) };
  }

  async #contentOf(row, { owner, time }, plaintext) {
    try {
      const { type, sentAt, content } = parseGroupPlaintext(plaintext, owner);
      if (type === 'unsupported') return { kind: 'unsupported', sentAt: time };
      const sealed = await this.#store.sealing.seal(messagePlace(row), content.text);
      return { kind: 'text', sentAt, sealed };
    } catch (error) {
      if (!(error instanceof FrameError || error instanceof JsonError)) throw error;
      return { kind: 'undecryptable', sentAt: time, reason: 'malformed' };
    }
  }

  async #noticeRow({ notice, by, user: about, name }) {
    const id = noticeId(this.#self.user);
    const conversation = conversationOfGroup(this.#after.state.group);
    const sealedName = name
      && await this.#store.sealing.seal(messagePlace({ conversation, id }), name);
    return { id, notice, by, about, sealedName };
  }
}
