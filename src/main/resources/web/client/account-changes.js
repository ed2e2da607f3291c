/**
 * Changes of the account under its password, or under a reset (docs/protocol.md §12.3). The vault
 * is open for one of them, and forgotten after it.
 */

import { equal, randomBytes } from '../crypto/bytes.js';
import { signingKeyPairFromSeed } from '../crypto/ed25519.js';
import { derivePasswordSecrets } from '../crypto/password.js';
import { recoverySecret } from '../crypto/recovery-code.js';
import { deviceListHash } from '../crypto/statements.js';
import { RequestRefused } from '../protocol/connection.js';
import { settle } from '../store/database.js';
import { loadOwnKeys, putOwnKey, putVaultKeys, sealOwnKey } from '../store/own-keys.js';
import { nextDeviceList } from './device-lists.js';
import { tellSiblings } from './own-messages.js';
import { sealOwnKeys, sharedRow } from './shared.js';
import { UserError } from './user-error.js';
import {
  accountKeyIn, openWithCode, openWithPassword, sealVaults, withNewOwnKey,
} from './vaults.js';

const ATTEMPTS_MAX = 5;

const PENDING = 'pendingOwnKey';
const PENDING_PLACE = [PENDING];
const ANNOUNCED = 'announcedOwnKey';

/**
 * @typedef {object} Change
 * @property {string} [remove] id of a device that goes
 * @property {boolean} [newAccountKey]
 * @property {string} [newPassword]
 * @property {Uint8Array|null} [recoveryCode] a new one; null takes the present one away
 */

export class AccountChanges {
  #store;
  #self;
  #ownAccount;
  #request;
  #onOwnKey;

  /**
   * @param {{ownAccount: OwnAccount}} parts
   * @param {function(string, object): Promise<object>} request
   * @param {function(): Promise} onOwnKey there is a new own key, which siblings are told
   */
  constructor({ store, self, ownAccount }, request, onOwnKey) {
    this.#store = store;
    this.#self = self;
    this.#ownAccount = ownAccount;
    this.#request = request;
    this.#onOwnKey = onOwnKey;
  }

