/** The entry with which a log goes on after the server was restored (docs/protocol.md §10). */

import { equal } from './bytes.js';
import { verify } from './ed25519.js';
import { hash } from './encoding.js';
import { logStart } from './entry-chain.js';
import { ENTRY, RESTORED } from './labels.js';
import { Refused } from './refused.js';

const ENTRY_KIND = 'restored';
const NOBODY = '';

/**
 * @typedef {object} Restored the `restored` push of §10: the only entry that no device signed
 * @property {'inbox'|'group'} kind
 * @property {string} owner
 * @property {number} generation that begins
 * @property {number} sequenceNr
 * @property {number} time milliseconds since 1970
 * @property {Uint8Array} hash claimed by the server
 * @property {{sequenceNr: number, hash: Uint8Array}} previous head of the log in the copy
 * @property {number} copyTime when the copy was made, milliseconds since 1970
 * @property {Uint8Array} signature of the server
 *
 * @typedef {object} RestoredView what a device knows of the log, and of the server
 * @property {'inbox'|'group'} kind
 * @property {string} owner
 * @property {number} generation
 * @property {{sequenceNr: number, hash: Uint8Array}} head
 * @property {function(number): (Uint8Array|undefined|Promise<Uint8Array|undefined>)} knownHash
 *   of an entry before the head
 * @property {number} [previousNr] before the last restored entry that was taken
 * @property {number} [sharedNr] the lowest of these: whatever the server is restored from has the
 *   same entries up to there
 * @property {string} serverHost
 * @property {Uint8Array} serverKey the pinned one
 */

/** `hash_{h+1}`, which is also that of all that the copy held. */
export async function restoredHash(entry) {
  const { kind, owner, generation, sequenceNr, time, previous, copyTime, signature } = entry;
  const content = await hash(
    RESTORED, previous.sequenceNr, previous.hash, copyTime, signature);
  const start = await logStart(kind, owner, generation);
  return hash(
    ENTRY, start, sequenceNr, time, ENTRY_KIND, NOBODY, NOBODY, owner, NOBODY, content);
}

/**
 * Checks a restored entry against this device's own view of the log. Refused (`order`, `chain`,
 * `signature`, `public-key`) is an alarm: history was changed under the pretext of a restore.
 *
 * @param {Restored} entry
 * @param {RestoredView} view
 * @returns {Promise<{outcome: 'next', head: {sequenceNr: number, hash: Uint8Array}}
 *   |{outcome: 'repeat'}>}
 */
export async function followRestored(entry, view) {
  const { kind, owner, generation, sequenceNr, hash: claimed } = entry;
  if (kind !== view.kind || owner !== view.owner) {
    throw new Refused('chain', 'a restored entry of another log');
  }
  if (generation <= view.generation) {
    const known = sequenceNr <= view.head.sequenceNr && await knownAt(view, sequenceNr);
    const fits = known ? equal(known, claimed) : sequenceNr <= view.previousNr;
    if (!fits) throw new Refused('chain', 'an earlier generation');
    return { outcome: 'repeat' };
  }
  await checkNews(entry, view);
  return { outcome: 'next', head: { sequenceNr, hash: claimed } };
}

async function checkNews(entry, view) {
  const { generation, sequenceNr, time, previous, copyTime, signature } = entry;
  // A newer copy that was found later leads back to what was left.
  const isLeft = previous.sequenceNr > view.sharedNr;
  const isInside = isLeft || previous.sequenceNr <= view.head.sequenceNr;
  if (sequenceNr !== previous.sequenceNr + 1 || !isInside) {
    throw new Refused('order', 'entries are missing before a restored one');
  }
  if (time < copyTime) throw new Refused('chain', 'restored before the copy was made');
  const known = await knownAt(view, previous.sequenceNr);
  if (!isLeft && known && !equal(known, previous.hash)) {
    throw new Refused('chain', 'restored from another history');
  }
  if (!equal(await restoredHash(entry), entry.hash)) {
    throw new Refused('chain', 'wrong hash of a restored entry');
  }
  await verify(view.serverKey, signature, RESTORED, view.serverHost, view.kind, view.owner,
    generation, previous.sequenceNr, previous.hash, time, copyTime);
}

function knownAt({ head, knownHash }, sequenceNr) {
  return sequenceNr === head.sequenceNr ? head.hash : knownHash(sequenceNr);
}
