/**
 * What the devices of a user share (docs/protocol.md §13), as this browser keeps it: own keys, pins
 * of people and how the user stands with them, names of devices, how conversations are listed, the
 * switch of the archive, and the others (see switches.js).
 *
 * Row `sync` of `meta`: {counter, keyId, digest, generation, names, changedNames, archive,
 * archiveChanged, said, elsewhere} and the switches.
 * `counter`, `keyId` and `digest` are those of the newest blob that this device put or joined,
 * `generation` that of the inbox then; `archive` is {on, nr, closed}; what was changed here and not
 * put yet wins over what others put. `said` holds by user what others say of people of whom this
 * device knows another pin: {pin, contact}; `elsewhere`, what they say of conversations that are not
 * here.
 */

import { equal } from '../crypto/bytes.js';
import { parseEncOf, parseInteger } from '../crypto/encoding.js';
import { FIRST_GENERATION } from '../crypto/entry-chain.js';
import { openSync } from '../crypto/own-keys.js';
import { Refused } from '../crypto/refused.js';
import { FrameError } from '../protocol/fields.js';
import { JsonError } from '../protocol/strict-json.js';
import { changeArchive } from '../store/archive.js';
import { forgetLate, joinClosed } from '../store/archive-closed.js';
import { CONVERSATION_STORES, conversationOf } from '../store/conversations.js';
import { settle } from '../store/database.js';
import { beginOwnKeys, sealOwnKey } from '../store/own-keys.js';
import { STANDING_STORES, joinStanding } from '../store/standings.js';
import { joinArranged } from './arranged.js';
import { tellSiblings } from './own-messages.js';
import { SWITCHES, joinedSwitches, movedSwitches, switchesOf } from './switches.js';
import { PARKING_STORES, parkTexts } from './unsent.js';
import { parseSync } from './vault.js';
import { GAP } from './vaults.js';

/** In `meta`: an own key that this device made, of which the server may not have heard yet. */
export const PENDING_KEY = 'pendingOwnKey';

const ROW = 'sync';
const BEGINNING = {
  counter: 0, keyId: 0, digest: null, generation: FIRST_GENERATION, names: {}, changedNames: [],
  archive: { on: true, nr: 0, closed: [] }, archiveChanged: false, ...SWITCHES, said: {},
  elsewhere: [],
};

/** What a new device takes over if there is nothing. */
export const NOTHING_SHARED = {
  contacts: [], names: {}, archive: BEGINNING.archive, ...SWITCHES, elsewhere: [], keyId: 0,
};

/** The names of the object stores that `addClosed` needs. */
export const CLOSED_STORES = ['meta', ...CONVERSATION_STORES];

/** The names of the object stores that `joinShared` needs. */
export const SHARED_STORES = [
  ...new Set([...PARKING_STORES, ...CLOSED_STORES, ...STANDING_STORES]),
];

export async function sharedRow({ meta }) {
  const row = await settle(meta.get(ROW));
  return { ...BEGINNING, ...row, archive: { ...BEGINNING.archive, ...row?.archive } };
}

/** Inside a transaction over `meta`. */
export async function changeShared(stores, change) {
  stores.meta.put({ ...await sharedRow(stores), ...change }, ROW);
}

/**
 * Inside a transaction over `meta` and `messages`: where the archive ended for some own keys.
 *
 * @param {ArchiveClosing[]} added
 */
export async function addClosed(stores, added) {
  const { archive } = await sharedRow(stores);
  const closed = joinClosed(archive.closed, added);
  await forgetLate(stores, archive.closed, closed);
  await changeShared(stores, { archive: { ...archive, closed } });
}

/**
 * The content of a blob; null if it is under an own key that this device is still to get.
 *
 * @param {OwnKey[]} ownKeys rising
 * @returns {Promise<object|null>} rejects with Refused if it is no blob of a device of this user
 */
export async function openShared(ownKeys, owner, { counter, blob }) {
  try {
    return parseSync(await openSync(ownKeys, owner, counter, blob));
  } catch (error) {
    if (!(error instanceof FrameError || error instanceof JsonError)) throw error;
    throw new Refused('sealed', 'not what a device of this user writes');
  }
}

/**
 * What a new device takes over from the others.
 *
 * @param {{counter: number, blob: Uint8Array}|undefined} sync as `linking` brings it
 * @param {Vault} vault
 * @returns {Promise<{shared: {contacts: object[], names: object, archive: object,
 *   elsewhere: object[], keyId: number}, alarm: string|null}>} the switches are in `shared`, too
 */
