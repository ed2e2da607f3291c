/** Whether this browser can run Sotto at all, found out before anybody relies on it. */

import { generateAeadKey } from '../crypto/aead.js';
import { generateSigningKeyPair } from '../crypto/ed25519.js';
import { generateKeyPair } from '../crypto/x25519.js';
import { AccountStore } from '../store/account-store.js';

/** No user name has this form. */
const PROBE = '?';

/** @returns {Promise<'unsupported-insecure'|'unsupported-browser'|null>} */
export async function unsupportedReason() {
  if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) return 'unsupported-insecure';
  if (!navigator.locks || !globalThis.BroadcastChannel) return 'unsupported-browser';
  try {
    await Promise.all([generateSigningKeyPair(), generateKeyPair(), generateAeadKey()]);
    return null;
  } catch {
    return 'unsupported-browser';
  }
}

/** Makes a store with all kinds of keys, and erases it. @throws {StorageRefused} */
export async function checkStorage() {
  const [device, prekey] = await Promise.all([generateSigningKeyPair(), generateKeyPair()]);
  const store = await AccountStore.create(
    PROBE, { meta: {}, device, prekeys: [{ id: 1, kind: 'signed', ...prekey }] },
    { isTrial: true });
  store.close();
  await AccountStore.erase(PROBE);
}
