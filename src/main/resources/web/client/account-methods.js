import { checkCredentials } from './account.js';
import { PastMethods } from './past-methods.js';

/** What the page does with the own account and its devices. The leading tab does it. */
export class AccountMethods extends PastMethods {
  #opened;

  /** @param {function(): OpenAccount} opened throws UserError `signed-out` */
  constructor(opened) {
    super((command, args) => opened().ask(command, args));
    this.#opened = opened;
  }

  /** @returns {Promise<{id, name, addedAt, lastSeen, connected, isThis}[]>} */
  devices() {
    return this.#ask('devices');
  }

  renameDevice(id, name) {
    return this.#ask('renameDevice', { id, name });
  }

  /** Events `revoking` say how many groups know it; resolves when all do. */
  revokeDevice(id, password) {
    return this.#ask('revokeDevice', { id, password });
  }

  /** `newAccountKey` is for a password that somebody else may know. */
  async changePassword({ password, newPassword, newAccountKey }) {
    this.#check(newPassword);
    await this.#ask('changePassword', { password, newPassword, newAccountKey });
  }

  /** @returns {Promise<{code: string}>} shown once */
  setRecoveryCode(password) {
    return this.#ask('setRecoveryCode', { password });
  }

  /** @returns {Promise<boolean>} whether it is the code that was set */
  checkRecoveryCode(typed) {
    return this.#ask('checkRecoveryCode', { typed });
  }

  dropRecoveryCode(password) {
    return this.#ask('dropRecoveryCode', { password });
  }

  /** Without the password: this device may set a new one after the server's wait. */
  askReset() {
    return this.#ask('askReset');
  }

  cancelReset(password) {
    return this.#ask('cancelReset', { password });
  }

  async reset({ newPassword }) {
    this.#check(newPassword);
    await this.#ask('reset', { newPassword });
  }

  /** Whether people hear what the user has read, and the user what they have read. */
  async readReceipts() {
    return (await this.privacy()).readReceipts;
  }

  /** @returns {Promise<{readReceipts, typing, openToAll, blocked: string[]}>} */
  async privacy() {
    // The switches come last: what is chosen meanwhile is told by itself, and is newer.
    const blocked = await this.blockedPeople();
    return { ...await this.#ask('switches'), blocked };
  }

  /** As every tab knows them. @returns {Promise<string[]>} */
  async blockedPeople() {
    return this.#opened().requests.blocked();
  }

  /** For all devices of the user, as the other switches are. */
  setReadReceipts(on) {
    return this.#ask('setSwitch', { name: 'readReceipts', on });
  }

  /** Whether people see that the user writes, and the user that they do. */
  setTyping(on) {
    return this.#ask('setSwitch', { name: 'typing', on });
  }

  /** Whether strangers may write at once, without being accepted. */
  setOpenToAll(on) {
    return this.#ask('setSwitch', { name: 'openToAll', on });
  }

  /** Refuses a password before anything is sent. */
  #check(newPassword) {
    checkCredentials(this.#opened().user, newPassword);
  }

  async #ask(command, args) {
    return this.#opened().ask(command, args);
  }
}
