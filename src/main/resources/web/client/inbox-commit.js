/**
 * Receiving, the transaction (docs/protocol.md §8): ratchets, plaintext, contacts and chain head of
 * one batch are stored together; only after that is anything acknowledged.
 */

import { base64url, equal, fromBase64url } from '../crypto/bytes.js';
import {
  CONVERSATION_STORES, addMessage, conversationOf, messageById, messagePlace, rowId,
} from '../store/conversations.js';
import { Conflict, NOT_ARCHIVED, settle } from '../store/database.js';
import { addOutgoing, addReceipt } from '../store/outbox.js';
import { putSessions, sealSessions } from '../store/session-rows.js';
import { putContact } from './contacts.js';
import { chainRow } from './inbox-restored.js';
import { addNotice } from './notices.js';

/** Hashes of so many entries before the head are kept, to tell a repeat from a changed history. */
const KNOWN_HASHES_MAX = 2048;

/** Messages that are not shown: their ids are remembered apart. */
const CONTROL = ['confirm', 'receipt', 'repair'];

const STORES = [
  ...CONVERSATION_STORES, 'contacts', 'sessions', 'openings', 'seen', 'prekeys', 'outbox',
  'chain', 'meta',
];

/**
 * @param {Reception} reception
 * @param {{chain: object, heads: object[], generation: number}} followed the chain's row as it was
 *   read, the heads after each entry of the batch that is chained, and their generation
 * @returns {Promise<Map<string, object[]>>} rows of messages that are new or changed, by user.
 *   Rejects with Conflict, and nothing is stored, if somebody else wrote meanwhile
 */
