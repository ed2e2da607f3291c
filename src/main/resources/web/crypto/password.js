/** What a client derives from a password, and the vault under it (docs/protocol.md §3). */

import { importAeadKey, open, seal } from './aead.js';
import { utf8 } from './bytes.js';
import { enc, hash } from './encoding.js';
import { hkdf } from './hkdf.js';
import { AUTH_SECRET, PASSWORD, VAULT, VAULT_KEY } from './labels.js';

const PBKDF2_ITERATIONS = 1_000_000;
const NO_SALT = new Uint8Array(0);

/**
 * PBKDF2 (RFC 8018), then HKDF. Takes about a tenth of a second to a second.
 *
 * @param {{password: string, serverHost: string, user: string}} account `password` as typed
 * @returns {Promise<{authSecret: Uint8Array, vaultKey: CryptoKey}>} `authSecret` (32 bytes) goes to
 *   the server; `vaultKey` (AES-GCM, non-extractable) never does
 */
export async function derivePasswordSecrets({ password, serverHost, user }) {
  const typed = utf8(password.normalize('NFKC'));
  const salt = await hash(PASSWORD, serverHost, user);
  const key = await crypto.subtle.importKey('raw', typed, 'PBKDF2', false, ['deriveBits']);
  const pbkdf2 = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: PBKDF2_ITERATIONS };
  const stretched = new Uint8Array(await crypto.subtle.deriveBits(pbkdf2, key, 256));
  return {
    authSecret: await hkdf(NO_SALT, stretched, AUTH_SECRET, 32),
    vaultKey: await importAeadKey(await hkdf(NO_SALT, stretched, VAULT_KEY, 32)),
  };
}

/** The vault of `user` that the server keeps; `content` is its JSON. */
export function sealVault(vaultKey, serverHost, user, content) {
  return seal(vaultKey, enc(VAULT, serverHost, user), content);
}

/** The JSON bytes of a vault; Refused `sealed` if it is not this user's, under this key. */
export function openVault(vaultKey, serverHost, user, vault) {
  return open(vaultKey, enc(VAULT, serverHost, user), vault);
}
