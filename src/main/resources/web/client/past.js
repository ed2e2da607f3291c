/** What was said before this device was there, or before now: the archive, and siblings. */

import { Archive } from './archive.js';
import { History } from './history.js';

/**
 * @typedef {object} ArchiveShare what the devices of a user share about the archive (§13)
 * @property {function(): Promise<OwnKey[]>} ownKeys rising; none before the vault was opened once
 * @property {function(): Promise<{hasKeys: boolean, isAgreed: boolean}>} standing whether there are
 *   own keys; whether what the devices share is under the newest of them, and says what of the
 *   archive counts since that was made: no device that was removed has that key
 * @property {function(): Promise<{on: boolean, nr: number, closed: ArchiveClosing[]}>} archive as
 *   sync has it
 * @property {function(): Promise} put tells the others the switch, which was changed here
 * @property {function(): Promise} putNr tells the others the newest number
 * @property {function()} kick something else that is shared may be known now
 */

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
      standing: () => sync.standing(),
      archive: () => sync.archive(),
      put: () => sync.put(),
      putNr: () => sync.putNr(),
      kick: () => sync.kick(),
    };
    const nameOf = async device => (await sync.names())[device] ?? '';
    this.#archive = new Archive({ ...parts, share }, request);
    this.#history = new History(parts, { onOutgoing, nameOf });
  }

  /** The place up to which the archive was read here; null before it was, on this connection. */
  get archiveEnd() {
    return this.#archive.end;
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
