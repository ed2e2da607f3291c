/**
 * Encrypting what waits for one person (docs/protocol.md §7, §8). Ratchets, ciphertexts and rows of
 * the outbox are stored in one transaction, and before that no byte leaves.
 */

import { base64url, equal, randomBytes } from '../crypto/bytes.js';
import { sha256 } from '../crypto/encoding.js';
import { bodyDigest } from '../crypto/entry-chain.js';
import { encryptMessage, parseCiphertext, sendingSession } from '../crypto/session-message.js';
import { createSession } from '../crypto/session-opening.js';
import {
  conversationOf, groupOf, isGroupConversation, messageById, messageIdOf,
} from '../store/conversations.js';
import { Conflict, settle } from '../store/database.js';
import { isSaid } from '../store/kinds.js';
import { isEncrypted } from '../store/outbox.js';
import { loadOwnKeys } from '../store/own-keys.js';
import {
  isReplaced, putSessions, sealSessions, sessionOf, withMoved, withNew,
} from '../store/session-rows.js';
import { recordsThatFit } from './archive-records.js';
import { spendPrekeys, unspentPrekey } from './contacts.js';
import { buildPlaintext } from './plaintext.js';
import { contentOf } from './said.js';
import { TypingKeys } from './typing-keys.js';

/** So many sessions an opening may replace. */
const REPLACES_MAX = 32;

/**
 * Encrypts the rows that are not yet, in their order, and numbers those that have no number.
 *
 * @param {Lane} lane whose contact has the list to encrypt for
 * @param {DeviceSessions[]} records with each device
 * @param {Map<string, {signedPrekey: Prekey, oneTimePrekey?: Prekey}>} prekeys by device, for
 *   openings
 * @returns {Promise<{encrypted: object[], told: object[]}>} the rows as they are stored now; rows
 *   of messages that are not sent again after all. Rejects with Conflict if somebody
 *   else wrote meanwhile, with Refused if a prekey is not signed by its device
 */
export async function encryptRows(store, self, lane, records, prekeys) {
  const { contact, rows } = lane;
  const work = new Encryption(store, self, lane, records, prekeys);
  let n = Math.max(contact.sentN, ...rows.map(row => row.n ?? 0));
  const [encrypted, dropped, told] = [[], [], []];
  for (const row of rows) {
    const sealed = isEncrypted(row) ? row : await work.encrypt(row);
    if (sealed) encrypted.push({ ...sealed, n: row.n ?? ++n });
    else dropped.push(row);
  }
  const moved = await work.sealedRecords();
  const names = ['contacts', 'messages', 'sessions', 'outbox', 'typingKeys'];
  await store.write(names, async stores => {
    const { changed, pin } = await settle(stores.contacts.get(contact.user));
    if (changed || !equal(pin.hash, contact.pin.hash)) throw new Conflict('contact changed');
    for (const record of moved) await putSessions(stores, record);
    await spendPrekeys(stores, contact.user, work.spent);
    work.typingKeys.put(stores);
    for (const row of encrypted) {
      const stored = await settle(stores.outbox.get(row.seq));
      if (!isSame(stored, row)) throw new Conflict('a row is gone, or holds more');
      stores.outbox.put(row);
      if (row.type === 'text') await noteDevices(stores, contact, row);
    }
    for (const row of dropped) {
      stores.outbox.delete(row.seq);
      if (row.again && row.message) told.push(...await leaveSent(stores, row));
    }
  });
  return { encrypted, told };
}

/** A message that was accepted stays so if nobody is left to send it to once more. */
async function leaveSent(stores, { message }) {
  const row = await messageById(stores, message);
  if (row?.state !== 'pending') return [];
  const sent = { ...row, state: 'sent' };
  stores.messages.put(sent);
  return [sent];
}

/**
 * A message is sent again, if it is asked for, only to devices that it was encrypted for when the
 * inbox took it for the first time.
 */
