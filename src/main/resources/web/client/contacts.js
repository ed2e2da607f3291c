/**
 * The people this account knows: their device lists and pins (docs/protocol.md §4.1).
 *
 * Contact: {user, pin, list?, verified, sentN, behind, spent?, changed?, isHeardOf?};
 * `sentN` is the number of
 * the last send that their inbox took, `behind` says that they have a newer list (of somebody whom
 * only another own device has met, there is none here yet), `spent` names the last one-time prekey
 * of each device that this one has used, `changed` holds the pin and list under another account
 * key, which wait for the user's choice, and whether a device that was known announced it;
 * `isHeardOf` says that nothing but a group that the user has not joined names the person. The own
 * user has such a row, too, for the user's other devices.
 */

import { base64url, equal } from '../crypto/bytes.js';
import { Refused } from '../crypto/refused.js';
import { checkAccountChange, checkDeviceList } from '../crypto/statements.js';
import { RequestRefused } from '../protocol/connection.js';
import { CONVERSATION_STORES } from '../store/conversations.js';
import { Conflict, settle } from '../store/database.js';
import { OWN_LIST_STORES, putOwnList } from '../store/own-list.js';
import { sessionsOf } from '../store/session-rows.js';
import { devicesOnlyIn, tellDevices, tellKey } from './contact-notices.js';
import { addNotice } from './notices.js';
import { dropsDevice } from './self.js';
import { UserError, userErrorOf } from './user-error.js';

/** Whether the user has to do with somebody: an invitation names whom its sender likes. */
export function isAcquainted({ isHeardOf = false, verified }) {
  return !isHeardOf || verified;
}

/** Inside a transaction: the user is in a group with these people now. */
export async function acquaint({ contacts }, users) {
  for (const user of users) {
    const { isHeardOf, ...contact } = await settle(contacts.get(user)) ?? {};
    if (isHeardOf) contacts.put(contact);
  }
}

/** The names of the object stores that putContact needs. */
export const CONTACT_STORES = [
  'contacts', 'sessions', 'standings', ...OWN_LIST_STORES, ...CONVERSATION_STORES,
];

/** @returns {Promise<object|undefined>} */
export function contactOf(store, user) {
  return store.read(['contacts'], ({ contacts }) => settle(contacts.get(user)));
}

/**
 * What a device list of `user` makes of the contact. Another account key is no refusal: it waits.
 *
 * @param {object|undefined} contact undefined at first contact
 * @returns {Promise<object>} the contact; rejects with Refused, `rollback` above all
 */
export async function contactWithList(self, user, contact, list) {
  const expected = { user, serverHost: self.serverHost, pin: contact?.pin ?? null };
  try {
    const pin = await checkDeviceList(list, expected);
    const { changed, ...known } = contact ?? newContact(user);
    return { ...known, pin, list, behind: false };
  } catch (error) {
    if (error.reason !== 'account-key') throw error;
    // What has become of the own account key is found out in another place.
    if (user === self.user) return contact;
    // Of several other keys the newest waits for the user; the pinned one ends the waiting.
    const waiting = contact.changed?.pin;
    const isSame = waiting && equal(waiting.accountKey, list.accountKey);
    const pin = await checkDeviceList(list, { ...expected, pin: isSame ? waiting : null });
    const isAnnounced = await isAnnouncedBy(contact, list);
    return { ...contact, changed: { pin, list, isAnnounced } };
  }
}

/** Whether a device of the list that was known gave the account its new key (§4.1). */
async function isAnnouncedBy({ pin, list: known }, list) {
  const { user, serverHost, keyChange, accountKey: to } = list;
  const device = keyChange && known?.devices.find(({ id }) => id === keyChange.device);
  if (!device) return false;
  try {
    const change = { serverHost, user, from: pin.accountKey, to };
    await checkAccountChange(device.signKey, change, keyChange.signature);
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return false;
  }
}

/**
 * Inside a transaction: stores what a list made of a contact. What else was stored of the person
 * meanwhile stays.
 *
 * @param {object|undefined} before as it was read
 * @param {boolean} isHeardOf whether a person who is new is named by no more than an invitation
 * @returns {Promise<object[]>} rows of notices: another account key, devices that came or went
 */
export async function putContact(stores, self, before, after, isHeardOf = false) {
  const { user, pin, list, behind, changed } = after;
  const stored = await settle(stores.contacts.get(user));
  if (!samePin(stored?.pin, before?.pin) || !samePin(stored?.changed?.pin, before?.changed?.pin)) {
    throw new Conflict('contact changed');
  }
  const beginning = isHeardOf ? { ...newContact(user), isHeardOf } : newContact(user);
  const { changed: settled, ...known } = stored ?? beginning;
  const contact = { ...known, pin, list, behind };
  if (changed) contact.changed = changed;
  stores.contacts.put(contact);
  // The pin of a list that another own device saw may have come before the list.
  const isSameList = samePin(stored?.pin, pin) && stored.list?.version === pin.version;
  if (!isSameList) await dropSessions(stores, user, stored?.list, list);
  if (user === self.user) {
    if (!isSameList) await putOwnList(stores, list, pin.hash);
    return [];
  }
  const notices = isSameList ? [] : await tellDevices(stores, self, user, stored?.list, list);
  if (changed && !samePin(changed.pin, settled?.pin)) {
    notices.push(...await tellKey(stores, self, user, changed));
  }
  return notices;
}

