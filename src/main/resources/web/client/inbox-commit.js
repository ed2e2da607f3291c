/**
 * Receiving, the transaction (docs/protocol.md §8): ratchets, plaintext, contacts and chain head of
 * one batch are stored together; only after that is anything acknowledged.
 */

import { base64url, fromBase64url } from '../crypto/bytes.js';
import { CHANGE_STORES } from '../store/changes.js';
import { conversationOf, markSeenUpTo, rowId } from '../store/conversations.js';
import { Conflict, settle } from '../store/database.js';
import { isText } from '../store/kinds.js';
import { addOutgoing, addReceipt } from '../store/outbox.js';
import { hasSiblings } from '../store/own-list.js';
import { isReplaced, putSessions, sealSessions } from '../store/session-rows.js';
import { CONTACT_STORES, putContact } from './contacts.js';
import { chainRow } from './inbox-restored.js';
import { addNotice } from './notices.js';
import { OWN_MESSAGE_STORES, takerOf } from './own-messages.js';
import { RECEIPT_STORES, keepReceipt } from './receipts.js';
import { keepLost, resendCopies, resendTexts } from './repairing.js';
import { MEETING_STORES, acceptByCopy } from './requests.js';
import { isSaidType, saidRow } from './said.js';
import { Senders } from './senders.js';
import { sharedRow } from './shared.js';
import { dropPlaceholder, showMessage, takeCopy, takeSaid } from './taking.js';
import { HeardKeys } from './typing-keys.js';

/** Hashes of so many entries before the head are kept, to tell a repeat from a changed history. */
const KNOWN_HASHES_MAX = 2048;

/** Messages that are not shown, or not for ever: their ids are remembered apart. */
const CONTROL = [
  'confirm', 'receipt', 'seen', 'repair', 'none', 'reaction', 'edit', 'delete', 'timer',
];

/** Failures after which a new session with the sender helps. */
const OUT_OF_STEP = ['no-session', 'not-opened', 'list-missed'];
/** Of an own device nobody else would ask. */
const OUT_OF_STEP_OWN = [...OUT_OF_STEP, 'opening-refused'];

const STORES = [...new Set([
  ...MEETING_STORES,
  ...CONTACT_STORES, ...OWN_MESSAGE_STORES, ...RECEIPT_STORES, ...CHANGE_STORES, 'openings', 'seen',
  'prekeys', 'chain', 'lost', 'typingKeys',
])];

/**
 * @param {Reception} reception
 * @param {{chain: object, heads: object[], generation: number}} followed the chain's row as it was
 *   read, the heads after each entry of the batch that is chained, and their generation
 * @returns {Promise<{told: Map<string, object[]>, own: object[]}>} rows of messages that are new or
 *   changed, by conversation; what own devices told besides texts. Rejects with Conflict, and
 *   nothing is stored, if somebody else wrote meanwhile
 */
export async function commitReception(store, self, reception, followed) {
  const commit = new Commit(self, reception);
  await commit.prepare(store);
  await store.write(STORES, async stores => {
    await putHeads(stores, followed);
    await commit.run(stores);
  });
  const { told, own } = commit;
  return { told, own };
}

async function putHeads({ meta, chain }, followed) {
  const stored = await settle(meta.get('chain'));
  if (stored.head.sequenceNr !== followed.chain.head.sequenceNr) throw new Conflict('chain moved');
  for (const { sequenceNr, hash } of followed.heads) chain.put(hash, sequenceNr);
  const head = followed.heads.at(-1);
  if (!head) return;
  chain.delete(IDBKeyRange.upperBound(head.sequenceNr - KNOWN_HASHES_MAX));
  meta.put(chainRow(stored, { generation: followed.generation, head }), 'chain');
}

class Commit {
  #self;
  #reception;
  #sessionRows;
  /** By entry: the row of what it says, or what its taker prepared. */
  #prepared = new Map();
  #typingKeys = new HeardKeys();
  #senders;

  /** Rows of messages that are new or changed, by conversation. */
  told = new Map();
  /** What own devices told, and is stored: {type, content, conversation, device, sentAt}. */
  own = [];

