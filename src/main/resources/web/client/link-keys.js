/** With what somebody shows that an account is theirs when a browser becomes its device. */

import { derivePasswordSecrets } from '../crypto/password.js';
import { readRecoveryCode, recoverySecret } from '../crypto/recovery-code.js';
import { Refused } from '../crypto/refused.js';
import { UserError } from './user-error.js';
import { openWithCode, openWithPassword } from './vaults.js';

/** @returns {Promise<LinkKey>} */
export async function passwordKey({ user, password, serverHost }) {
  const { authSecret, vaultKey } = await derivePasswordSecrets({ password, serverHost, user });
  const login = { type: 'login', secret: { authSecret } };
  return {
    user, firsts: [login], laterFirsts: [login], proof: { authSecret }, vaultKey,
    isRecovery: false,
    open: (owner, vault) => openWithPassword(vaultKey, owner, vault),
  };
}

/**
 * The recovery code, and the password that the account has from then on.
 *
 * @param {{user: string, code: Uint8Array, password: string, serverHost: string}} account
 * @returns {Promise<LinkKey>}
 */
export async function recoveryKey({ user, code, password, serverHost }) {
  const { authSecret, vaultKey } = await derivePasswordSecrets({ password, serverHost, user });
  const proof = { recoverySecret: await recoverySecret(code) };
  const recover = { type: 'recover', secret: proof };
  return {
    // Once the new password was sent, it may be the account's.
    user, firsts: [recover], laterFirsts: [{ type: 'login', secret: { authSecret } }, recover],
    proof, vaultKey, newAuthSecret: authSecret, isRecovery: true,
    open: (owner, vault) => openWithCode(code, owner, vault),
  };
}

/** @returns {Promise<Uint8Array>} rejects with UserError `code-invalid` for what is no code */
export async function readCode(typed) {
  try {
    return await readRecoveryCode(typed);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new UserError('code-invalid');
  }
}
