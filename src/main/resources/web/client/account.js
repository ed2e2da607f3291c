/** Makes an account and signs it in (docs/protocol.md §3, §4, §5.1). */

import { equal, hex, randomBytes } from '../crypto/bytes.js';
import { generateSigningKeyPair, signingKeyPairFromSeed } from '../crypto/ed25519.js';
import { FIRST_GENERATION, logStart } from '../crypto/entry-chain.js';
import { SUITE_X25519 } from '../crypto/hpke.js';
import { createOwnKey } from '../crypto/own-keys.js';
import { derivePasswordSecrets } from '../crypto/password.js';
import { deviceListHash, signDeviceList } from '../crypto/statements.js';
import { isUserName } from '../protocol/fields.js';
import { passwordProblem } from '../state/credentials.js';
import { AccountStore } from '../store/account-store.js';
import { defaultDeviceName } from './device-name.js';
import { createPrekeys, stock } from './prekeys.js';
import { NOTHING_SHARED, putShared } from './shared.js';
import { UserError, userErrorOf } from './user-error.js';
import { sealVaults } from './vaults.js';

export const INBOX = 'inbox';

const ATTEMPT_PLACE = ['attempt'];

/** @returns {Promise<AccountStore|null>} what this browser has; rejects with UserError */
export function openStored(user) {
  return AccountStore.open(user).catch(error => { throw userErrorOf(error); });
}

/**
 * @returns {Promise<string|null>} id of the device of the account that this browser is; rejects
 *   with UserError if the store cannot be opened
 */
export async function deviceHere(user) {
  const store = await openStored(user);
  const account = await store?.meta('account');
  store?.close();
  return account?.registered ? account.deviceId : null;
}

/** Refuses, before anything is sent, what the protocol does not allow. */
export function checkCredentials(user, password) {
  if (!isUserName(user)) throw new UserError('name-invalid');
  const problem = passwordProblem(password, user);
  if (problem) throw new UserError(`password-${problem}`);
}

/**
 * The store of a new account, with all its keys, and the frame that registers it. The account key's
 * seed goes into the vault and is kept nowhere else.
 *
 * @param {{deviceList: DeviceList, inbox: object}} [account.before] where the account begins if the
 *   operator opened its name again (§12.7)
 * @returns {Promise<{store: AccountStore, first: {type: string, fields: object}}>}
 */
export async function beginAccount({ user, password, serverHost, before }) {
  const { authSecret, vaultKey } = await derivePasswordSecrets({ password, serverHost, user });
  const accountSeed = randomBytes(32);
  const accountKey = await signingKeyPairFromSeed(accountSeed);
  const device = await generateSigningKeyPair();
  const deviceId = hex(randomBytes(16));
  const { generation, head: start } = before?.inbox ?? await newInbox(user);
  const deviceList = await firstDeviceList(
    { user, serverHost, accountKey, deviceId, signKey: device.publicKey, start, before });
  const listHash = await deviceListHash(deviceList);
  const prekeys = await createPrekeys(
    device.privateKey, { user, deviceId }, 1, true, stock.oneTimeMax);
  const ownKeys = [{ ...createOwnKey(1), listVersion: deviceList.version }];
  const { vault } = await sealVaults(vaultKey, { serverHost, user }, {
    accountSeed, ownKeys, syncCounter: 0,
    deviceList: { version: deviceList.version, hash: listHash },
  });
  accountSeed.fill(0);
  const meta = {
    account: { user, serverHost, deviceId, deviceList, listHash, generation, registered: false },
    chain: { generation, head: start },
    nextPrekeyId: prekeys.length + 1,
  };
  const store = await AccountStore.create(
    user, { meta, device, prekeys: prekeys.map(({ row }) => row) });
  await store.setMeta('attempt', await store.sealing.seal(ATTEMPT_PLACE, authSecret));
  await putShared(store, {
    ...NOTHING_SHARED, names: { [deviceId]: defaultDeviceName(navigator) }, counter: 0, ownKeys,
    generation,
  });
  const fields = {
    user, authSecret, deviceId, deviceKey: device.publicKey, deviceList,
    prekeys: prekeys.map(({ prekey }) => prekey), vault,
  };
  return { store, first: { type: 'register', fields } };
}

async function newInbox(user) {
  const head = { sequenceNr: 0, hash: await logStart(INBOX, user, FIRST_GENERATION) };
  return { generation: FIRST_GENERATION, head };
}

async function firstDeviceList(first) {
  const { user, serverHost, accountKey, deviceId, signKey, start, before } = first;
  const list = {
    user, serverHost, version: (before?.deviceList.version ?? 0) + 1,
    prevHash: before ? await deviceListHash(before.deviceList) : new Uint8Array(32),
    accountKey: accountKey.publicKey,
    devices: [{
      id: deviceId, signKey, suites: [SUITE_X25519], addedAt: Date.now(), inboxStart: start,
    }],
  };
  return { ...list, signature: await signDeviceList(accountKey.privateKey, list) };
}

/**
 * The frame that finds out what became of an attempt to make the account: with its own secret,
 * whatever is typed now. Only if the server does not know that one, the keys are of no use.
 *
 * @returns {Promise<{first: object|null, isSame: boolean}>} null if nothing was ever sent; whether
 *   the same password is typed again
 */
export async function attemptFrame(store, password) {
  const attempt = await store.meta('attempt');
  if (!attempt) return { first: null, isSame: false };
  const first = await loginFrame(store, password);
  const authSecret = await store.sealing.open(ATTEMPT_PLACE, attempt);
  const isSame = equal(authSecret, first.fields.authSecret);
  return { first: { ...first, fields: { ...first.fields, authSecret } }, isSame };
}

/** The frame that signs a known device in with its password. */
export async function loginFrame(store, password) {
  const { user, serverHost, deviceId } = await store.meta('account');
  const { publicKey } = await store.deviceKey();
  const { authSecret } = await derivePasswordSecrets({ password, serverHost, user });
  return { type: 'login', fields: { user, authSecret, deviceId, deviceKey: publicKey } };
}
