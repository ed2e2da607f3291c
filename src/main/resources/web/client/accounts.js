/**
 * The accounts that this browser holds: one of them is open in this tab, the others wait. Accounts
 * are made here, and browsers become devices of accounts that there are.
 */

import { equal } from '../crypto/bytes.js';
import { isUserName } from '../protocol/fields.js';
import { AccountStore } from '../store/account-store.js';
import {
  currentAccount, forgetAccount, knownAccounts, leaveAccount, rememberAccount,
} from '../store/known-accounts.js';
import {
  attemptFrame, beginAccount, checkCredentials, deviceHere, loginFrame, openStored,
} from './account.js';
import { passwordKey, readCode, recoveryKey } from './link-keys.js';
import { Linking } from './linking.js';
import { OpenAccount } from './open-account.js';
import { isProvenRevocation } from './revocation.js';
import { loadSelf } from './self.js';
import { alarmText, refusalText } from './texts.js';
import { UserError, userErrorOf } from './user-error.js';

/** After these nobody knows whether the server made the account: its keys must be kept. */
const UNKNOWN_OUTCOMES = ['offline', 'server-failed', 'no-answer', 'failed-here'];

export class Accounts {
  #page;
  #account = null;
  #visible = false;

  /**
   * @param {{onEvent: function(object), server: {url: string, host: string},
   *   bundle: string|null}} page
   */
  constructor(page) {
    this.#page = page;
  }

