/**
 * HPKE (RFC 9180), base and PSK mode. Suite 1 of docs/protocol.md §1.4:
 * DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
 *
 * Base mode authenticates nobody. A context is one direction of one connection and is not storable.
 */

import { importAeadKey, openWith, sealWith } from './aead.js';
import { concat, utf8 } from './bytes.js';
import { expand, extract } from './hkdf.js';
import { Refused } from './refused.js';
import { diffieHellman, generateKeyPair } from './x25519.js';

export const SUITE_X25519 = 1;
/** Length of `enc` of suite 1. */
export const ENC_BYTES = 32;

const MODE_BASE = 0;
const MODE_PSK = 1;
const NONE = new Uint8Array(0);
const VERSION = utf8('HPKE-v1');
const KEM_SUITE = concat(utf8('KEM'), i2osp2(0x0020));
const HPKE_SUITE = concat(utf8('HPKE'), i2osp2(0x0020), i2osp2(0x0001), i2osp2(0x0002));

/** Refuses (`suite`) a suite that this client does not have. */
export function checkSuite(suite) {
  if (suite !== SUITE_X25519) throw new Refused('suite', `unknown suite ${suite}`);
}

/**
 * SetupBaseS (RFC 9180 §5.1.1).
 *
 * @param {number} suite
 * @param {Uint8Array} recipientKey public key, 32 bytes
 * @param {Uint8Array} info
 * @returns {Promise<{enc: Uint8Array, context: SenderContext}>}
 */
export async function setupBaseS(suite, recipientKey, info) {
  const { enc, secret } = await encap(suite, recipientKey);
  return { enc, context: await schedule(SenderContext, MODE_BASE, secret, info, NONE, NONE) };
}

/**
 * SetupBaseR.
 *
 * @param {KeyPair} recipient
 * @returns {Promise<ReceiverContext>}
 */
export async function setupBaseR(suite, enc, recipient, info) {
  const secret = await decap(suite, enc, recipient);
  return schedule(ReceiverContext, MODE_BASE, secret, info, NONE, NONE);
}

/** SetupPSKS (§5.1.2); as `setupBaseS`, with a psk of at least 32 bytes and its id. */
export async function setupPskS(suite, recipientKey, info, psk, pskId) {
  checkPsk(psk, pskId);
  const { enc, secret } = await encap(suite, recipientKey);
  return { enc, context: await schedule(SenderContext, MODE_PSK, secret, info, psk, pskId) };
}

/** SetupPSKR; as `setupBaseR`, with the psk and its id. */
export async function setupPskR(suite, enc, recipient, info, psk, pskId) {
  checkPsk(psk, pskId);
  const secret = await decap(suite, enc, recipient);
  return schedule(ReceiverContext, MODE_PSK, secret, info, psk, pskId);
}

class Context {
  #key;
  #baseNonce;
  #exporterSecret;
  #sequence = 0;
  #last = Promise.resolve();

  constructor(key, baseNonce, exporterSecret) {
    this.#key = key;
    this.#baseNonce = baseNonce;
    this.#exporterSecret = exporterSecret;
  }

  /** Secret Export (§5.3): `length` bytes bound to this context and to `exporterContext`. */
  export(exporterContext, length) {
    return labeledExpand(this.#exporterSecret, HPKE_SUITE, 'sec', exporterContext, length);
  }

  /**
   * Runs `operation(key, nonce)` with the nonce of the next sequence number, after all earlier
   * calls: no two calls use one nonce, and the number rises only if the operation succeeds.
   */
  next(operation) {
    const result = this.#last.then(async () => {
      if (this.#sequence === Number.MAX_SAFE_INTEGER) throw new RangeError('context used up');
      const output = await operation(this.#key, this.#nonce());
      this.#sequence++;
      return output;
    });
    this.#last = result.catch(() => {});
    return result;
  }

  #nonce() {
    const nonce = this.#baseNonce.slice();
    const sequence = new DataView(new ArrayBuffer(8));
    sequence.setBigUint64(0, BigInt(this.#sequence));
    for (let i = 0; i < 8; i++) nonce[4 + i] ^= sequence.getUint8(i);
    return nonce;
  }
}

export class SenderContext extends Context {
  /** ContextS.Seal (§5.2): ciphertext and tag under the next sequence number. */
  seal(plaintext, aad = NONE) {
    return this.next((key, nonce) => sealWith(key, nonce, aad, plaintext));
  }
}

export class ReceiverContext extends Context {
  /** ContextR.Open (§5.2); a ciphertext that is not the next one is Refused `sealed`. */
  open(ciphertext, aad = NONE) {
    return this.next((key, nonce) => openWith(key, nonce, aad, ciphertext));
  }
}

/** DHKEM Encap (§4.1). */
async function encap(suite, recipientKey) {
  checkSuite(suite);
  const pair = await generateKeyPair();
  const dh = await diffieHellman(pair.privateKey, recipientKey);
  return { enc: pair.publicKey, secret: await kemSecret(dh, pair.publicKey, recipientKey) };
}

/** DHKEM Decap (§4.1). */
async function decap(suite, enc, recipient) {
  checkSuite(suite);
  const dh = await diffieHellman(recipient.privateKey, enc);
  return kemSecret(dh, enc, recipient.publicKey);
}

async function kemSecret(dh, enc, recipientKey) {
  const prk = await labeledExtract(NONE, KEM_SUITE, 'eae_prk', dh);
  return labeledExpand(prk, KEM_SUITE, 'shared_secret', concat(enc, recipientKey), 32);
}

/** KeySchedule (§5.1). */
async function schedule(ContextType, mode, sharedSecret, info, psk, pskId) {
  const pskIdHash = await labeledExtract(NONE, HPKE_SUITE, 'psk_id_hash', pskId);
  const infoHash = await labeledExtract(NONE, HPKE_SUITE, 'info_hash', info);
  const context = concat(Uint8Array.of(mode), pskIdHash, infoHash);
  const secret = await labeledExtract(sharedSecret, HPKE_SUITE, 'secret', psk);
  const key = await labeledExpand(secret, HPKE_SUITE, 'key', context, 32);
  const baseNonce = await labeledExpand(secret, HPKE_SUITE, 'base_nonce', context, 12);
  const exporterSecret = await labeledExpand(secret, HPKE_SUITE, 'exp', context, 32);
  return new ContextType(await importAeadKey(key), baseNonce, exporterSecret);
}

function checkPsk(psk, pskId) {
  if (psk.length < 32 || pskId.length === 0) throw new TypeError('a psk needs 32 bytes and an id');
}

function labeledExtract(salt, suiteId, label, ikm) {
  return extract(salt, concat(VERSION, suiteId, utf8(label), ikm));
}

function labeledExpand(prk, suiteId, label, info, length) {
  return expand(prk, concat(i2osp2(length), VERSION, suiteId, utf8(label), info), length);
}

function i2osp2(value) {
  return Uint8Array.of(value >> 8, value & 0xff);
}
