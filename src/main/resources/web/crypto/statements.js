/** What accounts and devices sign (docs/protocol.md §4.1, §4.2, §6). Prekeys are of suite 1. */

import { equal } from './bytes.js';
import { checkPublicKey, sign, verify } from './ed25519.js';
import { hash } from './encoding.js';
import { SUITE_X25519, checkSuite } from './hpke.js';
import { ACCOUNT_CHANGE, ACK, DEVICE_LIST, PREKEY } from './labels.js';
import { Refused } from './refused.js';
import { generateKeyPair } from './x25519.js';

const NO_HASH = new Uint8Array(32);

/**
 * @typedef {object} DeviceList
 * @property {string} user
 * @property {string} serverHost
 * @property {number} version
 * @property {Uint8Array} prevHash
 * @property {Uint8Array} accountKey
 * @property {{id: string, signKey: Uint8Array, suites: number[], addedAt: number,
 *   inboxStart: {sequenceNr: number, hash: Uint8Array}}[]} devices
 * @property {Uint8Array} signature absent until signed
 *
 * @typedef {object} Pin what a client remembers of a person
 * @property {Uint8Array} accountKey
 * @property {number} version the highest one seen of the list
 * @property {Uint8Array} hash of that list
 *
 * @typedef {object} Prekey
 * @property {number} id
 * @property {'signed'|'one-time'} kind
 * @property {number} suite
 * @property {Uint8Array} key public
 * @property {Uint8Array} signature
 */

/** `listHash`. */
export function deviceListHash(list) {
  return hash(DEVICE_LIST, ...deviceListItems(list));
}

/** The signature of a list by the account's private key. */
export function signDeviceList(accountPrivateKey, list) {
  return sign(accountPrivateKey, DEVICE_LIST, ...deviceListItems(list));
}

/**
 * Checks a list that came from the server or from a peer.
 *
 * @param {DeviceList} list of the right form
 * @param {{user: string, serverHost: string, pin: Pin|null}} expected pin is null at first contact
 * @returns {Promise<Pin>} what to remember from now on. Refused: `device-list`, `public-key`,
 *   `signature`; `account-key` if it is well signed, but not by the pinned account key, which the
 *   user must be asked about; `rollback`
 */
export async function checkDeviceList(list, { user, serverHost, pin }) {
  if (list.user !== user || list.serverHost !== serverHost) {
    throw new Refused('device-list', 'the list of somebody else');
  }
  if (list.version === 1 && !equal(list.prevHash, NO_HASH)) {
    throw new Refused('device-list', 'a first list with a predecessor');
  }
  for (const device of list.devices) checkPublicKey(device.signKey);
  await verify(list.accountKey, list.signature, DEVICE_LIST, ...deviceListItems(list));
  const { accountKey, version } = list;
  const seen = { accountKey, version, hash: await deviceListHash(list) };
  if (pin) checkSuccession(pin, seen, list.prevHash);
  return seen;
}

function checkSuccession(pin, seen, prevHash) {
  if (!equal(pin.accountKey, seen.accountKey)) {
    throw new Refused('account-key', 'another account key than the pinned one');
  }
  const sameVersion = seen.version === pin.version;
  if (seen.version < pin.version || (sameVersion && !equal(seen.hash, pin.hash))) {
    throw new Refused('rollback', 'an older list, or another one of the same version');
  }
  if (seen.version === pin.version + 1 && !equal(prevHash, pin.hash)) {
    throw new Refused('rollback', 'a list that does not follow the pinned one');
  }
}

/** The device with this id in a checked list; Refused `device` if it is not there. */
export function deviceOf(list, deviceId) {
  const device = list.devices.find(({ id }) => id === deviceId);
  if (!device) throw new Refused('device', 'not a device of the list');
  return device;
}

/**
 * The word of a device that it gave its account a new key: `keyChange` of §4.1.
 *
 * @param {CryptoKey} devicePrivateKey
 * @param {{serverHost: string, user: string, from: Uint8Array, to: Uint8Array}} change `from` is
 *   the account key of the list in which the device stands
 */
export function signAccountChange(devicePrivateKey, change) {
  return sign(devicePrivateKey, ACCOUNT_CHANGE, ...accountChangeItems(change));
}

/** Refused unless the device with this key, in a list under `from`, announced `to`. */
export function checkAccountChange(signKey, change, signature) {
  return verify(signKey, signature, ACCOUNT_CHANGE, ...accountChangeItems(change));
}

/**
 * A new prekey of this device, signed alone.
 *
 * @param {CryptoKey} devicePrivateKey sign key
 * @param {{user: string, deviceId: string}} owner
 * @param {'signed'|'one-time'} kind
 * @param {number} id 1 to 2^31-1, never used before
 * @returns {Promise<{prekey: Prekey, keyPair: KeyPair}>}
 */
export async function createPrekey(devicePrivateKey, owner, kind, id) {
  const keyPair = await generateKeyPair();
  const unsigned = { id, kind, suite: SUITE_X25519, key: keyPair.publicKey };
  const signature = await sign(devicePrivateKey, PREKEY, ...prekeyItems(owner, unsigned));
  return { prekey: { ...unsigned, signature }, keyPair };
}

/**
 * Checks a prekey that the server gave out; without this the server could give out its own.
 * Refused: `suite`, `prekey`.
 *
 * @param {Uint8Array} signKey the device's, from a checked list
 * @param {{user: string, deviceId: string}} owner
 * @param {Prekey} prekey
 */
export async function checkPrekey(signKey, owner, prekey) {
  checkSuite(prekey.suite);
  try {
    await verify(signKey, prekey.signature, PREKEY, ...prekeyItems(owner, prekey));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new Refused('prekey', 'a prekey that its device did not sign');
  }
}

/**
 * The signature of an acknowledgement.
 *
 * @param {CryptoKey} devicePrivateKey
 * @param {{serverHost: string, user: string, deviceId: string}} signer
 * @param {{kind: string, owner: string, generation: number, sequenceNr: number,
 *   hash: Uint8Array}[]} points
 */
export function signAck(devicePrivateKey, { serverHost, user, deviceId }, points) {
  return sign(devicePrivateKey, ACK, serverHost, user, deviceId, pointItems(points));
}

/** Points of logs, as they are signed and hashed. */
export function pointItems(points) {
  return points.map(({ kind, owner, generation, sequenceNr, hash: head }) =>
    [kind, owner, generation, sequenceNr, head]);
}

function deviceListItems({ user, serverHost, version, prevHash, accountKey, devices }) {
  const tuples = devices.map(({ id, signKey, suites, addedAt, inboxStart }) =>
    [id, signKey, suites, addedAt, inboxStart.sequenceNr, inboxStart.hash]);
  return [user, serverHost, version, prevHash, accountKey, tuples];
}

function accountChangeItems({ serverHost, user, from, to }) {
  return [serverHost, user, from, to];
}

function prekeyItems({ user, deviceId }, { suite, kind, id, key }) {
  return [user, deviceId, suite, kind, id, key];
}
