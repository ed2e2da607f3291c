/**
 * The engine of the page: accounts, conversations and messages of this browser, behind one object
 * that works alike in every tab. It knows nothing of the page, which gets events and calls methods.
 */

import { utf8 } from '../crypto/bytes.js';
import { qrMatrix } from '../crypto/qr.js';
import { safetyNumber } from '../crypto/safety-number.js';
import { isUserName } from '../protocol/fields.js';
import { AccountStore, StorageRefused } from '../store/account-store.js';
import {
  CURRENT, currentAccount, forgetAccount, knownAccounts, leaveAccount, rememberAccount,
} from '../store/known-accounts.js';
import {
  askAsStranger, attemptFrame, beginAccount, checkCredentials, loginFrame,
} from './account.js';
import { contactOf } from './contacts.js';
import { GroupMethods } from './group-methods.js';
import { OpenAccount } from './open-account.js';
import { checkStorage, unsupportedReason } from './support.js';
import { refusalText } from './texts.js';
import { UserError, userErrorOf } from './user-error.js';
import { makeWitness } from './witness.js';

/** After these nobody knows whether the server made the account: its keys must be kept. */
const UNKNOWN_OUTCOMES = ['offline', 'server-failed', 'no-answer', 'failed-here'];

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

class Engine extends GroupMethods {
  #page;
  #host;
  #account = null;
  #visible = false;
  #closed = new AbortController();

