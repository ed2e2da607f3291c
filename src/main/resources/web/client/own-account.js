/**
 * How the own account stands, as the server pushes it (docs/protocol.md §12.4): which devices it
 * has, and what waits to be decided. The server's word is taken only as far as the account key, or
 * a device that was known, signed for it.
 */

import { equal } from '../crypto/bytes.js';
import { signingKeyPairFromSeed } from '../crypto/ed25519.js';
import { Refused } from '../crypto/refused.js';
import { checkAccountChange, checkDeviceList, deviceOf } from '../crypto/statements.js';
import { RequestRefused } from '../protocol/connection.js';
import { Conflict, settle } from '../store/database.js';
import { CONTACT_STORES, contactOf, putContact } from './contacts.js';
import { adoptList } from './self.js';
import { ownDevicesText } from './texts.js';
import { Turn } from './turn.js';

export class OwnAccount {
  #store;
  #self;
  #news;
  #emit;
  #request;
  #sync;
  #onList;
  #turn = new Turn();
  #state = null;
  /** The newest list of which the pages know. */
  #told;
  #isDoubted = false;
  /** The password was typed: the vault that it opens may show that a list is no alarm. */
  #isVaultAwaited = false;
  #judged = Promise.resolve();
  #onJudged = () => {};

  /**
   * @param {{sync: Sync, emit: function(object)}} parts
   * @param {function(string, object): Promise<object>} request
   * @param {function()} onList the own list is another one now
   */
  constructor({ store, self, news, sync, emit }, request, onList) {
    this.#store = store;
    this.#self = self;
    this.#news = news;
    this.#sync = sync;
    this.#emit = emit;
    this.#request = request;
    this.#onList = onList;
    this.#told = self.deviceList;
  }

  /** The server shows devices that are not this user's, or fewer: nothing is sent any more. */
  get isDoubted() {
    return this.#isDoubted;
  }

  /** {vaultVersion, hasRecovery, reset?, …} as the server last said; null before it did. */
  get state() {
    return this.#state;
  }

  /**
   * @param {object} frame the push `account`
   * @param {number} generation of the inbox
   */
  async push(frame, generation) {
    const isTaken = await this.#inTurn(frame.deviceList, generation);
    this.#isDoubted = !isTaken;
    this.#onJudged();
    this.#state = frame;
    const mayBeNamed = this.#isVaultAwaited && this.#hasOtherKey(frame.deviceList);
    if (!isTaken && !mayBeNamed) this.#news.alarm('own-devices');
    await this.#tellState();
    await this.#sync.heard(generation, frame.syncCounter);
  }

  /** Before a sign-in with the password. */
  awaitVault() {
    this.#isVaultAwaited = true;
    this.#judged = new Promise(resolve => { this.#onJudged = resolve; });
  }

  /** Resolves when the list that the server shows after a sign-in was looked at. */
  judged() {
    return this.#judged;
  }

  /** The vault was opened, or will not be now. */
  vaultSeen() {
    if (this.#isVaultAwaited && this.#isDoubted) this.#news.alarm('own-devices');
    this.#isVaultAwaited = false;
    this.#onJudged();
  }

  #hasOtherKey({ accountKey }) {
    return !equal(accountKey, this.#self.deviceList.accountKey);
  }

  /**
   * Takes a list that came another way than pushed.
   *
   * @returns {Promise<boolean>} whether it is one that this user's devices signed
   */
  adopt(list) {
    return this.#inTurn(list, this.#self.generation);
  }

  /**
   * Takes a list that this device cannot follow, because it missed who announced its account key:
   * whoever sealed the vault, which names it, had the password.
   *
   * @param {Vault} vault as it opened
   * @returns {Promise<boolean>} whether the vault names it
   */
  adoptNamed(list, { accountSeed, deviceList: { version, hash } }) {
    return this.#turn.take(async () => {
      const { publicKey: accountKey } = await signingKeyPairFromSeed(accountSeed);
      const isNewer = list.version > this.#self.deviceList.version;
      if (!isNewer || !equal(list.accountKey, accountKey)) return false;
      try {
        const seen = await checkDeviceList(list,
          { ...this.#owner(), pin: { accountKey, version, hash } });
        if (seen.version !== version) return false;
        await this.#take(list, seen);
      } catch (error) {
        if (error instanceof Refused) return false;
        throw error;
      }
      this.#isDoubted = false;
      await this.#tellList();
      return true;
    });
  }

  /** One list after the other: each is measured by the one before. */
  #inTurn(list, generation) {
    return this.#turn.take(() => this.#follow(list, generation));
  }

