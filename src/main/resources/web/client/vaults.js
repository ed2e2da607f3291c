/** The vault of an account, open for the one operation that needs it (docs/protocol.md §3, §12). */

import { equal } from '../crypto/bytes.js';
import { signingKeyPairFromSeed } from '../crypto/ed25519.js';
import { FIRST_GENERATION } from '../crypto/entry-chain.js';
import { createOwnKey } from '../crypto/own-keys.js';
import { openVault, sealVault } from '../crypto/password.js';
import { openRecoveryVault, sealRecoveryVault } from '../crypto/recovery-code.js';
import { Refused } from '../crypto/refused.js';
import { FrameError } from '../protocol/fields.js';
import { JsonError } from '../protocol/strict-json.js';
import { UserError } from './user-error.js';
import { OWN_KEYS_MAX, encodeVault, parseVault } from './vault.js';

/**
 * What is in a vault that the password opens.
 *
 * @returns {Promise<Vault>} rejects with UserError `vault-refused`
 */
export function openWithPassword(vaultKey, { serverHost, user }, vault) {
  return contentOf(() => openVault(vaultKey, serverHost, user, vault));
}

/** As `openWithPassword`, of a recovery vault. */
export function openWithCode(code, { serverHost, user }, recoveryVault) {
  return contentOf(() => openRecoveryVault(code, serverHost, user, recoveryVault));
}

/** @returns {Promise<{vault: Uint8Array, recoveryVault?: Uint8Array}>} fields of a frame */
export async function sealVaults(vaultKey, { serverHost, user }, content) {
  const bytes = encodeVault(content);
  const vault = await sealVault(vaultKey, serverHost, user, bytes);
  const { recoveryCode } = content;
  if (!recoveryCode) return { vault };
  return { vault, recoveryVault: await sealRecoveryVault(recoveryCode, serverHost, user, bytes) };
}

/**
 * The account key that signs the list after this one.
 *
 * @param {SignedList} current what the server says is the list
 * @param {number} generation of the inbox: a restored server may have an older vault or list
 * @returns {Promise<SigningKeyPair>} rejects with UserError `vault-refused` or `vault-old`
 */
export async function accountKeyIn({ accountSeed, deviceList }, { list, hash }, generation) {
  const accountKey = await signingKeyPairFromSeed(accountSeed);
  if (!equal(accountKey.publicKey, list.accountKey)) throw new UserError('vault-refused');
  const isCurrent = deviceList.version === list.version && equal(deviceList.hash, hash);
  if (!isCurrent && generation === FIRST_GENERATION) throw new UserError('vault-old');
  return accountKey;
}

/** The own keys with a new one at their end, which removed devices do not have. */
export function withNewOwnKey(ownKeys) {
  if (ownKeys.length === OWN_KEYS_MAX) throw new UserError('own-keys-full');
  return [...ownKeys, createOwnKey(ownKeys.length + 1)];
}

async function contentOf(open) {
  try {
    return parseVault(await open());
  } catch (error) {
    const isRefusal = error instanceof Refused || error instanceof FrameError
      || error instanceof JsonError;
    throw isRefusal ? new UserError('vault-refused') : error;
  }
}
