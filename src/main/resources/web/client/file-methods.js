import { AccountMethods } from './account-methods.js';

/** What the page does with files. All reject with UserError. */
export class FileMethods extends AccountMethods {
  #opened;

  /** @param {function(): OpenAccount} opened throws UserError `signed-out` */
  constructor(opened) {
    super(opened);
    this.#opened = opened;
  }

  /**
   * @param {File|Blob} file
   * @param {{text?: string, replyTo?: string}} [more] what is said to it, and what it answers
   * @returns {Promise<string>} the message's id, once the file lies encrypted in this browser
   */
  async sendFile(conversation, file, more = {}) {
    const account = this.#opened();
    const id = await account.conversations.sendFile(conversation, file, more,
      asked => account.ask('checkFile', asked));
    account.kick();
    return id;
  }

  /** A file that is not at the server yet goes, and its message with it; else loading ends. */
  async cancelFile(id) {
    const account = this.#opened();
    if (await account.conversations.cancelUpload(id)) account.kick();
    else account.stopFile(id);
  }

  /** @returns {Promise<Blob>} whole and checked; of a type only if it is an image to be shown */
  async loadFile(id) {
    return this.#opened().files.load(id);
  }
}
