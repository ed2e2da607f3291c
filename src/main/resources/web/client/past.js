/** What was said before this device was there, or before now: the archive, and siblings. */

import { Archive } from './archive.js';
import { History } from './history.js';

export class Past {
  #archive;
  #history;

  /**
   * @param {{store: AccountStore, self: Self, news: News, emit: function(object), sync: Sync}} parts
   * @param {function(string, object): Promise<object>} request
   * @param {function()} onOutgoing something waits in the outbox
   */
  constructor({ sync, ...parts }, request, onOutgoing) {
    const share = {
      ownKeys: () => sync.ownKeys(),
      mayWrite: () => sync.mayWrite(),
      archive: () => sync.archive(),
      put: () => sync.put(),
    };
    const nameOf = async device => (await sync.names())[device] ?? '';
    this.#archive = new Archive({ ...parts, share }, request);
    this.#history = new History(parts, { onOutgoing, nameOf });
  }

  /** The commands that other tabs may give, by name. */
  get commands() {
    return { ...this.#archive.commands, ...this.#history.commands };
  }

  /** A new connection has caught up. @param {number} generation of the inbox */
  begin(generation) {
    this.#archive.begin(generation);
    this.#history.begin();
  }

  stop() {
    this.#archive.stop();
    this.#history.stop();
  }

  /** Something in a conversation may be new. */
  changed() {
    this.#archive.changed();
  }

  /** Another device of the user told something, which is stored. */
  heard(message) {
    if (message.type === 'own-key') this.#archive.retry();
    this.#history.heard(message);
  }

  /** What was stopped may go on. */
  retry() {
    this.#archive.retry();
  }

  /** Another device has switched the archive. */
  adopt(archive) {
    return this.#archive.adopt(archive);
  }
}
