/**
 * Receiving, up to the transaction: opens a batch of entries in memory (docs/protocol.md §6, §7).
 * Nothing is stored here, so that a crash at any point leaves the entries to be opened again from
 * the same state; one bad message fails alone.
 */

import { base64url, equal } from '../crypto/bytes.js';
import { Refused } from '../crypto/refused.js';
import { decryptMessage, parseCiphertext } from '../crypto/session-message.js';
import { acceptSession, parseOpening } from '../crypto/session-opening.js';
import { deviceListHash } from '../crypto/statements.js';
import { FrameError } from '../protocol/fields.js';
import { parseDeviceList } from '../protocol/frames.js';
import { JsonError } from '../protocol/strict-json.js';
import { conversationOf } from '../store/conversations.js';
import { settle } from '../store/database.js';
import { ownListHash, ownListOf } from '../store/own-list.js';
import { openSessions, sessionOf, withMoved, withNew } from '../store/session-rows.js';
import { contactWithList, lacksList } from './contacts.js';
import { parseOwnPlaintext, parsePlaintext } from './plaintext.js';

const MESSAGE = 'message';

/** Its key was used already: silent, if the message that used it is known. */
const REPEAT = { type: 'repeat' };

/** The names of the object stores that `knownTo` needs. */
export const RECEPTION_STORES = ['contacts', 'sessions'];

/**
 * Inside a transaction: what a reception needs of those who sent these entries.
 *
 * @returns {Promise<{contacts: Map<string, object>, sessions: Map<string, object>}>} rows by user,
 *   and by "user device"
 */
export async function knownTo({ contacts, sessions }, entries) {
  const known = { contacts: new Map(), sessions: new Map() };
  for (const { fromUser, fromDevice } of entries) {
    const key = `${fromUser} ${fromDevice}`;
    if (known.sessions.has(key)) continue;
    known.sessions.set(key, await settle(sessions.get([fromUser, fromDevice])));
    known.contacts.set(fromUser, await settle(contacts.get(fromUser)));
  }
  return known;
}

export class Reception {
  #store;
  #self;
  #now;
  #known;

  /** By "user device": {before, record, accepted: session ids}. */
  sessions = new Map();
  /** By user: {before, contact}. */
  contacts = new Map();
  /** Ids of one-time prekeys that openings used up. */
  usedPrekeys = [];
  /** What each entry turned out to be: {entry, result}. */
  results = [];
  /**
   * Users of whom there is a newer list than the one here: the own one, if somebody wrote for that.
   */
  behind = new Set();

  /** @param {object} known as of knownTo, of all entries that are to be taken */
  constructor(store, self, now, known) {
    this.#store = store;
    this.#self = self;
    this.#now = now;
    this.#known = known;
  }

  /** Opens the next entry, whose place in the chain was checked. */
  async take(entry) {
    const { bodies, ciphertext, fromDevice } = entry;
    const isForUs = bodies.some(({ device }) => device === this.#self.deviceId);
    if (!isForUs || fromDevice === this.#self.deviceId) return;
    const result = ciphertext ? await this.#open(entry) : failed('expired');
    this.results.push({ entry, result });
  }

  /** Whatever a peer or the server sends fails alone: the entries after it are still taken. */
  async #open(entry) {
    let session;
    try {
      if (entry.entryKind !== MESSAGE) return { type: 'unsupported' };
      const ciphertext = parseCiphertext(entry.ciphertext);
      // A repair replaces the session that failed, also one that this device does not know.
      session = ciphertext.sessionId;
      const result = await this.#openWith(entry, ciphertext);
      return result.type === 'failed' ? { ...result, session } : result;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return error.reason === 'known-session' ? REPEAT : { ...failed('not-opened'), session };
    }
  }

  async #openWith(entry, ciphertext) {
    const { contact: known } = this.#contactOf(entry.fromUser);
    if (lacksList(known)) {
      this.behind.add(entry.fromUser);
      return failed('list-missed');
    }
    const sender = await this.#senderOf(entry);
    const session = sessionOf(sender.record, ciphertext.sessionId);
    if (!session) {
      return ciphertext.opening ? this.#accept(entry, ciphertext, sender) : failed('no-session');
    }
    const isListed = known?.list?.devices.some(({ id }) => id === entry.fromDevice);
    return isListed ? this.#decrypt(entry, ciphertext, sender, session) : failed('device-gone');
  }

  async #accept(entry, ciphertext, sender) {
    const { fromUser, fromDevice } = entry;
    const person = this.#contactOf(fromUser);
    let opening, deviceList, accepted, isEarlier;
    try {
      opening = parseOpening(ciphertext.opening);
      deviceList = parseDeviceList(opening.senderDeviceList);
      isEarlier = await this.#isEarlier(person.contact, deviceList, fromDevice);
      // A list of the own devices is asked for, and told, before anything is opened under it.
      const isNewer = fromUser === this.#self.user
        && deviceList.version > this.#self.deviceList.version;
      if (isNewer) this.behind.add(fromUser);
      const pin = isEarlier ? null : person.contact?.pin ?? null;
      accepted = await acceptSession({
        suite: ciphertext.suite,
        opening,
        sender: { user: fromUser, deviceId: fromDevice, deviceList, pin },
        recipient: this.#recipient(entry, deviceList),
      });
    } catch (error) {
      return this.#refusedOpening(error, person, fromUser, deviceList, opening);
    }
    const { sessionId } = accepted.session;
    const contact = isEarlier ? person.contact
      : withWaiting(await contactWithList(this.#self, fromUser, person.contact, deviceList),
        person.contact?.changed);
    const result = await this.#decrypt(entry, ciphertext, sender, accepted.session);
    // A session whose first message does not open is not kept, nor is its prekey used up.
    if (!sessionOf(sender.record, sessionId)) return result;
    person.contact = { ...contact, behind: person.contact?.behind ?? false };
    if (opening.prekeyKind === 'one-time') this.usedPrekeys.push(opening.prekeyId);
    sender.accepted.push(sessionId);
    return { ...result, replaces: opening.replaces.length > 0 };
  }

