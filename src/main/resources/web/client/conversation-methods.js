/** What the page does with conversations of two people. All reject with UserError. */

import { utf8 } from '../crypto/bytes.js';
import { qrMatrix } from '../crypto/qr.js';
import { safetyNumber } from '../crypto/safety-number.js';
import { isUserName } from '../protocol/fields.js';
import { contactOf } from './contacts.js';
import { FileMethods } from './file-methods.js';
import { UserError } from './user-error.js';
import { makeWitness } from './witness.js';

export class ConversationMethods extends FileMethods {
  #opened;

  /** @param {function(): OpenAccount} opened throws UserError `signed-out` */
  constructor(opened) {
    super(opened);
    this.#opened = opened;
  }

  async startConversation(user) {
    const account = this.#opened();
    if (!isUserName(user)) throw new UserError('name-invalid');
    if (user === account.user) throw new UserError('yourself');
    if (!await contactOf(account.store, user)) await account.ask('lookUp', { user });
    return account.conversations.open(user);
  }

  /**
   * Texts that hold the given one, newest first, of all that this browser has.
   *
   * @returns {Promise<{conversation, id, ordinal, text, at, from, mine}[]>}
   */
  search(text, page) {
    return this.#opened().search.find(text, page);
  }

  /** @param {{replyTo?: string}} [more] the id of the message that this answers */
  async sendText(conversation, text, more) {
    const id = await this.#opened().conversations.send(conversation, text, more);
    this.#opened().written(conversation);
    return id;
  }

  /** @param {string|null} emoji null takes the reaction back */
  async react(messageId, emoji) {
    await this.#opened().changes.react(messageId, emoji);
    this.#opened().kick();
  }

  async edit(messageId, text) {
    await this.#opened().changes.edit(messageId, text);
    this.#opened().kick();
  }

  /** @param {number} seconds after they are read, messages disappear from now on; 0 is never */
  async setDisappear(conversation, seconds) {
    await this.#opened().changes.setDisappear(conversation, seconds);
    this.#opened().kick();
  }

  async deleteForAll(messageId) {
    await this.#opened().changes.deleteForAll(messageId);
    this.#opened().kick();
  }

  async retry(messageId) {
    await this.#opened().conversations.retry(messageId);
    this.#opened().kick();
  }

  deleteUnsent(messageId) {
    return this.#opened().conversations.deleteUnsent(messageId);
  }

  async repair(conversation, messageId) {
    await this.#opened().conversations.repair(conversation, messageId);
    this.#opened().kick();
  }

  loadMessages(conversation, page) {
    return this.#opened().loadMessages(conversation, page);
  }

  saveDraft(conversation, text) {
    return this.#opened().conversations.saveDraft(conversation, text);
  }

  /** Whether the user is writing there; may be said at each change of what stands in the box. */
  typing(conversation, isWriting) {
    this.#opened().typing(conversation, isWriting);
  }

  /** @param {{muted?: boolean, pinned?: boolean, archived?: boolean}} change on all devices */
  arrange(conversation, change) {
    return this.#opened().conversations.arrange(conversation, change);
  }

  async markRead(conversation, ordinal) {
    if (await this.#opened().conversations.markRead(conversation, ordinal)) this.#opened().kick();
  }

  /** The person who asks may write: they get what they are owed. */
  async accept(conversation) {
    await this.#opened().requests.accept(conversation);
    this.#opened().kick();
  }

  /** What the person sent is erased, and they are blocked. */
  decline(conversation) {
    return this.#opened().requests.decline(conversation);
  }

  block(user) {
    return this.#opened().requests.block(user);
  }

  async unblock(user) {
    await this.#opened().requests.unblock(user);
    this.#opened().kick();
  }

  /** @param {string|null} conversation that somebody looks at in this tab */
  attend(conversation) {
    this.#opened().attend(conversation);
  }

  /** Whether it is for this tab to notify of what is new in a conversation. */
  mayNotify(conversation) {
    return this.#opened().mayNotify(conversation);
  }

  async safetyNumber(user) {
    const account = this.#opened();
    const { store, self, contacts } = account;
    // A conversation can come out of the archive before this device has met the person.
    if (!await contactOf(store, user)) await account.ask('lookUp', { user });
    const contact = await contactOf(store, user);
    contacts.shown(user, contact.pin.accountKey);
    const { digits, qrText } = await safetyNumber(self.serverHost,
      { user: self.user, accountKey: self.deviceList.accountKey },
      { user, accountKey: contact.pin.accountKey });
    return { digits, qr: qrMatrix(utf8(qrText)), verified: contact.verified };
  }

  async markVerified(user, verified) {
    await this.#opened().contacts.markVerified(user, verified);
  }

  async acceptNewKey(user) {
    await this.#opened().acceptNewKey(user);
    this.#opened().kick();
  }

  /** What the server recorded about this browser, signed, and as a file to save. */
  async witness() {
    const { store, self } = this.#opened();
    return makeWitness(store, self);
  }
}