export async function sharedIn(sync, { ownKeys, syncCounter }, owner) {
  const isLost = (sync?.counter ?? 0) < syncCounter;
  const alarm = isLost ? 'sync-lost' : null;
  if (!sync) return { shared: NOTHING_SHARED, alarm };
  try {
    const { contacts, devices, archive, conversations: elsewhere = [], ...others } =
      await openShared(ownKeys, owner, sync);
    // Whoever was removed has the earlier keys still, and could have sealed it.
    const isDoubtful = isLost || isUnderOlderKey(sync, ownKeys);
    const taken = isDoubtful ? contacts.map(contact => ({ ...contact, verified: false }))
      : contacts;
    const names = namesIn(devices);
    const shared = { contacts: taken, names, archive, elsewhere, keyId: keyIdOf(sync) };
    return { shared: { ...shared, ...switchesOf(others) }, alarm };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { shared: NOTHING_SHARED, alarm: 'sync-lost' };
  }
}

/**
 * Stores what `sharedIn` gave, and the own keys, before this device is one.
 *
 * @param {{contacts: object[], names: object, archive: object, elsewhere: object[], keyId: number,
 *   counter: number, ownKeys: OwnKey[], generation: number, madeKey?: OwnKey}} beginning with the
 *   switches; `madeKey` is the own key that was made for it
 */
export async function putShared(store, beginning) {
  const {
    contacts: known, names, archive, elsewhere, keyId, counter, ownKeys, generation, madeKey,
  } = beginning;
  const rows = await sealOwnKeys(store, ownKeys);
  await store.write(['ownKeys', 'outbox', ...SHARED_STORES], async stores => {
    beginOwnKeys(stores, rows);
    if (madeKey) tellSiblings(stores, store.user, 'own-key', { id: madeKey.id });
    for (const contact of known) await joinContact(stores, store.user, contact);
    const { archive: { closed } } = await sharedRow(stores);
    await changeShared(stores, {
      names, archive: { ...archive, closed }, ...switchesOf(beginning), elsewhere, keyId, counter,
      generation, digest: null,
    });
    await addClosed(stores, archive.closed);
    if (!archive.on) await changeArchive(stores, { on: false });
  });
}

/** Rows of the own keys in a vault. */
export function sealOwnKeys(store, ownKeys) {
  return Promise.all(ownKeys.filter(({ listVersion }) => listVersion !== GAP)
    .map(ownKey => sealOwnKey(store, ownKey)));
}

/** Whether a blob is under an older key than the newest: a removed device may have made it. */
export function isUnderOlderKey(sync, ownKeys) {
  return keyIdOf(sync) < ownKeys.at(-1).id;
}

/** Id of the own key under which a blob is sealed. */
export function keyIdOf({ blob }) {
  return parseInteger(parseEncOf(2, blob)[0]);
}

/** The names of the object stores that `keyRows` needs. */
export const KEY_STORES = ['meta', 'ownKeys'];

/**
 * Inside a transaction.
 *
 * @returns {Promise<{keys: object[], mayWrite: boolean}>} rows of the own keys, rising; whether the
 *   newest is closed to all devices that were removed: until then nothing is written under it
 */
export async function keyRows({ meta, ownKeys }) {
  const keys = await settle(ownKeys.getAll());
  const needed = await settle(meta.get('ownKeyNeeded')) ?? 0;
  return { keys, mayWrite: keys.length > 0 && keys.at(-1).listVersion >= needed };
}

/** As of keyRows. */
export async function mayWrite(store) {
  return (await store.read(KEY_STORES, keyRows)).mayWrite;
}

/**
 * Inside a transaction over SHARED_STORES: joins what another device put.
 *
 * @returns {Promise<{told: string[], forked: string[], moved: string[], erased: Map, parked: Map,
 *   isStanding: boolean, switched: object}>} people of whom something is new here, and those of whom the server showed
 *   this device another list of the same version; conversations that are listed in another way; ids
 *   of messages that went, by conversation; rows of messages that go no more, by person; whether the
 *   user stands with somebody in another way; switches that are another way now, by name
 */