export async function commitReception(store, self, reception, followed) {
  const commit = new Commit(self, reception);
  await commit.prepare(store);
  await store.write(STORES, async stores => {
    await putHeads(stores, followed);
    await commit.run(stores);
  });
  return commit.told;
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
  #texts;

  /** Rows of messages that are new or changed, by user. */
  told = new Map();

  constructor(self, reception) {
    this.#self = self;
    this.#reception = reception;
    for (const { entry } of reception.results) this.told.set(entry.fromUser, []);
  }

  /** Seals what is to be stored: no work for a transaction. */
  async prepare(store) {
    const moved = [...this.#reception.sessions.values()]
      .filter(({ before, record }) => record !== before);
    this.#sessionRows = await Promise.all(moved.map(({ record }) => sealSessions(store, record)));
    this.#texts = new Map();
    await Promise.all(this.#reception.results.map(async ({ entry, result }) => {
      if (result.type !== 'text') return;
      const place = messagePlace(this.#rowOf(entry));
      this.#texts.set(entry, await store.sealing.seal(place, result.content.text));
    }));
  }

  async run(stores) {
    for (const row of this.#sessionRows) await putSessions(stores, row);
    for (const { before, contact } of this.#reception.contacts.values()) {
      if (contact === before) continue;
      const notice = await putContact(stores, this.#self, before, contact);
      if (notice) this.told.get(contact.user).push(notice);
    }
    for (const id of this.#reception.usedPrekeys) stores.prekeys.delete(id);
    for (const { record, accepted } of this.#reception.sessions.values()) {
      for (const sessionId of accepted) this.#confirm(stores, record, sessionId);
    }
    const receipts = new Map();
    for (const received of this.#reception.results) await this.#keep(stores, received, receipts);
    for (const [user, ids] of receipts) await addReceipt(stores, user, ids);
  }

  #confirm(stores, { user, device }, session) {
    stores.openings.put(Date.now(), [user, device, base64url(session)]);
    const content = { users: [user, this.#self.user] };
    addOutgoing(stores, { to: user, type: 'confirm', device, session, content });
  }

  async #keep(stores, { entry, result }, receipts) {
    const tell = row => this.told.get(entry.fromUser).push(row);
    if (result.gap > 0) {
      tell(await addNotice(stores, this.#self.user, entry.fromUser, 'gap', result.gap));
    }
    if (CONTROL.includes(result.type)) stores.seen.put(Date.now(), this.#rowOf(entry).id);
    switch (result.type) {
      case 'text': {
        const { fromUser, messageId } = entry;
        receipts.set(fromUser, [...(receipts.get(fromUser) ?? []), base64url(messageId)]);
        return this.#show(stores, entry, tell, {
          kind: 'text', sentAt: result.sentAt, sealed: this.#texts.get(entry),
        });
      }
      case 'unsupported':
        return this.#show(stores, entry, tell, { kind: 'unsupported', sentAt: entry.time });
      case 'failed':
        return this.#show(stores, entry, tell, {
          kind: 'undecryptable', sentAt: entry.time,
          reason: result.reason, session: result.session,
        });
      case 'receipt':
        return this.#delivered(stores, entry, tell, result.content.delivered);
      case 'repair':
        // Only the opening of a session that replaces others may ask for messages again.
        return result.replaces ? this.#resend(stores, entry, result.content.lost) : undefined;
      case 'repeat':
        return this.#repeated(stores, entry, tell);
      default:
        return undefined;
    }
  }

  /** Shows a message once. One that could not be opened before gives its place to the text. */
  async #show(stores, entry, tell, content) {
    const row = {
      ...this.#rowOf(entry), time: entry.time, receivedAt: Date.now(), ...content,
    };
    const shown = await messageById(stores, row.id);
    if (!shown) {
      tell(await addMessage(stores, entry.fromUser, row));
    } else if (shown.kind === 'undecryptable' && row.kind !== 'undecryptable') {
      const replaced = { ...row, ordinal: shown.ordinal, archive: NOT_ARCHIVED };
      stores.messages.put(replaced);
      tell(replaced);
    }
  }

  /** A used key under an id that was never seen: the sender went back to an old copy. */
  async #repeated(stores, entry, tell) {
    const { id } = this.#rowOf(entry);
    if (await settle(stores.seen.getKey(id))) return;
    await this.#show(stores, entry, tell,
      { kind: 'undecryptable', sentAt: entry.time, reason: 'key-used' });
  }

  async #delivered(stores, entry, tell, ids) {
    for (const id of ids) {
      const row = await this.#ownMessage(stores, entry, id);
      if (!row || row.state === 'delivered') continue;
      const delivered = { ...row, state: 'delivered' };
      stores.messages.put(delivered);
      tell(delivered);
    }
  }

  /**
   * Sends again what the other side lost, encrypted anew under the same message ids: only what was
   * meant for this very device of this very account, and did not arrive.
   */
  async #resend(stores, entry, ids) {
    const { pin } = await settle(stores.contacts.get(entry.fromUser));
    for (const id of ids) {
      const row = await this.#ownMessage(stores, entry, id);
      const wasMeant = row?.sentTo && row.state !== 'delivered'
        && row.sentTo.devices.includes(entry.fromDevice)
        && equal(row.sentTo.accountKey, pin.accountKey);
      const waits = wasMeant && await settle(stores.outbox.index('byMessage').getKey(row.id));
      if (wasMeant && !waits) {
        addOutgoing(stores,
          { to: entry.fromUser, type: 'text', message: row.id, again: true });
      }
    }
  }

  async #ownMessage(stores, { fromUser }, id) {
    const row = await messageById(stores, rowId(this.#self.user, fromBase64url(id)));
    const isOurs = row?.kind === 'text'
      && row.conversation === conversationOf(this.#self.user, fromUser);
    return isOurs ? row : undefined;
  }

  #rowOf({ fromUser, fromDevice, messageId }) {
    return {
      conversation: conversationOf(this.#self.user, fromUser),
      id: rowId(fromUser, messageId),
      mine: false,
      from: fromUser,
      device: fromDevice,
    };
  }
}
