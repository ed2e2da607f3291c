/** HKDF and HMAC with SHA-256 (RFC 5869, RFC 2104). */

import { concat, utf8 } from './bytes.js';

const HASH_BYTES = 32;

export async function hmac(key, data) {
  // HMAC pads a key with zeros, so zeros are the same as an empty key, which WebCrypto refuses.
  const raw = key.length === 0 ? new Uint8Array(HASH_BYTES) : key;
  const hmacKey = await crypto.subtle.importKey(
    'raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', hmacKey, data));
}

/** HKDF-Extract: 32 bytes. */
export function extract(salt, ikm) {
  return hmac(salt, ikm);
}

/** HKDF-Expand: `length` bytes, at most 255 * 32. */
export async function expand(prk, info, length) {
  if (length > 255 * HASH_BYTES) throw new RangeError('HKDF output too long');
  let block = new Uint8Array(0);
  let okm = new Uint8Array(0);
  for (let counter = 1; okm.length < length; counter++) {
    block = await hmac(prk, concat(block, info, Uint8Array.of(counter)));
    okm = concat(okm, block);
  }
  return okm.slice(0, length);
}

/**
 * Extract, then expand.
 *
 * @param {Uint8Array|string} info a string is one of labels.js
 * @returns {Promise<Uint8Array>} `length` bytes
 */
export async function hkdf(salt, ikm, info, length) {
  const infoBytes = typeof info === 'string' ? utf8(info) : info;
  return expand(await extract(salt, ikm), infoBytes, length);
}
