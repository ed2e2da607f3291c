/** Key pairs of given private bytes, for vectors. */

import { concat, fromBase64url, fromHex } from '/crypto/bytes.js';
import { signingKeyPairFromSeed } from '/crypto/ed25519.js';

/** DER of a PKCS #8 X25519 private key (RFC 8410 §7) up to its 32 bytes. */
const X25519_PREFIX = fromHex('302e020100300506032b656e04220420');

export async function x25519KeyPair(privateBytes) {
  const pkcs8 = concat(X25519_PREFIX, privateBytes);
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'X25519', true, ['deriveBits']);
  const { x } = await crypto.subtle.exportKey('jwk', key);
  return { publicKey: fromBase64url(x), privateKey: key };
}

export const ed25519KeyPair = signingKeyPairFromSeed;
