/**
 * The engine of the page: accounts, conversations and messages of this browser, behind one object
 * that works alike in every tab. It knows nothing of the page, which gets events and calls methods.
 */

import { StorageRefused } from '../store/account-store.js';
import { CURRENT } from '../store/known-accounts.js';
import { Accounts } from './accounts.js';
import { ConversationMethods } from './conversation-methods.js';
import { checkStorage, unsupportedReason } from './support.js';
import { refusalText } from './texts.js';

/**
 * Opens the engine and tells the page, by events, where it stands.
 *
 * @param {{onEvent: function(object), location: Location, bundle: string|null}} page `bundle` names
 *   the version of the page; null if it is not known
 * @returns {Promise<Engine>}
 */
export async function openEngine(page) {
  const engine = new Engine(page);
  await engine.begin();
  return engine;
}

class Engine extends ConversationMethods {
  #onEvent;
  #accounts;
  #closed = new AbortController();

  constructor({ onEvent, location, bundle }) {
    super(() => this.#accounts.opened());
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const server = {
      url: `${scheme}://${location.host}/ws`, host: location.hostname,
      origin: `${location.protocol}//${location.host}`,
    };
    this.#onEvent = onEvent;
    this.#accounts = new Accounts({ onEvent, server, bundle });
  }

  async begin() {
    this.#phase('loading');
    const reason = await unsupportedReason();
    if (reason) return this.#phase('unsupported', reason);
    try {
      await checkStorage();
      await this.#accounts.openCurrent();
    } catch (error) {
      if (!(error instanceof StorageRefused)) throw error;
      return this.#phase('storage-refused', 'storage-refused');
    }
    // Another tab has signed somebody in or out.
    const { signal } = this.#closed;
    addEventListener('storage', ({ key }) => {
      if (key === CURRENT) this.#accounts.follow();
    }, { signal });
    return undefined;
  }

  /**
   * Rejects with UserError, as all of these do.
   *
   * @param {{user: string, password: string, anew?: boolean}} account `anew` after
   *   `account-reopened`: the person knows what it means
   */
  createAccount(account) {
    return this.#accounts.create(account);
  }

  /**
   * A browser that is no device of the account yet becomes one.
   *
   * @param {{user: string, password: string, replace?: string}} account `replace` after
   *   `devices-full`: the id of the device that goes
   */
  signIn(account) {
    return this.#accounts.signIn(account);
  }

  /** @param {{user: string, code: string, password: string, replace?: string}} account */
  recover(account) {
    return this.#accounts.recover(account);
  }

  switchAccount(user) {
    return this.#accounts.switchTo(user);
  }

  /** Goes to where one signs in, and leaves this account as it is. */
  async addAccount() {
    this.#accounts.leave();
  }

  /** Keeps keys and history: signing in again here is the same device. */
  async signOut() {
    await this.#accounts.opened().ask('signOut');
    this.#accounts.leave();
  }

  /** Erases keys and history of this account from this browser, which stays a device of it. */
  async eraseBrowser() {
    await this.#accounts.opened().ask('signOut');
    await this.#accounts.erase();
  }

  /** Takes this browser from the account, and erases it. */
  async removeThisBrowser(password) {
    await this.#accounts.opened().ask('removeThisDevice', { password });
    await this.#accounts.erase();
  }

  /** Erases the account at the server, and here; the other devices find out. */
  async deleteAccount(password) {
    await this.#accounts.opened().ask('deleteAccount', { password });
    await this.#accounts.erase();
  }

  setVisible(visible) {
    this.#accounts.setVisible(visible);
  }

  /** Ends what this engine does; another tab goes on with it. */
  close() {
    this.#closed.abort();
    this.#accounts.close();
  }

  #phase(phase, code) {
    const event = { type: 'account', phase };
    this.#onEvent(code ? { ...event, text: refusalText(code) } : event);
  }
}
