/** X25519 (RFC 7748 §5 and §6.1). */

import { Refused } from './refused.js';

/**
 * @typedef {object} KeyPair
 * @property {Uint8Array} publicKey 32 bytes
 * @property {CryptoKey} privateKey non-extractable; survives IndexedDB
 */

/** @returns {Promise<KeyPair>} */
export async function generateKeyPair() {
  const pair = await crypto.subtle.generateKey({ name: 'X25519' }, false, ['deriveBits']);
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  return { publicKey, privateKey: pair.privateKey };
}

/**
 * The shared secret. An all-zero one, the mark of a public key of small order, is refused: with it
 * the result would not depend on our key at all.
 */
export async function diffieHellman(privateKey, publicKey) {
  if (publicKey.length !== 32) throw new Refused('public-key', 'an X25519 key has 32 bytes');
  const key = await crypto.subtle.importKey('raw', publicKey, { name: 'X25519' }, false, []);
  let secret;
  try {
    const bits = { name: 'X25519', public: key };
    secret = new Uint8Array(await crypto.subtle.deriveBits(bits, privateKey, 256));
  } catch (error) {
    // Some browsers refuse the all-zero result by themselves, with this error.
    if (error.name !== 'OperationError') throw error;
    throw new Refused('public-key', 'all-zero Diffie-Hellman result');
  }
  if (secret.every(byte => byte === 0)) {
    throw new Refused('public-key', 'all-zero Diffie-Hellman result');
  }
  return secret;
}
