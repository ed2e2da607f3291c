/** AES-256-GCM with a random 12-byte nonce in front: `seal` of docs/protocol.md §1.1. */

import { concat, randomBytes } from './bytes.js';
import { Refused } from './refused.js';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A non-extractable key of 32 bytes. */
export function importAeadKey(bytes) {
  if (bytes.length !== 32) throw new TypeError('an AES-256 key has 32 bytes');
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

/** A new random non-extractable key, which survives IndexedDB. */
export function generateAeadKey() {
  const algorithm = { name: 'AES-GCM', length: 256 };
  return crypto.subtle.generateKey(algorithm, false, ['encrypt', 'decrypt']);
}

/** `nonce(12, random) || ciphertext and tag`. */
export async function seal(key, aad, plaintext) {
  const nonce = randomBytes(NONCE_BYTES);
  return concat(nonce, await sealWith(key, nonce, aad, plaintext));
}

/** The plaintext of `seal`; Refused `sealed` says nothing more of why it does not open. */
export async function open(key, aad, sealed) {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw doesNotOpen();
  return openWith(key, sealed.subarray(0, NONCE_BYTES), aad, sealed.subarray(NONCE_BYTES));
}

/** Ciphertext and tag. A nonce must never be given twice with one key. */
export async function sealWith(key, nonce, aad, plaintext) {
  return new Uint8Array(await crypto.subtle.encrypt(parameters(nonce, aad), key, plaintext));
}

/** The plaintext of `sealWith`; else Refused `sealed`. */
export async function openWith(key, nonce, aad, ciphertext) {
  if (nonce.length !== NONCE_BYTES || ciphertext.length < TAG_BYTES) throw doesNotOpen();
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters(nonce, aad), key, ciphertext));
  } catch (error) {
    if (error.name !== 'OperationError') throw error;
    throw doesNotOpen();
  }
}

function parameters(nonce, aad) {
  return { name: 'AES-GCM', iv: nonce, additionalData: aad, tagLength: TAG_BYTES * 8 };
}

function doesNotOpen() {
  return new Refused('sealed', 'does not open');
}
