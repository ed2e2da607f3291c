/**
 * Keys that the devices of one user share, and the sync blob under them (docs/protocol.md §13). Who
 * removes a device makes a new one: what is sealed under that is closed to the removed device.
 */

import { importAeadKey, open, seal } from './aead.js';
import { randomBytes } from './bytes.js';
import { enc, parseEncOf, parseInteger } from './encoding.js';
import { hkdf } from './hkdf.js';
import { SYNC } from './labels.js';
import { pad, unpad } from './padding.js';
import { Refused } from './refused.js';

export const SYNC_BYTES_MAX = 128 * 1024;
const NO_SALT = new Uint8Array(0);

/**
 * @typedef {object} OwnKey
 * @property {number} id from 1
 * @property {Uint8Array} key 32 bytes
 *
 * @typedef {object} Owner
 * @property {string} serverHost
 * @property {string} user
 */

/** @returns {OwnKey} */
export function createOwnKey(id) {
  return { id, key: randomBytes(32) };
}

/** The key for one purpose, a label; Refused `sealed` if there is none with this id. */
export async function keyFor(purpose, ownKeys, id) {
  const found = ownKeys.find(ownKey => ownKey.id === id);
  if (!found) throw new Refused('sealed', 'does not open');
  return importAeadKey(await hkdf(NO_SALT, found.key, purpose, 32));
}

/**
 * @param {OwnKey} ownKey the newest
 * @param {Owner} owner
 * @param {number} counter
 * @param {Uint8Array} content JSON of the sync blob
 * @returns {Promise<Uint8Array>} RangeError if it would be longer than the server takes
 */
export async function sealSync(ownKey, owner, counter, content) {
  const key = await keyFor(SYNC, [ownKey], ownKey.id);
  const aad = syncAad(owner, counter, ownKey.id);
  const blob = enc(ownKey.id, await seal(key, aad, pad(content)));
  if (blob.length > SYNC_BYTES_MAX) throw new RangeError('sync is over 128 KiB');
  return blob;
}

/**
 * The JSON bytes of a sync blob, under whichever of the keys it names; Refused `encoding`, `sealed`.
 *
 * @param {OwnKey[]} ownKeys
 */
export async function openSync(ownKeys, owner, counter, blob) {
  const [idItem, sealed] = parseEncOf(2, blob);
  const id = parseInteger(idItem);
  const key = await keyFor(SYNC, ownKeys, id);
  return unpad(await open(key, syncAad(owner, counter, id), sealed));
}

function syncAad({ serverHost, user }, counter, id) {
  return enc(SYNC, serverHost, user, counter, id);
}
