/** Signed, cumulative acknowledgements of what is stored here (docs/protocol.md §6), in batches. */

import { signAck } from '../crypto/statements.js';
import { INBOX } from './account.js';

const WAIT_MS_MAX = 5_000;
const ENTRIES_MAX = 256;

/** Those of one connection: what it pushed may be acknowledged on it alone. */
export class Acknowledgements {
  #connection;
  #self;
  #generation;
  #entries = 0;
  #last = null;
  #timer = null;

  constructor(connection, self, generation) {
    this.#connection = connection;
    this.#self = self;
    this.#generation = generation;
  }

  /** Entries up to `head`, the last one pushed, are on disk; `nonce` is that of its push. */
  stored(nonce, head, entries) {
    this.#last = { nonce, head };
    this.#entries += entries;
    if (this.#entries >= ENTRIES_MAX) this.#send();
    else this.#timer ??= setTimeout(() => this.#send(), WAIT_MS_MAX);
  }

  /** The server has pushed everything: what was pushed on this connection is acknowledged now. */
  caughtUp(nonce) {
    if (!this.#last) return;
    this.#last = { ...this.#last, nonce };
    this.#send();
  }

  stop() {
    clearTimeout(this.#timer);
  }

  async #send() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#entries = 0;
    const { nonce, head } = this.#last;
    const { user, serverHost, deviceId, devicePrivateKey } = this.#self;
    const point = { kind: INBOX, owner: user, generation: this.#generation, ...head };
    const signature = await signAck(devicePrivateKey, { serverHost, user, deviceId }, [point]);
    this.#connection.acknowledge(nonce, [point], signature);
  }
}
