/** Messages of a session between two devices, and their form on the wire (docs/protocol.md §7). */

import { importAeadKey, openWith, sealWith } from './aead.js';
import { compare, concat, equal, randomBytes } from './bytes.js';
import { nextReceiving, nextSending } from './double-ratchet.js';
import { enc, parseBytes, parseEncOf, parseInteger } from './encoding.js';
import { checkSuite } from './hpke.js';
import { MESSAGE } from './labels.js';
import { pad, unpad } from './padding.js';
import { Refused } from './refused.js';

const NONCE_BYTES = 12;

/**
 * @typedef {object} Session plain values, bytes and CryptoKeys only; a store seals it
 * @property {number} suite
 * @property {Uint8Array} sessionId 16 bytes
 * @property {Uint8Array[]} replaces the session ids that its opening replaced
 * @property {Uint8Array|null} opening what every message carries until one has come back; null for
 *   the one who accepted
 * @property {RatchetState} ratchet
 *
 * @typedef {object} Route what a message is bound to besides its session
 * @property {string} fromUser
 * @property {string} fromDevice
 * @property {string} toUser
 * @property {string} toDevice
 * @property {Uint8Array} messageId 16 bytes
 *
 * @typedef {object} Ciphertext what `send` carries for one device, taken apart
 * @property {number} suite
 * @property {Uint8Array|null} opening
 * @property {Uint8Array} header its bytes
 * @property {Uint8Array} sessionId
 * @property {Uint8Array} dh
 * @property {number} pn
 * @property {number} n
 * @property {Uint8Array} nonce
 * @property {Uint8Array} ct
 */

/**
 * Encrypts the next message. The new session must be stored, with the ciphertext, before the
 * ciphertext leaves: a ciphertext made twice from one state would use a key twice.
 *
 * @param {Session} session
 * @param {Route} route
 * @param {Uint8Array} plaintext not padded
 * @returns {Promise<{session: Session, ciphertext: Uint8Array}>}
 */
export async function encryptMessage(session, route, plaintext) {
  const { suite, sessionId, opening } = session;
  checkSuite(suite);
  const { state, header: { dh, pn, n }, messageKey } = await nextSending(session.ratchet);
  const header = enc(sessionId, dh, pn, n);
  // The key is used once; the nonce is random so that a store put back to an old copy is not fatal.
  const nonce = randomBytes(NONCE_BYTES);
  const aad = messageAad(session, route, header);
  const ct = await sealWith(await importAeadKey(messageKey), nonce, aad, pad(plaintext));
  const ciphertext = concat(Uint8Array.of(suite), enc(opening, header, nonce, ct));
  return { session: { ...session, ratchet: state }, ciphertext };
}

/**
 * Takes a ciphertext apart. Nothing of it is authenticated yet. Refused: `suite`, `encoding`.
 *
 * @param {Uint8Array} bytes
 * @returns {Ciphertext}
 */
export function parseCiphertext(bytes) {
  checkSuite(bytes[0]);
  const [opening, header, nonce, ct] = parseEncOf(4, bytes.subarray(1));
  const [sessionId, dh, pn, n] = parseEncOf(4, header);
  return {
    suite: bytes[0],
    opening: opening.length === 0 ? null : opening,
    header,
    sessionId: parseBytes(sessionId, 16),
    dh: parseBytes(dh, 32),
    pn: parseInteger(pn),
    n: parseInteger(n),
    nonce: parseBytes(nonce, NONCE_BYTES),
    ct,
  };
}

/**
 * Decrypts a message of this session.
 *
 * @param {Session} session the one that the ciphertext names, or that its opening began
 * @param {Route} route
 * @param {Ciphertext} ciphertext
 * @returns {Promise<{outcome: 'opened', session: Session, plaintext: Uint8Array}
 *   |{outcome: 'duplicate'}|{outcome: 'failed', reason: string}>} only `opened` moves the session.
 *   `duplicate` is acknowledged and never shown; `failed` is shown, with the reason of a Refused
 */
export async function decryptMessage(session, route, ciphertext) {
  try {
    if (ciphertext.suite !== session.suite || !equal(ciphertext.sessionId, session.sessionId)) {
      throw new Refused('addressee', 'a ciphertext of another session');
    }
    const received = await nextReceiving(session.ratchet, ciphertext);
    if (received.outcome === 'duplicate') return received;
    const { state, messageKey } = received;
    const aad = messageAad(session, route, ciphertext.header);
    const key = await importAeadKey(messageKey);
    const plaintext = unpad(await openWith(key, ciphertext.nonce, aad, ciphertext.ct));
    // The peer has the session now, so its opening need not travel any more.
    return { outcome: 'opened', session: { ...session, ratchet: state, opening: null }, plaintext };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { outcome: 'failed', reason: error.reason };
  }
}

/**
 * The session to send on (§7.3): one that no other replaces; among several the smallest id, which
 * both sides find.
 *
 * @param {Session[]} sessions those with one device
 * @returns {Session|undefined}
 */
export function sendingSession(sessions) {
  const replaced = sessions.flatMap(({ replaces }) => replaces);
  const current = sessions.filter(({ sessionId }) => !replaced.some(id => equal(id, sessionId)));
  return current.sort((left, right) => compare(left.sessionId, right.sessionId))[0];
}

/** What a message is bound to. */
export function messageAad({ suite, sessionId }, route, header) {
  const { fromUser, fromDevice, toUser, toDevice, messageId } = route;
  return enc(MESSAGE, suite, sessionId, fromUser, fromDevice, toUser, toDevice, header, messageId);
}