  constructor({ onEvent, location, bundle }) {
    super((command, args) => this.#opened().ask(command, args));
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    this.#host = location.hostname;
    const server = { url: `${scheme}://${location.host}/ws`, host: this.#host };
    this.#page = { onEvent, server, bundle };
  }

  async begin() {
    this.#phase('loading');
    const reason = await unsupportedReason();
    if (reason) return this.#phase('unsupported', reason);
    try {
      await checkStorage();
      await this.#openCurrent();
    } catch (error) {
      if (!(error instanceof StorageRefused)) throw error;
      return this.#phase('storage-refused', 'storage-refused');
    }
    // Another tab has signed somebody in or out.
    const { signal } = this.#closed;
    addEventListener('storage', ({ key }) => { if (key === CURRENT) this.#follow(); }, { signal });
    return undefined;
  }

  /** Rejects with UserError, as all of these do. */
  async createAccount({ user, password }) {
    checkCredentials(user, password);
    if (await this.#finishAttempt(user, password)) return;
    const { store, first } = await beginAccount({ user, password, serverHost: this.#host })
      .catch(error => { throw userErrorOf(error); });
    try {
      await this.#enter(store, first);
    } catch (error) {
      if (!UNKNOWN_OUTCOMES.includes(error.code)) await AccountStore.erase(user);
      throw error;
    }
  }

  async signIn({ user, password }) {
    if (!isUserName(user)) throw new UserError('sign-in-failed');
    if (this.#account?.user === user) {
      await this.#account.ask('signIn', { first: await loginFrame(this.#account.store, password) });
      return;
    }
    const store = await this.#stored(user);
    if (!store) await askAsStranger({ user, password }, this.#page.server);
    await this.#enter(store, await loginFrame(store, password));
  }

  /** Keeps keys and history: signing in again here is the same device. */
  async signOut() {
    await this.#opened().ask('signOut');
    leaveAccount();
    this.#leave();
  }

  /** Erases keys and history of this account from this browser. */
  async eraseBrowser() {
    const { user } = this.#opened();
    await this.#account.ask('signOut');
    forgetAccount(user);
    this.#leave();
    await AccountStore.erase(user);
  }

  async startConversation(user) {
    const account = this.#opened();
    if (!isUserName(user)) throw new UserError('name-invalid');
    if (user === account.user) throw new UserError('yourself');
    if (!await contactOf(account.store, user)) await account.ask('lookUp', { user });
    return account.conversations.open(user);
  }

  async sendText(conversation, text) {
    const id = await this.#opened().conversations.send(conversation, text);
    this.#account.kick();
    return id;
  }

  async retry(messageId) {
    await this.#opened().conversations.retry(messageId);
    this.#account.kick();
  }

  deleteUnsent(messageId) {
    return this.#opened().conversations.deleteUnsent(messageId);
  }

  async repair(conversation, messageId) {
    await this.#opened().conversations.repair(conversation, messageId);
    this.#account.kick();
  }

  loadMessages(conversation, page) {
    return this.#opened().conversations.load(conversation, page);
  }

  saveDraft(conversation, text) {
    return this.#opened().conversations.saveDraft(conversation, text);
  }

  async markRead(conversation, ordinal) {
    if (await this.#opened().conversations.markRead(conversation, ordinal)) this.#account.kick();
  }

  async safetyNumber(user) {
    const { store, self, contacts } = this.#opened();
    const contact = await contactOf(store, user);
    if (!contact) throw new UserError('unknown-user', { user });
    contacts.shown(user, contact.pin.accountKey);
    const { digits, qrText } = await safetyNumber(self.serverHost,
      { user: self.user, accountKey: self.deviceList.accountKey },
      { user, accountKey: contact.pin.accountKey });
    return { digits, qr: qrMatrix(utf8(qrText)), verified: contact.verified };
  }

  markVerified(user, verified) {
    return this.#opened().contacts.markVerified(user, verified);
  }

  async acceptNewKey(user) {
    await this.#opened().acceptNewKey(user);
    this.#account.kick();
  }

  /** What the server recorded about this browser, signed, and as a file to save. */
  async witness() {
    const { store, self } = this.#opened();
    return makeWitness(store, self);
  }

  setVisible(visible) {
    this.#visible = visible;
    this.#account?.setVisible(visible);
  }

  /** Ends what this engine does; another tab goes on with it. */
  close() {
    this.#closed.abort();
    this.#close();
  }

  /**
   * An attempt to make this account may have ended without an answer: if the server knows it with
   * this browser's keys, it was made.
   *
   * @returns {Promise<boolean>} whether the account exists now
   */
  async #finishAttempt(user, password) {
    const store = await this.#stored(user);
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

  /** Opens the account's store with a first frame; it stays open only if the server agrees. */
  async #enter(store, first) {
    this.#account?.close();
    this.#account = await OpenAccount.open(store, this.#page);
    try {
      await this.#account.ask('signIn', { first });
    } catch (error) {
      // Another server key is for the person to decide: the account stays open for that.
      if (error.code === 'server-changed') rememberAccount(store.user);
      else this.#close();
      throw error;
    }
    rememberAccount(store.user);
    await this.#show();
    const persisted = await navigator.storage.persist();
    this.#page.onEvent({ type: 'persistence', persisted });
  }

  async #openCurrent() {
    const user = currentAccount();
    if (!user) return this.#signedOut();
    const store = await AccountStore.open(user);
    if (!store) {
      forgetAccount(user);
      return this.#phase('storage-wiped', 'storage-wiped', { user });
    }
    this.#account = await OpenAccount.open(store, this.#page);
    return this.#show();
  }

  async #show() {
    this.#account.setVisible(this.#visible);
    await this.#account.show();
  }

  /** Goes where another tab went. */
  async #follow() {
    if (currentAccount() === (this.#account?.user ?? null)) return;
    this.#close();
    await this.#openCurrent();
  }

  #leave() {
    this.#close();
    this.#signedOut();
  }

  #close() {
    this.#account?.close();
    this.#account = null;
  }

  #opened() {
    if (!this.#account) throw new UserError('signed-out');
    return this.#account;
  }

  #stored(user) {
    return AccountStore.open(user).catch(error => { throw userErrorOf(error); });
  }

  #signedOut() {
    this.#page.onEvent({ type: 'account', phase: 'signed-out', users: knownAccounts() });
  }

  #phase(phase, code, values) {
    const event = { type: 'account', phase, ...values };
    this.#page.onEvent(code ? { ...event, text: refusalText(code, values) } : event);
  }
}