export async function joinShared(stores, ownUser, { counter, keyId, generation, content }) {
  const { contacts, devices, archive, conversations } = content;
  const results = new Map();
  const stood = unchanged();
  for (const contact of contacts) {
    results.set(contact.user, await joinContact(stores, ownUser, contact, stood));
  }
  const said = await otherPins(stores, contacts);
  const row = await sharedRow(stores);
  const theirs = namesIn(devices);
  const changedNames = row.changedNames.filter(id => row.names[id] !== theirs[id]);
  const ours = Object.entries(row.names).filter(([id]) =>
    changedNames.includes(id) || !(id in theirs));
  const archiveChanged = row.archiveChanged && row.archive.on !== archive.on;
  const on = archiveChanged ? row.archive.on : archive.on;
  const nr = Math.max(row.archive.nr, archive.nr);
  const switches = joinedSwitches(row, content);
  await changeShared(stores, {
    counter, keyId, generation, digest: null, names: { ...theirs, ...Object.fromEntries(ours) },
    changedNames, archive: { ...row.archive, on, nr }, archiveChanged, said,
    ...switches,
  });
  const { moved = [], elsewhere = row.elsewhere } = await joinArranged(stores, conversations) ?? {};
  await changeShared(stores, { elsewhere });
  await addClosed(stores, archive.closed);
  const usersWith = result =>
    [...results].filter(([, one]) => one === result).map(([user]) => user);
  const switched = movedSwitches(row, switches);
  return { told: usersWith('new'), forked: usersWith('forked'), moved, switched, ...stood };
}

/**
 * @param {object} stood as of `joinShared`: what became of the standings
 * @returns {Promise<'new'|'forked'|null>}
 */
async function joinContact(stores, ownUser, theirs, stood = unchanged()) {
  const { user, standing = 'accepted' } = theirs;
  if (user === ownUser) return null;
  const conversation = conversationOf(ownUser, user);
  const joined = await joinStanding(stores, { user, conversation, standing });
  if (joined.isNew) stood.isStanding = true;
  if (joined.erased) stood.erased.set(conversation, joined.erased);
  if (joined.isNew && standing === 'blocked') {
    stood.parked.set(user, await parkTexts(stores, user));
  }
  return await joinPin(stores, theirs) ?? (joined.isNew ? 'new' : null);
}

function unchanged() {
  return { isStanding: false, erased: new Map(), parked: new Map() };
}

/** @returns {Promise<'new'|'forked'|null>} */
async function joinPin({ contacts }, theirs) {
  const { user, accountKey, verified, listVersion: version, listHash: hash } = theirs;
  const known = await settle(contacts.get(user));
  const pin = { accountKey, version, hash };
  if (!known) {
    contacts.put({ user, pin, verified, sentN: 0, behind: true });
    return 'new';
  }
  if (!equal(known.pin.accountKey, accountKey)) return null;
  const isHigher = version > known.pin.version;
  const isForked = version === known.pin.version && !equal(hash, known.pin.hash);
  if (isHigher || known.isHeardOf || verified && !known.verified) {
    const newer = isHigher ? { pin, behind: true } : {};
    const { isHeardOf, ...contact } = known;
    contacts.put({ ...contact, ...newer, verified: known.verified || verified });
  }
  if (isForked) return 'forked';
  return verified && !known.verified ? 'new' : null;
}

/**
 * What is said of people whose pin is another one here. Each device keeps its own, and both put
 * what was said before: else they would put without end.
 */
async function otherPins({ contacts }, all) {
  const said = {};
  for (const contact of all) {
    const known = await settle(contacts.get(contact.user));
    const { accountKey, listVersion: version, listHash: hash } = contact;
    const isOther = known && (!equal(known.pin.accountKey, accountKey)
      || known.pin.version === version && !equal(known.pin.hash, hash));
    if (isOther) said[contact.user] = { pin: known.pin, contact };
  }
  return said;
}

/** The entry of a contact in a blob. @param {string|undefined} standing if not accepted */
export function entryOf(contact, said, standing) {
  return { ...pinEntry(contact, said), standing };
}

function pinEntry({ user, verified, pin }, said) {
  const other = Object.hasOwn(said, user) && said[user];
  if (other && equal(other.pin.accountKey, pin.accountKey) && equal(other.pin.hash, pin.hash)) {
    return other.contact;
  }
  return {
    user, accountKey: pin.accountKey, verified, listVersion: pin.version, listHash: pin.hash,
  };
}

function namesIn(devices) {
  return Object.fromEntries(devices.map(({ id, name }) => [id, name]));
}
