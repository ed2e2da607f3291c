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
import { OWN_KEYS_MAX } from '../store/own-keys.js';
import { UserError } from './user-error.js';
import { encodeVault, parseVault } from './vault.js';

const FIRST_LIST = 1;
/** The list version of what stands in a vault for an own key that is not known. */
export const GAP = 0;

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
 * @param {number} generation of the inbox: a restored server has an older vault, of one copy with
 *   its list, until a device puts back the newest list
 * @returns {Promise<SigningKeyPair>} rejects with UserError `vault-refused` or `vault-old`
 */
export async function accountKeyIn({ accountSeed, deviceList }, { list, hash }, generation) {
  const accountKey = await signingKeyPairFromSeed(accountSeed);
  if (!equal(accountKey.publicKey, list.accountKey)) throw new UserError('vault-refused');
  const isCurrent = deviceList.version === list.version && equal(deviceList.hash, hash);
  const mayBeOlder = generation > FIRST_GENERATION && deviceList.version < list.version;
  if (!isCurrent && !mayBeOlder) throw new UserError('vault-old');
  return accountKey;
}

/**
 * How many lists were made after the vault: if there are any, it may lack own keys that are closed
 * to removed devices.
 */
export function listsAfter({ deviceList }, { list }) {
  return Math.max(0, list.version - deviceList.version);
}

/**
 * The own keys of a vault, and those besides that this device knows: none is ever given up. What a
 * vault says of a key counts for more than what a sibling said.
 *
 * @param {(OwnKey & {listVersion?: number})[]} inVault
 * @param {(OwnKey & {listVersion: number})[]} known
 * @param {number} [lists] made after the vault: a key may have been made for each
 */
export function withKnownKeys(inVault, known, lists = 0) {
  const byId = new Map(known.map(ownKey => [ownKey.id, ownKey]));
  for (const { id, key, listVersion } of inVault) {
    const here = byId.get(id);
    if (listVersion === GAP && here) continue;
    const versionHere = here && equal(here.key, key) ? here.listVersion : FIRST_LIST;
    byId.set(id, { id, key, listVersion: listVersion ?? versionHere });
  }
  // Siblings may have keys under these ids: no other one gets such an id.
  const room = Math.min(inVault.length + lists, OWN_KEYS_MAX - 1);
  return Array.from({ length: Math.max(room, ...byId.keys()) }, (_, i) =>
    byId.get(i + 1) ?? { ...createOwnKey(i + 1), listVersion: GAP });
}

/**
 * The own keys with a new one at their end, which removed devices do not have.
 *
 * @param {number} listVersion of the list from which they are gone
 */
export function withNewOwnKey(ownKeys, listVersion) {
  if (ownKeys.length === OWN_KEYS_MAX) throw new UserError('own-keys-full');
  return [...ownKeys, { ...createOwnKey(ownKeys.length + 1), listVersion }];
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
