/** Key pairs of given private bytes, and given randomness, for vectors. */

import { concat, fromBase64url, fromHex } from '/crypto/bytes.js';
import { signingKeyPairFromSeed } from '/crypto/ed25519.js';

/** DER of a PKCS #8 X25519 private key (RFC 8410 §7) up to its 32 bytes. */
const X25519_PREFIX = fromHex('302e020100300506032b656e04220420');

export async function x25519KeyPair(privateBytes) {
  const pkcs8 = concat(X25519_PREFIX, privateBytes);
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, 'X25519', true, ['deriveBits']);
  const { x } = await crypto.subtle.exportKey('jwk', privateKey);
  return { publicKey: fromBase64url(x), privateKey };
}

export const ed25519KeyPair = signingKeyPairFromSeed;

/**
 * Runs `run` with the next X25519 key pairs and the next random bytes given, in the order of use;
 * the code under test has no such door itself.
 */
export async function withRandomness({ keyPairs = [], bytes = [] }, run) {
  const queues = { keyPairs: [...keyPairs], bytes: [...bytes] };
  crypto.subtle.generateKey = async () => {
    const { publicKey, privateKey } = queues.keyPairs.shift();
    return {
      publicKey: await crypto.subtle.importKey('raw', publicKey, 'X25519', true, []),
      privateKey,
    };
  };
  crypto.getRandomValues = array => {
    array.set(queues.bytes.shift());
    return array;
  };
  try {
    return await run();
  } finally {
    delete crypto.subtle.generateKey;
    delete crypto.getRandomValues;
  }
}
