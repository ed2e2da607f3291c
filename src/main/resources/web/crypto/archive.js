/**
 * The archive as a hash chain of sealed batches (docs/protocol.md §14.1), appended to at its end
 * and read from the newest down: nothing may be missing, swapped, replayed, or under an older key
 * than the batch before it. What is appended under an older key after a device was removed is
 * passed over: that device may have made it.
 */

import { open, seal } from './aead.js';
import { equal } from './bytes.js';
import { enc, hash, parseBytes, parseEncOf, parseInteger, sha256 } from './encoding.js';
import { ARCHIVE } from './labels.js';
import { keyFor } from './own-keys.js';
import { pad, unpad } from './padding.js';
import { Refused } from './refused.js';

export const BATCH_BYTES_MAX = 160 * 1024;
const HASH_BYTES = 32;

/**
 * @typedef {object} ArchivePlace a batch and where it stands
 * @property {number} nr
 * @property {Uint8Array} hash of that batch
 * @property {number} keyId of the own key that sealed it
 *
 * @typedef {object} ArchiveReading what comes next when reading down; it can be stored and resumed
 * @property {number} nr of the next batch
 * @property {Uint8Array|null} hash that it must have; null for the newest, which nothing names yet
 * @property {number} keyIdMax that its own key may have
 * @property {ArchivePlace} floor where the reading ends
 *
 * @typedef {object} ArchiveClosing where the archive ended when an own key was made
 * @property {number} keyId of that own key: behind the place nothing under an older one counts
 * @property {number} nr
 * @property {Uint8Array|null} hash of that batch; null if there may be another one by now
 */

/** Before the first batch: of the whole log, or of what is there since it was erased. */
export function placeBefore(first) {
  return { nr: first - 1, hash: new Uint8Array(HASH_BYTES), keyId: 0 };
}

/**
 * The batch after `place`.
 *
 * @param {ArchivePlace} place
 * @param {OwnKey} ownKey the newest
 * @param {Owner} owner
 * @param {Uint8Array} content JSON
 * @returns {Promise<{blob: Uint8Array, place: ArchivePlace}>} RangeError if it would be longer than
 *   the server takes
 */
export async function sealBatch(place, ownKey, owner, content) {
  if (ownKey.id < place.keyId) throw new RangeError('an older own key than the newest batch');
  const nr = place.nr + 1;
  const key = await keyFor(ARCHIVE, [ownKey], ownKey.id);
  const sealed = await seal(key, batchAad(owner, nr, ownKey.id, place.hash), pad(content));
  const blob = enc(ownKey.id, place.hash, sealed);
  if (blob.length > BATCH_BYTES_MAX) throw new RangeError('a batch is over 160 KiB');
  return { blob, place: { nr, hash: await batchHash(nr, blob), keyId: ownKey.id } };
}

/** The place of a batch that was opened. */
export async function placeOf(nr, blob) {
  return { nr, hash: await batchHash(nr, blob), keyId: parseBatch(blob).keyId };
}

/**
 * Reading from batch `last` down to `floor`: to what is known, or to `placeBefore(first)`.
 *
 * @param {number} last
 * @param {number} newestKeyId of the newest own key that this device has
 * @param {ArchivePlace} floor
 * @returns {ArchiveReading}
 */
export function readingFrom(last, newestKeyId, floor) {
  return { nr: last, hash: null, keyIdMax: newestKeyId, floor };
}

export function readingEnds({ nr, floor }) {
  return nr <= floor.nr;
}

/**
 * Opens the next batch of a reading.
 *
 * @param {ArchiveReading} reading
 * @param {OwnKey[]} ownKeys
 * @param {Owner} owner
 * @param {{nr: number, blob: Uint8Array}} batch
 * @param {ArchiveClosing[]} [closed]
 * @returns {Promise<{content: Uint8Array|null, next: ArchiveReading}>} null for a batch that is
 *   passed over. Refused (`archive`, `encoding`, `sealed`): the server lost or changed part of the
 *   archive
 */
export async function openBatch(reading, ownKeys, owner, { nr, blob }, closed = []) {
  if (readingEnds(reading) || nr !== reading.nr) {
    throw new Refused('archive', 'another batch than the next one');
  }
  const named = [reading.hash, ...closed.filter(closing => closing.nr === nr).map(one => one.hash)];
  const actual = await batchHash(nr, blob);
  if (named.some(expected => expected && !equal(expected, actual))) {
    throw new Refused('archive', 'another batch than the one that was named');
  }
  const { keyId, prevHash, sealed } = parseBatch(blob);
  const { floor } = reading;
  if (keyId > reading.keyIdMax || keyId < floor.keyId) {
    throw new Refused('archive', 'own keys that fall along the archive');
  }
  const next = { nr: nr - 1, hash: prevHash, keyIdMax: keyId, floor };
  if (readingEnds(next) && !equal(prevHash, floor.hash)) {
    throw new Refused('archive', 'a batch that does not follow what is known');
  }
  if (closed.some(closing => nr > closing.nr && keyId < closing.keyId)) {
    return { content: null, next };
  }
  const key = await keyFor(ARCHIVE, ownKeys, keyId);
  const content = unpad(await open(key, batchAad(owner, nr, keyId, prevHash), sealed));
  return { content, next };
}

/** `hash_nr`. */
async function batchHash(nr, blob) {
  return hash(ARCHIVE, nr, await sha256(blob));
}

function parseBatch(blob) {
  const [idItem, prevHash, sealed] = parseEncOf(3, blob);
  return { keyId: parseInteger(idItem), prevHash: parseBytes(prevHash, HASH_BYTES), sealed };
}

function batchAad({ serverHost, user }, nr, keyId, prevHash) {
  return enc(ARCHIVE, serverHost, user, nr, keyId, prevHash);
}