/** Nobody talks on sessions with devices that have gone, or have another sign key than before. */
async function dropSessions({ sessions }, user, before, list) {
  const gone = devicesOnlyIn(before, list);
  const keyOf = id => list.devices.find(device => device.id === id)?.signKey;
  const renewed = (before?.devices ?? []).filter(({ id, signKey }) =>
    keyOf(id) && !equal(keyOf(id), signKey));
  for (const { id } of [...gone, ...renewed]) sessions.delete([user, id]);
}

/**
 * The prekey of a device to seal to. The server may give a one-time prekey twice: the device has
 * erased it once it was used.
 *
 * @param {{signedPrekey: Prekey, oneTimePrekey?: Prekey}} held
 */
export function unspentPrekey({ spent = {} }, device, { signedPrekey, oneTimePrekey }) {
  return oneTimePrekey && spent[device] !== oneTimePrekey.id ? oneTimePrekey : signedPrekey;
}

/** Inside a transaction: remembers one-time prekeys that are used now. */
export async function spendPrekeys({ contacts }, user, prekeys) {
  const oneTime = [...prekeys].filter(([, { kind }]) => kind === 'one-time');
  if (oneTime.length === 0) return;
  const contact = await settle(contacts.get(user));
  const spent = Object.fromEntries(oneTime.map(([device, { id }]) => [device, id]));
  contacts.put({ ...contact, spent: { ...contact.spent, ...spent } });
}

/** Whether a newer list is known to exist, of which this device has the pin alone. */
export function lacksList(contact) {
  return Boolean(contact?.list) && contact.list.version < contact.pin.version;
}

export class Contacts {
  #store;
  #self;
  #news;
  #own;
  #shown = new Map();

  /**
   * @param {News} news
   * @param {{follow: function(DeviceList): Promise, settled: function(): Promise}} [own] takes a
   *   list of the own devices; resolves when nothing waits in the inbox
   */
  constructor(store, self, news, own) {
    this.#store = store;
    this.#self = self;
    this.#news = news;
    this.#own = own;
  }

  /**
   * Takes in a device list that the server gave.
   *
   * @returns {Promise<object>} the contact; rejects with UserError `devices-refused`, which is an
   *   alarm too
   */
  async learn(user, list) {
    // What a device sent before it left is its user's word still.
    const isFarewell = user === this.#self.user && dropsDevice(this.#self, list);
    if (isFarewell) await this.#own.settled();
    return this.#learn(user, list);
  }

  async #learn(user, list) {
    if (user === this.#self.user) return this.#learnOwn(list);
    for (;;) {
      const before = await contactOf(this.#store, user);
      const contact = await this.#withList(user, before, list);
      try {
        const notices = await this.#store.write(CONTACT_STORES,
          stores => putContact(stores, this.#self, before, contact));
        if (before) await this.#news.tell(user, notices);
        return contact;
      } catch (error) {
        if (!(error instanceof Conflict)) throw error;
      }
    }
  }

  /** Meets somebody, or asks for their newest list. Rejects with UserError. */
  async lookUp(user, request) {
    try {
      const { deviceList } = await request('devices', { user });
      await this.learn(user, deviceList);
    } catch (error) {
      throw userErrorOf(error, { user });
    }
  }

  /**
   * Asks for newest lists, for an inbox that waits for them. What the server refuses now is asked
   * again when it is needed.
   */
  async askFor(users, request) {
    for (const user of users) {
      try {
        const { deviceList } = await request('devices', { user });
        await this.#learn(user, deviceList);
      } catch (error) {
        if (!(error instanceof RequestRefused || error instanceof UserError)) throw error;
      }
    }
  }

  /**
   * The user goes on with the other account key: with somebody who is not verified.
   *
   * @param {string} key the `changedKey` that this tab showed
   */
  async accept(user, key) {
    const notice = await this.#store.write(CONTACT_STORES, async stores => {
      const { changed, ...contact } = await settle(stores.contacts.get(user));
      if (!changed) return undefined;
      if (base64url(changed.pin.hash) !== key) throw new UserError('key-changed-again', { user });
      const { pin, list } = changed;
      stores.contacts.put({ ...contact, pin, list, verified: false, behind: false });
      stores.sessions.delete(sessionsOf(user));
      return addNotice(stores, this.#self.user, user, 'key-accepted');
    });
    await this.#news.tell(user, notice ? [notice] : []);
    await this.#news.tellGroupsWith(user);
  }

  /** The safety number of this key is on the screen. */
  shown(user, accountKey) {
    this.#shown.set(user, accountKey);
  }

  /** The user has compared the safety number that was shown. */
  async markVerified(user, verified) {
    await this.#store.write(['contacts'], async ({ contacts }) => {
      const contact = await settle(contacts.get(user));
      const shown = this.#shown.get(user) ?? contact.pin.accountKey;
      if (contact.changed || !equal(shown, contact.pin.accountKey)) {
        throw new UserError('verify-key-changed', { user });
      }
      contacts.put({ ...contact, verified });
    });
    await this.#news.tell(user);
  }

  /** What has become of the own devices is told in another place than that of contacts. */
  async #learnOwn(list) {
    const { user } = this.#self;
    await this.#own.follow(list);
    const contact = await contactOf(this.#store, user);
    if (contact.pin.version >= list.version) return contact;
    throw new UserError('devices-refused', { user });
  }

  async #withList(user, before, list) {
    try {
      return await contactWithList(this.#self, user, before, list);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#news.alarm('old-devices', { user });
      throw new UserError('devices-refused', { user });
    }
  }
}

function newContact(user) {
  return { user, verified: false, sentN: 0, behind: false };
}

function samePin(one, other) {
  return one === other || Boolean(one && other && equal(one.hash, other.hash));
}