  constructor(self, reception) {
    this.#self = self;
    this.#reception = reception;
    this.#senders = new Senders(self.user);
    for (const { entry } of reception.results) this.#touch(this.#conversationWith(entry));
  }

  /** Seals what is to be stored: no work for a transaction. */
  async prepare(store) {
    const moved = [...this.#reception.sessions.values()]
      .filter(({ before, record }) => record !== before);
    this.#sessionRows = await Promise.all(moved.map(({ record }) => sealSessions(store, record)));
    await Promise.all(this.#reception.results.map(async ({ entry, result }) => {
      const taker = takerOf(result.type);
      if (isSaidType(result.type)) {
        const row = this.#saidRow(entry, result);
        this.#prepared.set(entry, await saidRow(store, row, result));
        await this.#typingKeys.prepare(store, row, result);
      } else if (taker?.prepare) {
        this.#prepared.set(entry, await taker.prepare(store, messageOf(entry, result)));
      }
    }));
  }

  async run(stores) {
    for (const row of this.#sessionRows) await putSessions(stores, row);
    await this.#senders.meet(stores,
      this.#reception.results.map(({ entry }) => entry.fromUser));
    for (const { before, contact } of this.#reception.contacts.values()) {
      if (contact === before) continue;
      const notices = await putContact(stores, this.#self, before, contact);
      for (const notice of notices) this.#tell(notice);
    }
    for (const id of this.#reception.usedPrekeys) stores.prekeys.delete(id);
    for (const { record, accepted } of this.#reception.sessions.values()) {
      for (const sessionId of accepted) this.#confirm(stores, record, sessionId);
    }
    const receipts = new Map();
    for (const received of this.#reception.results) await this.#keep(stores, received, receipts);
    for (const [user, ids] of receipts) await addReceipt(stores, user, ids);
    await this.#senders.repair(stores, Date.now());
  }

  #confirm(stores, { user, device }, session) {
    stores.openings.put(Date.now(), [user, device, base64url(session)]);
    if (this.#senders.isBlocked(user)) return;
    const content = { users: [user, this.#self.user] };
    addOutgoing(stores, { to: user, type: 'confirm', device, session, content });
  }

  async #keep(stores, { entry, result }, receipts) {
    this.#senders.note(entry, result);
    const isDropped = this.#senders.isBlocked(entry.fromUser);
    if (isDropped || CONTROL.includes(result.type)) stores.seen.put(Date.now(), this.#idOf(entry));
    if (entry.fromUser === this.#self.user) return this.#keepOwn(stores, entry, result);
    if (isDropped) return undefined;
    if (result.gap > 0) {
      this.#tell(await addNotice(stores, this.#self.user, entry.fromUser, 'gap', result.gap));
    }
    if (isSaidType(result.type)) {
      const { fromUser, messageId } = entry;
      receipts.set(fromUser, [...(receipts.get(fromUser) ?? []), base64url(messageId)]);
      const row = this.#senders.asKept(fromUser, this.#prepared.get(entry));
      this.#typingKeys.put(stores, row);
      const told = await takeSaid(stores, this.#self.user, row);
      return told.forEach(one => this.#tell(one));
    }
    switch (result.type) {
      case 'unsupported':
        return this.#show(stores,
          { ...this.#placeOf(entry, result), kind: 'unsupported', sentAt: entry.time });
      case 'failed':
        return this.#failed(stores, entry, result);
      case 'receipt':
        return this.#delivered(stores, entry, result.content.delivered);
      case 'none':
        return this.#isNothing(stores, entry);
      case 'seen':
        return this.#seen(stores, entry, result.content.upTo);
      case 'repair':
        // Only the opening of a session that replaces others may ask for messages again.
        return result.replaces
          ? resendTexts(stores, this.#self.user, entry, result.content.lost) : undefined;
      case 'repeat':
        return this.#repeated(stores, entry);
      default:
        return undefined;
    }
  }

  /** What another device of this user sent (§7.5). */
  async #keepOwn(stores, entry, result) {
    const taker = takerOf(result.type);
    if (taker) {
      const message = messageOf(entry, result);
      const changed = await taker.keep(stores, message, this.#prepared.get(entry));
      changed.forEach(one => (one.conversation ? this.#tell(one) : this.#touch(one)));
      this.own.push(message);
    } else if (isSaidType(result.type)) {
      const row = this.#prepared.get(entry);
      const told = await takeCopy(stores, this.#self.user, row);
      if (isText(row)) await acceptByCopy(stores, this.#self.user, row.conversation);
      told.forEach(one => this.#tell(one));
    } else if (result.type === 'repair' && result.replaces) {
      await resendCopies(stores, this.#self.user, entry, result.content.lost);
    } else if (result.type === 'failed' && OUT_OF_STEP_OWN.includes(result.reason)) {
      // It is shown nowhere: nobody knows what it was about.
      this.#keepLost(stores, entry, result);
    }
  }

  async #failed(stores, entry, result) {
    const { reason, session } = result;
    await this.#show(stores, {
      ...this.#placeOf(entry, result), kind: 'undecryptable', sentAt: entry.time, reason, session,
    });
    const { before } = this.#reception.sessions.get(senderOf(entry)) ?? {};
    // It is this browser that fell behind, or does not know what the sender knew.
    const isBehind = before && (before.stale || isReplaced(before, session));
    const isOurs = reason === 'list-missed' || (isBehind && OUT_OF_STEP.includes(reason));
    if (isOurs) this.#keepLost(stores, entry, result);
  }

  #keepLost(stores, entry, { session }) {
    keepLost(stores, { id: this.#idOf(entry), device: entry.fromDevice, session });
  }

  async #show(stores, row) {
    (await showMessage(stores, this.#self.user, row)).forEach(one => this.#tell(one));
  }

  /** A used key under an id that was never seen: the sender went back to an old copy. */
  async #repeated(stores, entry) {
    if (await settle(stores.seen.getKey(this.#idOf(entry)))) return;
    await this.#show(stores, {
      ...this.#placeOf(entry, {}), kind: 'undecryptable', sentAt: entry.time, reason: 'key-used',
    });
  }

  /** What could not be opened, if it was asked for again, is of no importance any more. */
  async #isNothing(stores, entry) {
    const told = await dropPlaceholder(stores, this.#idOf(entry));
    told.forEach(row => this.#tell(row));
  }

  async #delivered(stores, { fromUser, fromDevice }, ids) {
    for (const id of ids) {
      const receipt = { id: this.#ownId(id), user: fromUser, device: fromDevice };
      const row = await keepReceipt(stores, this.#self.user, receipt);
      if (row) this.#tell(row);
    }
  }

  /** Whoever does not say what they have read is not told it of others. */
  async #seen(stores, entry, upTo) {
    if (!(await sharedRow(stores)).readReceipts) return;
    const mayCome = await hasSiblings(stores);
    await markSeenUpTo(stores, this.#conversationWith(entry), this.#ownId(upTo), { mayCome });
  }

  #touch(conversation) {
    if (!this.told.has(conversation)) this.told.set(conversation, []);
  }

  #tell(row) {
    this.#touch(row.conversation);
    this.told.get(row.conversation).push(row);
  }

  #conversationWith({ fromUser }) {
    return conversationOf(this.#self.user, fromUser);
  }

  #idOf({ fromUser, messageId }) {
    return rowId(fromUser, messageId);
  }

  /** The row of a message that this user wrote. @param {string} id as it travels */
  #ownId(id) {
    return rowId(this.#self.user, fromBase64url(id));
  }

  /** The row of what was said, before its content. */
  #saidRow(entry, result) {
    const row = { ...this.#placeOf(entry, result), sentAt: result.sentAt };
    return row.mine ? { ...row, acceptedAt: entry.time } : row;
  }

  #placeOf(entry, { conversation }) {
    const { fromUser, fromDevice, time } = entry;
    return {
      conversation: conversation ?? this.#conversationWith(entry),
      id: this.#idOf(entry),
      mine: fromUser === this.#self.user,
      from: fromUser,
      device: fromDevice,
      time,
      receivedAt: Date.now(),
    };
  }
}

/** As a reception names it. */
function senderOf({ fromUser, fromDevice }) {
  return `${fromUser} ${fromDevice}`;
}

function messageOf({ fromDevice: device }, { type, content, conversation, sentAt }) {
  return { type, content, conversation, device, sentAt };
}
