/** The hash chain of an inbox, as a client follows it (docs/protocol.md §6). */

import { equal } from './bytes.js';
import { hash, sha256 } from './encoding.js';
import { BODY, ENTRY, LOG } from './labels.js';
import { Refused } from './refused.js';

/** The generation of every log until its server was restored from a copy. */
export const FIRST_GENERATION = 1;

/**
 * @typedef {object} Entry the `entry` push of §5.3
 * @property {string} kind
 * @property {string} owner
 * @property {number} generation
 * @property {number} sequenceNr
 * @property {number} time milliseconds since 1970
 * @property {string} entryKind
 * @property {string} fromUser
 * @property {string} fromDevice
 * @property {Uint8Array} messageId
 * @property {{device: string, digest: Uint8Array}[]} bodies
 * @property {Uint8Array} hash claimed by the server
 * @property {Uint8Array} [ciphertext] this device's own
 */

/** `hash_0` of a log. */
export function logStart(kind, owner, generation) {
  return hash(LOG, kind, owner, generation);
}

/**
 * `bodyDigest`, which `send` is answered with.
 *
 * @param {{device: string, digest: Uint8Array}[]} bodies `digest` is the SHA-256 of a ciphertext
 */
export function bodyDigest(bodies) {
  const sorted = [...bodies].sort((left, right) => (left.device < right.device ? -1 : 1));
  const repeated = sorted.some(({ device }, i) => sorted[i + 1]?.device === device);
  if (repeated) throw new Refused('chain', 'two bodies for one device');
  return hash(BODY, ...sorted.flatMap(({ device, digest }) => [device, digest]));
}

/** `hash_n` of an entry after the one with `previousHash`. */
export async function entryHash(previousHash, entry) {
  const { sequenceNr, time, entryKind, fromUser, fromDevice, owner, messageId } = entry;
  return hash(ENTRY, previousHash, sequenceNr, time, entryKind, fromUser, fromDevice, owner,
    messageId, await bodyDigest(entry.bodies));
}

/**
 * Checks a pushed entry against this device's own view of the log. Refused (`order`, `chain`) is an
 * alarm: the server changed, repeated or left out history.
 *
 * @param {{sequenceNr: number, hash: Uint8Array}} head the last entry that this device stored
 * @param {Entry} entry
 * @param {{kind: string, owner: string, generation: number, deviceId: string,
 *   knownHash: function(number): (Uint8Array|undefined|Promise<Uint8Array|undefined>)}} view
 *   `knownHash` gives the hash that this device stored for a number before the head's;
 *   `previousNr`, if the log was restored, is the number before the last restored entry: what lies
 *   there may be forgotten
 * @returns {Promise<{outcome: 'next', head: {sequenceNr: number, hash: Uint8Array}}
 *   |{outcome: 'repeat'}>} a repeat is dropped
 */
export async function followEntry(head, entry, view) {
  const isOfLog = entry.kind === view.kind && entry.owner === view.owner;
  const isBefore = entry.sequenceNr <= view.previousNr && entry.generation < view.generation;
  if (!isOfLog || (entry.generation !== view.generation && !isBefore)) {
    throw new Refused('chain', 'an entry of another log');
  }
  if (entry.sequenceNr <= head.sequenceNr) {
    const known = entry.sequenceNr === head.sequenceNr
      ? head.hash : await view.knownHash(entry.sequenceNr);
    const fits = known ? equal(known, entry.hash) : isBefore;
    if (!fits) throw new Refused('chain', 'history has changed');
    return { outcome: 'repeat' };
  }
  if (entry.sequenceNr !== head.sequenceNr + 1) throw new Refused('order', 'entries are missing');
  const derived = await entryHash(head.hash, entry);
  if (!equal(derived, entry.hash)) throw new Refused('chain', 'wrong hash of an entry');
  await checkOwnCiphertext(entry, view.deviceId);
  return { outcome: 'next', head: { sequenceNr: entry.sequenceNr, hash: derived } };
}

async function checkOwnCiphertext({ bodies, ciphertext }, deviceId) {
  if (!ciphertext) return;
  const own = bodies.find(({ device }) => device === deviceId);
  if (!own || !equal(own.digest, await sha256(ciphertext))) {
    throw new Refused('chain', 'wrong digest of a ciphertext');
  }
}
