import { generateSigningKeyPair } from '/crypto/ed25519.js';
import { generateKeyPair } from '/crypto/x25519.js';
import { AccountStore } from '/store/account-store.js';

let made = 0;

/** As far as a store looks into it. */
function accountOf(user) {
  const listHash = new Uint8Array(32);
  const deviceList = { user, version: 1, accountKey: new Uint8Array(32), devices: [{ id: 'd1' }] };
  return { user, deviceList, listHash };
}

/** Runs `use` with a new store, which is erased after it. */
export async function withStore(use) {
  made++;
  const user = `store-${Date.now().toString(36)}-${made}`;
  const [device, prekey] = await Promise.all([generateSigningKeyPair(), generateKeyPair()]);
  const store = await AccountStore.create(user,
    { meta: { account: accountOf(user) }, device, prekeys: [{ id: 1, kind: 'signed', ...prekey }] });
  try {
    await use(store, user);
  } finally {
    store.close();
    await AccountStore.erase(user);
  }
}
