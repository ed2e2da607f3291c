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
import { ownListHash } from '../store/own-list.js';
import { nextDeviceList } from './device-lists.js';
import { tellSiblings } from './own-messages.js';
import {
  CLOSED_STORES, PENDING_KEY, addClosed, mayWrite, sealOwnKeys, sharedRow,
} from './shared.js';
import { UserError } from './user-error.js';
import {
  accountKeyIn, listsAfter, openWithCode, openWithPassword, sealVaults, withKnownKeys,
  withNewOwnKey,
} from './vaults.js';

const ATTEMPTS_MAX = 5;

const OWN_KEY_STORES = ['ownKeys', 'outbox', ...CLOSED_STORES];
const PENDING_PLACE = [PENDING_KEY];
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
  #owner;

  /**
   * @param {{ownAccount: OwnAccount}} parts
   * @param {function(string, object): Promise<object>} request
   * @param {{onOwnKey: function(): Promise, archiveEnd: function(): ArchivePlace|null}} owner
   *   there is a new own key, which siblings are told; up to where the archive was read here
   */
  constructor({ store, self, ownAccount }, request, owner) {
    this.#store = store;
    this.#self = self;
    this.#ownAccount = ownAccount;
    this.#request = request;
    this.#owner = owner;
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

  /** The vault has what never came here, or is gone by now: own keys, and who gave them. */
  async learnOwnKeys(password) {
    try {
      await this.#ownAccount.judged();
      if (!this.#ownAccount.isDoubted && await mayWrite(this.#store)) return;
      const { authSecret, vaultKey } = await this.#secrets(password);
      await this.#open({ authSecret }, vault => openWithPassword(vaultKey, this.#self, vault));
    } finally {
      this.#ownAccount.vaultSeen();
    }
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
    const { vaultVersion, deviceList: shown } = this.#ownAccount.state ?? {};
    if (!shown) throw new UserError('offline');
    const current = { list: this.#self.deviceList, hash: this.#self.listHash };
    // The new account key vouches for the list that it signs: only one that this device knows.
    const isKnown = !this.#ownAccount.isDoubted && equal(await deviceListHash(shown), current.hash);
    if (!isKnown) throw new UserError('own-list-refused');
    const { counter } = await this.#store.read(['meta'], sharedRow);
    const content = {
      accountSeed: null, ownKeys: withKnownKeys([], await loadOwnKeys(this.#store)),
      syncCounter: counter, deviceList: { version: current.list.version, hash: current.hash },
    };
    await this.#put(
      { content, current, vaultVersion }, { newAccountKey: true, newPassword }, secrets, {});
  }

  /**
   * What became of a change whose answer was lost, now that the server shows its list.
   *
   * @param {{version: number, hash: Uint8Array}} current of the list that the server has
   */
  async settle({ version, hash }) {
    const pending = await this.#store.meta(PENDING_KEY);
    if (!pending) return;
    const { listVersion, listHash } = pending;
    // One that was taken may have another one on top of it by now.
    const wasTaken = equal(listHash, hash) || await this.#wasOwnList(listVersion, listHash);
    if (wasTaken) await this.#adoptPending(pending);
    else if (listVersion <= version) await this.#dropPending();
  }

  async #wasOwnList(version, hash) {
    const known = await ownListHash(this.#store, version);
    return Boolean(known) && equal(known, hash);
  }

  #secrets(password) {
    const { user, serverHost } = this.#self;
    return derivePasswordSecrets({ password, serverHost, user });
  }

  async #open(proof, open) {
    await this.#ownAccount.judged();
    const { vault, vaultVersion, deviceList: list } = await this.#request('vault', proof);
    const isOurs = await this.#ownAccount.adopt(list);
    const opened = await open(vault);
    if (!isOurs && !await this.#ownAccount.adoptNamed(list, opened)) {
      throw new UserError('own-list-refused');
    }
    const current = { list, hash: await deviceListHash(list) };
    const accountKey = await accountKeyIn(opened, current, this.#self.generation);
    const ownKeys = withKnownKeys(
      opened.ownKeys, await loadOwnKeys(this.#store), listsAfter(opened, current));
    await this.#keepOwnKeys(ownKeys);
    return { content: { ...opened, ownKeys }, current, vaultVersion, accountKey };
  }

  /** An own key may not have arrived here yet. */
  async #keepOwnKeys(ownKeys) {
    const rows = await sealOwnKeys(this.#store, ownKeys);
    await this.#store.write(['ownKeys'], stores => putVaultKeys(stores, rows));
  }

  async #put(opened, change, { authSecret, vaultKey }, proof) {
    const { content, current, vaultVersion } = opened;
    const next = await this.#nextList(opened, change);
    const { list, hash } = next ?? current;
    // A vault that is older than the list may lack the key that was made for it.
    const isKeyNew = next !== null || listsAfter(content, current) > 0;
    const ownKeys = isKeyNew ? await this.#nextOwnKeys(content, change, list.version)
      : content.ownKeys;
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
    if (next) {
      await this.#ownAccount.adopt(list);
      await this.settle({ version: list.version, hash });
    } else if (isKeyNew) {
      await this.#adoptOwnKey(ownKeys.at(-1), {});
    }
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
  async #nextOwnKeys({ ownKeys }, { remove }, listVersion) {
    const { id, listVersion: announcedFor } = await this.#store.meta(ANNOUNCED) ?? {};
    const isAnnounced = id === ownKeys.at(-1).id && announcedFor === listVersion;
    const isFarewell = remove === this.#self.deviceId;
    return isAnnounced && isFarewell ? ownKeys : withNewOwnKey(ownKeys, listVersion);
  }

  async #announceFirst() {
    const pending = await this.#store.meta(PENDING_KEY);
    const { id } = await this.#store.sealing.open(PENDING_PLACE, pending.sealed);
    await this.#store.setMeta(ANNOUNCED, { id, listVersion: pending.listVersion });
    await this.#adoptPending(pending);
  }

  /**
   * The server may take the change and its answer be lost: the new own key is stored first, and
   * where the archive ends. Once the server knows who goes, it may show what that device makes up.
   */
  async #keepPending(ownKey, { list: { version: listVersion }, hash: listHash }) {
    const sealed = await this.#store.sealing.seal(PENDING_PLACE, ownKey);
    const end = this.#owner.archiveEnd();
    await this.#store.setMeta(PENDING_KEY, { sealed, listVersion, listHash, end });
  }

  async #adoptPending({ sealed, listVersion, end }) {
    const { id, key } = await this.#store.sealing.open(PENDING_PLACE, sealed);
    await this.#adoptOwnKey({ id, key, listVersion }, { isPending: true, end });
  }

  async #adoptOwnKey(ownKey, { isPending = false, end = null }) {
    const row = await sealOwnKey(this.#store, ownKey);
    const isNew = await this.#store.write(OWN_KEY_STORES, async stores => {
      if (isPending && !await settle(stores.meta.get(PENDING_KEY))) return false;
      stores.meta.delete(PENDING_KEY);
      await putOwnKey(stores, row);
      if (end) await addClosed(stores, [{ keyId: ownKey.id, nr: end.nr, hash: end.hash }]);
      tellSiblings(stores, this.#self.user, 'own-key', { id: ownKey.id });
      return true;
    });
    if (isNew) await this.#owner.onOwnKey();
  }

  #dropPending() {
    return this.#store.write(['meta'], ({ meta }) => { meta.delete(PENDING_KEY); });
  }
}