  /** Names of devices have changed. */
  async tellNames() {
    if (this.#state) await this.#tellState();
  }

  async #tellState() {
    const state = this.#state;
    const { hasRecovery, reset } = state;
    const event = { type: 'account-state', recovery: hasRecovery, reset: null };
    if (reset) {
      const { [reset.device]: name = '' } = await this.#sync.names();
      const isThis = reset.device === this.#self.deviceId;
      event.reset = { device: reset.device, name, allowedAt: reset.allowedAt, isThis };
    }
    // Meanwhile the server may have said something newer.
    if (this.#state === state) this.#emit(event);
  }

  /** @returns {Promise<boolean>} whether the list is one that this user's devices signed */
  async #follow(list, generation) {
    const { deviceList: known, listHash } = this.#self;
    try {
      const isSameKey = equal(list.accountKey, known.accountKey);
      if (!isSameKey) return await this.#followNewKey(list);
      const wasRestored = generation > this.#self.generation;
      const isLedBack = list.version < known.version && wasRestored;
      if (isLedBack) return await this.#putBack();
      const pin = { accountKey: known.accountKey, version: known.version, hash: listHash };
      const seen = await checkDeviceList(list, { ...this.#owner(), pin });
      if (seen.version > known.version) await this.#take(list, seen);
      await this.#confirm(generation);
      await this.#tellList();
      return true;
    } catch (error) {
      if (error instanceof Refused) return false;
      throw error;
    }
  }

  /** Only a device of the list before can have given the account another key. */
  async #followNewKey(list) {
    const { deviceList: known, user, serverHost } = this.#self;
    const { keyChange, accountKey: to } = list;
    if (!keyChange) throw new Refused('account-key', 'nobody announced the new account key');
    const announcer = deviceOf(known, keyChange.device);
    const seen = await checkDeviceList(list, { ...this.#owner(), pin: null });
    const change = { serverHost, user, from: known.accountKey, to };
    await checkAccountChange(announcer.signKey, change, keyChange.signature);
    await this.#take(list, seen);
    await this.#tellList();
    return true;
  }

  async #take(list, pin) {
    const { user, deviceId } = this.#self;
    // Without this device it is no list to go on with: the server ends the connection.
    if (!list.devices.some(({ id }) => id === deviceId)) return;
    for (;;) {
      const contact = await contactOf(this.#store, user);
      try {
        await this.#store.write(CONTACT_STORES,
          stores => putContact(stores, this.#self, contact, { user, pin, list, behind: false }));
        break;
      } catch (error) {
        if (!(error instanceof Conflict)) throw error;
      }
    }
    adoptList(this.#self, { list, pin });
  }

  /** Whatever way it came here. */
  async #tellList() {
    const [before, { deviceList, deviceId }] = [this.#told, this.#self];
    if (before.version === deviceList.version) return;
    this.#told = deviceList;
    const text = ownDevicesText(before, deviceList, await this.#sync.names(), deviceId);
    if (text) this.#emit({ type: 'devices-changed', text });
    this.#onList();
  }

  /** The server has this list, in this generation of the inbox. */
  async #confirm(generation) {
    if (this.#self.generation === generation) return;
    await this.#store.write(['meta'], async ({ meta }) => {
      const account = await settle(meta.get('account'));
      meta.put({ ...account, generation }, 'account');
    });
    this.#self.generation = generation;
  }

  /** The server was restored from a copy that is older than the list (§12.3 a). */
  async #putBack() {
    this.#isDoubted = false;
    try {
      await this.#request('account-change', { deviceList: this.#self.deviceList });
    } catch (error) {
      // Another device was quicker, and its list is pushed.
      if (!(error instanceof RequestRefused)) throw error;
    }
    return true;
  }

  #owner() {
    const { user, serverHost } = this.#self;
    return { user, serverHost };
  }
}