async function noteDevices(stores, { pin }, { message, copyOf, again, copies }) {
  const row = await messageById(stores, message ?? copyOf);
  const name = message ? 'sentTo' : 'copiedTo';
  if (!row || again && row[name]) return;
  const devices = copies.map(({ device }) => device);
  stores.messages.put({ ...row, [name]: { accountKey: pin.accountKey, devices } });
}

/** The conversation that a message to own devices is about, as it travels. */
function wireConversation({ conversation }) {
  return conversation && isGroupConversation(conversation) ? groupOf(conversation) : conversation;
}

function distinctIds(ids) {
  return [...new Map(ids.map(id => [base64url(id), id])).values()].slice(0, REPLACES_MAX);
}

/**
 * What was deleted or made void after some devices' ciphertexts were made: those go all the same,
 * else their ratchets would show a gap; the others get nothing of it.
 */
function goneContent({ type, messageId }) {
  return type === 'text' ? { type: 'none', messageId } : null;
}

/** Whether what was encrypted is what the row still says: ids may have been added meanwhile. */
function isSame(stored, row) {
  return stored && !stored.parked
    && JSON.stringify(stored.content) === JSON.stringify(row.content);
}

class Encryption {
  #store;
  #self;
  #contact;
  #messages;
  #prekeys;
  /** By device: {before, record}. */
  #records;
  /** By device: the prekeys that sessions were opened with. */
  spent = new Map();