  /**
   * @param {Change} change
   * @returns {Promise<void>} rejects as `request` does, or with UserError
   */
  async run(password, change) {
    const { authSecret, vaultKey } = await this.#secrets(password);
    const open = vault => openWithPassword(vaultKey, this.#self, vault);
    const secrets = change.newPassword ? await this.#secrets(change.newPassword)
      : { authSecret, vaultKey };
    await this.#prove({ authSecret }, open, change, secrets);
  }

  /** An account that was made before there were own keys has them in its vault only. */
  async learnOwnKeys(password) {
    if ((await loadOwnKeys(this.#store)).length > 0) return;
    const { authSecret, vaultKey } = await this.#secrets(password);
    await this.#open({ authSecret }, vault => openWithPassword(vaultKey, this.#self, vault));
  }

  /** A new password, by the recovery code. */
  async recover(code, newPassword) {
    const proof = { recoverySecret: await recoverySecret(code) };
    const open = vault => openWithCode(code, this.#self, vault);
    await this.#prove(proof, open, { newPassword }, await this.#secrets(newPassword));
  }

  async #prove(proof, open, change, secrets) {
    for (let attempt = 1; ; attempt++) {
      const opened = await this.#open(proof, open);
      try {
        return await this.#put(opened, change, secrets, proof);
      } catch (error) {
        const isStale = error instanceof RequestRefused && error.code === 'stale';
        if (!isStale || attempt === ATTEMPTS_MAX) throw error;
      }
    }
  }

  /** Without the old password, after the wait (§12.3 b): all but the own keys is made anew. */
  async reset(newPassword) {
    const secrets = await this.#secrets(newPassword);
    const { vaultVersion, deviceList: list } = this.#ownAccount.state ?? {};
    if (!list) throw new UserError('offline');
    const ownKeys = await loadOwnKeys(this.#store);
    const { counter } = await this.#store.read(['meta'], sharedRow);
    const content = {
      accountSeed: null, ownKeys: ownKeys.map(({ id, key }) => ({ id, key })), syncCounter: counter,
    };
    const current = { list, hash: await deviceListHash(list) };
    await this.#put(
      { content, current, vaultVersion }, { newAccountKey: true, newPassword }, secrets, {});
  }

  /**
   * What became of a change whose answer was lost, now that the server shows its list.
   *
   * @param {{version: number, hash: Uint8Array}} current of the list that the server has
   */
  async settle({ version, hash }) {
    const pending = await this.#store.meta(PENDING);
    if (!pending) return;
    if (equal(pending.listHash, hash)) await this.#adoptPending(pending);
    else if (pending.listVersion <= version) await this.#dropPending();
  }

  #secrets(password) {
    const { user, serverHost } = this.#self;
    return derivePasswordSecrets({ password, serverHost, user });
  }

  async #open(proof, open) {
    const { vault, vaultVersion, deviceList: list } = await this.#request('vault', proof);
    if (!await this.#ownAccount.adopt(list)) throw new UserError('own-list-refused');
    const content = await open(vault);
    const current = { list, hash: await deviceListHash(list) };
    const accountKey = await accountKeyIn(content, current, this.#self.generation);
    await this.#learnOwnKeys(content);
    return { content, current, vaultVersion, accountKey };
  }

  /** An own key may not have arrived here yet. */
  async #learnOwnKeys({ ownKeys, deviceList: { version: listVersion } }) {
    const rows = await sealOwnKeys(this.#store, { ownKeys, listVersion });
    await this.#store.write(['ownKeys'], stores => putVaultKeys(stores, rows));
  }

  async #put(opened, change, { authSecret, vaultKey }, proof) {
    const { content, current, vaultVersion } = opened;
    const next = await this.#nextList(opened, change);
    const ownKeys = next ? await this.#nextOwnKeys(content, change) : content.ownKeys;
    const { list, hash } = next ?? current;
    const { recoveryCode = content.recoveryCode } = change;
    const { syncCounter } = content;
    const { counter } = await this.#store.read(['meta'], sharedRow);
    const vaults = await sealVaults(vaultKey, this.#self, {
      accountSeed: next?.accountSeed ?? content.accountSeed, ownKeys,
      ...recoveryCode && { recoveryCode }, syncCounter: Math.max(syncCounter, counter),
      deviceList: { version: list.version, hash },
    });
    if (next) await this.#keepPending(ownKeys.at(-1), next);
    // A device that is gone tells its siblings nothing any more.
    if (change.remove === this.#self.deviceId) await this.#announceFirst();
    await this.#request('account-change', {
      ...proof, ...vaults, vaultVersion: vaultVersion + 1,
      ...next && { deviceList: list },
      ...change.newPassword && { newAuthSecret: authSecret },
      ...change.recoveryCode && { newRecoverySecret: await recoverySecret(change.recoveryCode) },
    });
    if (!next) return;
    await this.#ownAccount.adopt(list);
    await this.settle({ version: list.version, hash });
  }

  /** @returns {Promise<object|null>} the next list, and its account seed if that is a new one */
  async #nextList({ current, accountKey }, { remove, newAccountKey }) {
    if (!remove && !newAccountKey) return null;
    const devices = current.list.devices.filter(({ id }) => id !== remove);
    if (devices.length === 0) throw new UserError('last-device');
    if (!newAccountKey) return nextDeviceList(current, accountKey, devices);
    const accountSeed = randomBytes(32);
    const newKey = await signingKeyPairFromSeed(accountSeed);
    return { ...await nextDeviceList(current, newKey, devices, this.#self), accountSeed };
  }

  /**
   * A new own key at the end. One that this device announced before a farewell that then failed is
   * known to all siblings: another one of these may be what goes now.
   */
  async #nextOwnKeys({ ownKeys }, { remove }) {
    const sealed = await this.#store.meta(ANNOUNCED);
    const announced = sealed && await this.#store.sealing.open(PENDING_PLACE, sealed);
    if (announced?.id !== ownKeys.length + 1) return withNewOwnKey(ownKeys);
    const known = [...ownKeys, announced];
    return remove === this.#self.deviceId ? known : withNewOwnKey(known);
  }

  async #announceFirst() {
    const pending = await this.#store.meta(PENDING);
    await this.#store.setMeta(ANNOUNCED, pending.sealed);
    await this.#adoptPending(pending);
  }

  /** The server may take the change and its answer be lost: the new own key is stored first. */
  async #keepPending(ownKey, { list: { version: listVersion }, hash: listHash }) {
    const sealed = await this.#store.sealing.seal(PENDING_PLACE, ownKey);
    await this.#store.setMeta(PENDING, { sealed, listVersion, listHash });
  }

  async #adoptPending({ sealed, listVersion }) {
    const { id, key } = await this.#store.sealing.open(PENDING_PLACE, sealed);
    const row = await sealOwnKey(this.#store, { id, key, listVersion });
    const isNew = await this.#store.write(['meta', 'ownKeys', 'outbox'], async stores => {
      if (!await settle(stores.meta.get(PENDING))) return false;
      stores.meta.delete(PENDING);
      await putOwnKey(stores, row);
      tellSiblings(stores, this.#self.user, 'own-key', { id });
      return true;
    });
    if (isNew) await this.#onOwnKey();
  }

  #dropPending() {
    return this.#store.write(['meta'], ({ meta }) => { meta.delete(PENDING); });
  }
}