  /** @returns {OpenAccount} the one that this tab shows; throws UserError `signed-out` */
  opened() {
    if (!this.#account) throw new UserError('signed-out');
    return this.#account;
  }

  /**
   * Makes an account. Rejects with UserError, as all of these do.
   *
   * @param {boolean} [account.anew] the person knows that the operator opened the name again
   */
  async create({ user, password, anew = false }) {
    checkCredentials(user, password);
    if (await this.#finishAttempt(user, password)) return;
    try {
      await this.#begin({ user, password });
    } catch (error) {
      if (error.code !== 'account-reopened' || !anew) throw error;
      await this.#begin({ user, password, before: error.values });
    }
  }

  /**
   * A browser that is no device of the account yet becomes one.
   *
   * @param {string} [account.replace] id of the device that goes if there is no room: without it
   *   `devices-full` names those that there are
   */
  async signIn({ user, password, replace }) {
    if (!isUserName(user)) throw new UserError('sign-in-failed');
    const before = await deviceHere(user);
    if (await this.#signInAsDevice(user, password)) return;
    const key = await passwordKey({ user, password, serverHost: this.#page.server.host });
    await this.#link(key, replace, before);
  }

  /** With the recovery code; the account has this password from then on. */
  async recover({ user, code: typed, password, replace }) {
    checkCredentials(user, password);
    const code = await readCode(typed);
    try {
      if (await this.#recoverHere(user, code, password)) return;
      const key = await recoveryKey({ user, code, password, serverHost: this.#page.server.host });
      await this.#link(key, replace);
    } catch (error) {
      throw error.code === 'sign-in-failed' ? new UserError('recovery-failed') : error;
    }
  }

  /** A browser that is signed in stays what it is. @returns {Promise<boolean>} whether it is */
  async #recoverHere(user, code, password) {
    if (this.#account?.user !== user) return false;
    try {
      await this.#account.ask('recoverHere', { code, password });
      return true;
    } catch (error) {
      if (!['offline', 'token-ended'].includes(error.code)) throw error;
      this.close();
      return false;
    }
  }

  /** Goes to another account that this browser holds. */
  async switchTo(user) {
    if (!knownAccounts().includes(user)) throw new UserError('signed-out');
    rememberAccount(user);
    await this.follow();
  }

  /** Goes to where one signs in, and leaves this account signed in. */
  leave() {
    leaveAccount();
    this.close();
    this.#signedOut();
  }

  /** Nothing of the account is left in this browser. */
  async erase() {
    const { user } = this.opened();
    forgetAccount(user);
    this.leave();
    await AccountStore.erase(user);
  }

  setVisible(visible) {
    this.#visible = visible;
    this.#account?.setVisible(visible);
  }

  /** Ends what this tab does for the account; another one goes on with it. */
  close() {
    this.#account?.close();
    this.#account = null;
  }

  /**
   * An attempt to make this account may have ended without an answer: if the server knows it with
   * this browser's keys, it was made.
   *
   * @returns {Promise<boolean>} whether the account exists now
   */
  async #finishAttempt(user, password) {
    const store = await openStored(user);
    if (!store) return false;
    if ((await store.meta('account')).registered) {
      store.close();
      throw new UserError('account-here', { user });
    }
    try {
      const { first, isSame } = await attemptFrame(store, password);
      if (!first) throw new UserError('sign-in-failed');
      await this.#enter(store, first);
      if (!isSame) throw new UserError('made-before');
      return true;
    } catch (error) {
      if (error.code !== 'sign-in-failed') throw error;
      store.close();
      await AccountStore.erase(user);
      return false;
    }
  }

  async #begin({ user, password, before }) {
    const { store, first } = await beginAccount(
      { user, password, before, serverHost: this.#page.server.host })
      .catch(error => { throw userErrorOf(error); });
    try {
      await this.#enter(store, first);
    } catch (error) {
      if (!UNKNOWN_OUTCOMES.includes(error.code)) await AccountStore.erase(user);
      throw error;
    }
  }

  /** @returns {Promise<boolean>} false if this browser is no device of the account, or no more */
  async #signInAsDevice(user, password) {
    const isOpen = this.#account?.user === user;
    const store = isOpen ? this.#account.store : await openStored(user);
    if (!store) return false;
    const { registered } = await store.meta('account');
    const first = registered && await loginFrame(store, password);
    try {
      if (isOpen) await this.#account.ask('signIn', { first });
      else if (registered) await this.#enter(store, first);
      else store.close();
      if (registered) this.#account.ask('learnOwnKeys', { password }).catch(passing);
      return registered;
    } catch (error) {
      if (error.code === 'not-listed') this.close();
      else if (error.code === 'device-revoked') await this.#forgetRevoked(user, error.values);
      else throw error;
      return false;
    }
  }

  /** The person has the password: what this browser was is erased, and it begins anew. */
  async #forgetRevoked(user, { deviceList }) {
    this.close();
    const store = await openStored(user);
    const isProven = await isProvenRevocation(await loadSelf(store), deviceList);
    store.close();
    if (!isProven) throw new UserError('revoked-unproven');
    await AccountStore.erase(user);
  }

  /**
   * One tab after the other: whichever is second finds what the first has made, and with a password
   * goes on with that as it is: a new token would end what the first tab has begun.
   *
   * @param {string|null} [before] the device that this browser was
   */
  async #link(key, replace, before) {
    const { store, alarms, isNew } = await navigator.locks.request(`sotto-link-${key.user}`, async () => {
      const here = await deviceHere(key.user);
      const from = { store: await openStored(key.user), replace };
      if (here && ![here, undefined].includes(before)) return { ...from, alarms: [], isNew: false };
      return new Linking(key, this.#page.server, from).run();
    });
    await this.#enter(store, null, isNew);
    for (const code of alarms) this.#page.onEvent({ type: 'alarm', text: alarmText(code) });
  }

  /**
   * Opens the account's store with a first frame; it stays open only if the server agrees. Without
   * one there is a token, perhaps of a new device.
   */
  async #enter(store, first, isNew = false) {
    this.#account?.close();
    this.#account = await this.#openAccount(store);
    if (isNew) this.#account.tellRenewed();
    try {
      if (first) await this.#account.ask('signIn', { first });
    } catch (error) {
      // Another server key is for the person to decide: the account stays open for that.
      if (error.code === 'server-changed') rememberAccount(store.user);
      else this.close();
      throw error;
    }
    rememberAccount(store.user);
    await this.#show();
    const persisted = await navigator.storage.persist();
    this.#page.onEvent({ type: 'persistence', persisted });
  }

  async openCurrent() {
    const user = currentAccount();
    if (!user) return this.#signedOut();
    const store = await AccountStore.open(user);
    if (!store) {
      forgetAccount(user);
      const text = refusalText('storage-wiped', { user });
      return this.#page.onEvent({ type: 'account', phase: 'storage-wiped', user, text });
    }
    this.#account = await this.#openAccount(store);
    return this.#show();
  }

  #openAccount(store) {
    const onEvent = event => {
      if (event.type === 'account' && event.phase === 'revoked') this.#revoked(event);
      else if (event.type === 'renewed') this.#renewed(event).catch(passing);
      else this.#page.onEvent(event);
    };
    return OpenAccount.open(store, { ...this.#page, onEvent });
  }

  async #show() {
    this.#account.setVisible(this.#visible);
    await this.#account.show();
  }

  /** Another tab has made this browser a device anew: this one may still be that of before. */
  async #renewed({ listHash }) {
    if (!this.#account || equal(this.#account.self.listHash, listHash)) return;
    this.close();
    await this.openCurrent();
  }

  /** Goes where another tab went, or a method of this. */
  async follow() {
    if (currentAccount() === (this.#account?.user ?? null)) return;
    this.close();
    await this.openCurrent();
  }

  /** This browser was removed from the account on another device. */
  async #revoked(event) {
    if (this.#account?.user === event.user) this.close();
    forgetAccount(event.user);
    await AccountStore.erase(event.user);
    this.#page.onEvent({ ...event, users: knownAccounts() });
  }

  #signedOut() {
    this.#page.onEvent({ type: 'account', phase: 'signed-out', users: knownAccounts() });
  }
}

/** What could not be done now is done at another time. */
function passing(error) {
  if (!(error instanceof UserError)) throw error;
}