  constructor(store, self, { contact, messages, typingKey }, records, prekeys) {
    this.#store = store;
    this.typingKeys = new TypingKeys(store, typingKey);
    this.#self = self;
    this.#contact = contact;
    this.#messages = messages;
    this.#records = new Map(records.map(record =>
      [record.device, { before: record, record }]));
    this.#prekeys = prekeys;
  }

  /** @returns {Promise<object|null>} null for a row that has nothing to be sent any more */
  async encrypt(row) {
    const kept = this.#keptOf(row);
    const isForNobody = row.device && !this.#concerns(row) && kept.size === 0;
    if (this.#records.size === 0 || isForNobody) return null;
    const content = await this.#contentOf(row) ?? (kept.size > 0 ? goneContent(row) : null);
    if (!content) return null;
    const { type, messageId, sentAt = Date.now(), conversation, ...fields } = content;
    const ofBoth = conversationOf(this.#self.user, this.#contact.user);
    const about = conversation ?? wireConversation(row) ?? ofBoth;
    const plaintexts = {
      meant: this.#plaintext(type ?? row.type, about, sentAt, fields),
      other: this.#plaintext('none', ofBoth, sentAt, {}),
    };
    const id = row.messageId ?? messageId ?? randomBytes(16);
    const copies = [];
    for (const device of this.#records.keys()) {
      const isMeant = !row.device || (row.device === device && this.#concerns(row));
      const plaintext = isMeant ? plaintexts.meant : plaintexts.other;
      const ciphertext = kept.get(device)
        ?? await this.#copy({ row, device, id, isConcerned: isMeant && row.device }, plaintext);
      copies.push({ device, ciphertext });
    }
    const digest = await bodyDigest(await Promise.all(copies.map(async ({ device, ciphertext }) =>
      ({ device, digest: await sha256(ciphertext) }))));
    return { ...row, messageId: id, copies, listVersion: this.#contact.list.version, digest };
  }

  /** What was encrypted for another list, and is as good for this one. By device. */
  #keptOf({ copies = [] }) {
    const isGood = ({ device, ciphertext }) => {
      const { record } = this.#records.get(device) ?? {};
      if (!record || record.stale) return false;
      const { sessionId } = parseCiphertext(ciphertext);
      return sessionOf(record, sessionId) && !isReplaced(record, sessionId);
    };
    return new Map(copies.filter(isGood).map(({ device, ciphertext }) => [device, ciphertext]));
  }

  #plaintext(type, conversation, sentAt, content) {
    return buildPlaintext({
      type,
      conversation,
      senderListVersion: this.#self.deviceList.version,
      recipientListVersion: this.#contact.list.version,
      sentAt,
      content,
    });
  }

  async sealedRecords() {
    const moved = [...this.#records.values()].filter(({ before, record }) => record !== before);
    return Promise.all(moved.map(({ record }) => sealSessions(this.#store, record)));
  }

  /** The device of a confirm or a repair may have gone, and the session of a confirm with it. */
  #concerns({ type, device, session }) {
    const held = this.#records.get(device);
    return held && (type !== 'confirm' || sessionOf(held.record, session));
  }

  #contentOf(row) {
    if (row.type === 'text') return this.#saidIn(row);
    if (row.type === 'history') return this.#historyOf(row);
    return row.type === 'own-key' ? this.#ownKeyOf(row) : row.content;
  }

  async #historyOf({ content: { ids, ...content } }) {
    const { records } = await recordsThatFit(this.#store, this.#self, ids, Infinity);
    return { ...content, records };
  }

  async #ownKeyOf({ content: { id } }) {
    return (await loadOwnKeys(this.#store)).find(ownKey => ownKey.id === id) ?? null;
  }

  async #saidIn({ message, copyOf, again }) {
    const row = this.#messages.get(message ?? copyOf);
    // The key may have changed, with the user's consent, since it was queued once more.
    const isMeant = row && (isSaid(row) || row.kind === 'void') && (!again || copyOf
      || equal(row.sentTo.accountKey, this.#contact.pin.accountKey));
    if (!isMeant) return null;
    if (row.kind === 'void') return goneContent({ type: 'text', messageId: messageIdOf(row) });
    const { kind: type, conversation, sentAt } = row;
    const content = await contentOf(this.#store, row);
    const brought = copyOf || again ? {} : await this.typingKeys.broughtBy(row, this.#contact);
    return { type, messageId: messageIdOf(row), sentAt, conversation, ...content, ...brought };
  }

  async #copy({ row, device, id: messageId, isConcerned }, plaintext) {
    const held = this.#records.get(device);
    const session = await this.#sessionFor(row, { device, held, isConcerned });
    const route = {
      fromUser: this.#self.user, fromDevice: this.#self.deviceId,
      toUser: this.#contact.user, toDevice: device, messageId,
    };
    const { session: moved, ciphertext } = await encryptMessage(session, route, plaintext);
    held.record = sessionOf(held.record, moved.sessionId) ? withMoved(held.record, moved)
      : { ...withNew(held.record, moved, Date.now()), stale: false };
    return ciphertext;
  }

  async #sessionFor(row, { device, held, isConcerned }) {
    if (row.type === 'confirm' && isConcerned) return sessionOf(held.record, row.session);
    // The other side takes a repair only with the opening that brings it.
    const isRepair = row.type === 'repair' && isConcerned;
    const current = sendingSession(held.record.sessions);
    if (current && !held.record.stale && !isRepair) return current;
    return this.#open(device, held.record, isRepair ? row.failed : []);
  }

  #open(device, record, failed) {
    const { deviceList, deviceListJson, deviceId, devicePrivateKey } = this.#self;
    const held = this.#prekeys.get(device);
    // A session was dropped between the question for prekeys and now: ask again.
    if (!held) throw new Conflict('no prekey at hand');
    const replaces = distinctIds([...record.sessions.map(({ sessionId }) => sessionId), ...failed]);
    const isFirst = replaces.length === 0;
    const prekey = isFirst ? unspentPrekey(this.#contact, device, held) : held.signedPrekey;
    this.spent.set(device, prekey);
    return createSession({
      sender: { deviceList, deviceListJson, deviceId, devicePrivateKey },
      recipient: { deviceList: this.#contact.list, deviceId: device, prekey },
      replaces,
    });
  }
}