  /**
   * An opening may have waited while its sender's list went on. The device still stands, with its
   * key, in the newest list that is known; that one stays, and the earlier one proves nothing more.
   */
  async #isEarlier(contact, list, fromDevice) {
    if (!contact?.list || list.version >= contact.pin.version) return false;
    const keyIn = ({ devices }) => devices.find(({ id }) => id === fromDevice)?.signKey;
    const [key, known] = [keyIn(list), keyIn(contact.list)];
    if (!key || !known || !equal(key, known)) return false;
    if (equal(list.accountKey, contact.pin.accountKey)) return true;
    const own = list.user === this.#self.user && await ownListHash(this.#store, list.version);
    return Boolean(own) && equal(own, await deviceListHash(list));
  }

  async #refusedOpening(error, person, user, deviceList, opening) {
    if (!isRefusal(error) || error.reason === 'known-session') throw error;
    const isMissed = error.reason === 'addressee'
      && opening.recipientListVersion !== this.#self.deviceList.version
      && !await this.#ownListAt(opening.recipientListVersion);
    if (isMissed) return failed('list-missed');
    if (error.reason !== 'account-key') return failed('opening-refused');
    // Of the own account key nobody hears from a message.
    if (user === this.#self.user) return failed('opening-refused');
    person.contact = await contactWithList(this.#self, user, person.contact, deviceList);
    return failed('key-changed');
  }

  async #decrypt(entry, ciphertext, sender, session) {
    const { fromUser, fromDevice, messageId } = entry;
    const { user: toUser, deviceId: toDevice } = this.#self;
    const route = { fromUser, fromDevice, toUser, toDevice, messageId };
    const opened = await decryptMessage(session, route, ciphertext);
    if (opened.outcome === 'duplicate') return REPEAT;
    if (opened.outcome === 'failed') return failed('not-opened');
    sender.record = sessionOf(sender.record, session.sessionId)
      ? withMoved(sender.record, opened.session)
      : withNew(sender.record, opened.session, this.#now);
    const gap = skippedBy(opened.session) - skippedBy(session);
    return { ...await this.#read(opened.plaintext, fromUser), gap };
  }

  async #read(plaintext, fromUser) {
    let message;
    try {
      message = fromUser === this.#self.user ? parseOwnPlaintext(plaintext, fromUser)
        : parsePlaintext(plaintext, conversationOf(this.#self.user, fromUser));
    } catch (error) {
      if (isRefusal(error)) return failed('malformed');
      throw error;
    }
    const person = this.#contactOf(fromUser);
    if (person.contact && message.senderListVersion > person.contact.pin.version) {
      person.contact = { ...person.contact, behind: true };
    }
    return message;
  }

  async #senderOf({ fromUser, fromDevice }) {
    const key = `${fromUser} ${fromDevice}`;
    if (!this.sessions.has(key)) {
      const before = await openSessions(
        this.#store, fromUser, fromDevice, this.#known.sessions.get(key));
      this.sessions.set(key, { before, record: before, accepted: [] });
    }
    return this.sessions.get(key);
  }

  #contactOf(user) {
    if (!this.contacts.has(user)) {
      const before = this.#known.contacts.get(user);
      this.contacts.set(user, { before, contact: before });
    }
    return this.contacts.get(user);
  }

  #recipient(entry, senderList) {
    const { user, deviceId, serverHost } = this.#self;
    // What an own device opened tells the list that it was made under, and for.
    const isShared = version => senderList.user === user && senderList.version === version;
    return {
      user, deviceId, serverHost,
      listAt: async version => (isShared(version) ? senderList : this.#ownListAt(version)),
      prekeyAt: (kind, id) => this.#prekeyAt(kind, id),
      isKnown: sessionId => this.#isKnown(entry, sessionId),
    };
  }

  async #ownListAt(version) {
    const { deviceList } = this.#self;
    if (version > deviceList.version) this.behind.add(deviceList.user);
    return version === deviceList.version ? deviceList : ownListOf(this.#store, version);
  }

  async #prekeyAt(kind, id) {
    if (this.usedPrekeys.includes(id)) return undefined;
    const row = await this.#store.read(['prekeys'], ({ prekeys }) => settle(prekeys.get(id)));
    return row?.kind === kind ? row : undefined;
  }

  async #isKnown({ fromUser, fromDevice }, sessionId) {
    const key = [fromUser, fromDevice, base64url(sessionId)];
    return undefined !== await this.#store.read(['openings'],
      ({ openings }) => settle(openings.get(key)));
  }
}

/**
 * A key that waits for the user's choice goes on waiting, whatever was under way for long: only
 * what the server shows now, or a newer list under the pinned key, ends that.
 */
function withWaiting(contact, changed) {
  return changed && contact.pin.version <= changed.pin.version ? { ...contact, changed } : contact;
}

/** How many message keys wait for messages that have not come. */
function skippedBy({ ratchet }) {
  return ratchet.MKSKIPPED.length;
}

function isRefusal(error) {
  return error instanceof Refused || error instanceof FrameError || error instanceof JsonError;
}

function failed(reason) {
  return { type: 'failed', reason };
}
