/** Signed, cumulative acknowledgements of what is stored here (docs/protocol.md §6), in batches. */

import { signAck } from '../crypto/statements.js';
import { ACKNOWLEDGEMENT_STORES, keepAcknowledgement } from '../store/acknowledgements.js';

const WAIT_MS_MAX = 5_000;
/** Half of what may be under way in a group, so that its pushes do not wait for the timer. */
const ENTRIES_MAX = 32;
const ITEMS_MAX = 128;

/**
 * Those of one connection: what it pushed may be acknowledged on it alone. One statement covers
 * the inbox and all groups.
 */
export class Acknowledgements {
  #connection;
  #store;
  #self;
  #onStuck;
  #entries = 0;
  /** The last point of each log that is stored and not acknowledged yet, by log. */
  #points = new Map();
  #nonce = 0;
  #timer = null;

  /** @param {function(Error)} onStuck nothing can be acknowledged: the storage refuses it */
  constructor(connection, { store, self }, onStuck) {
    this.#connection = connection;
    this.#store = store;
    this.#self = self;
    this.#onStuck = onStuck;
  }

  /**
   * Entries up to a point, the last one pushed of its log, are on disk.
   *
   * @param {number} nonce of that push
   * @param {{kind: string, owner: string, generation: number, sequenceNr: number,
   *   hash: Uint8Array}} point
   */
  stored(nonce, point, entries) {
    const { kind, owner, generation, sequenceNr, hash } = point;
    this.#points.set(`${kind} ${owner}`, { kind, owner, generation, sequenceNr, hash });
    this.#nonce = Math.max(this.#nonce, nonce);
    this.#entries += entries;
    if (this.#entries >= ENTRIES_MAX) this.#acknowledge();
    else this.#timer ??= setTimeout(() => this.#acknowledge(), WAIT_MS_MAX);
  }

  /** The server has pushed everything of a log: what was pushed is acknowledged now. */
  caughtUp(nonce) {
    this.#nonce = Math.max(this.#nonce, nonce);
    if (this.#points.size > 0) this.#acknowledge();
  }

  stop() {
    clearTimeout(this.#timer);
  }

  async #acknowledge() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#entries = 0;
    const points = [...this.#points.values()];
    this.#points.clear();
    try {
      for (let start = 0; start < points.length; start += ITEMS_MAX) {
        await this.#send(points.slice(start, start + ITEMS_MAX));
      }
    } catch (error) {
      this.#onStuck(error);
    }
  }

  /** Kept before it is sent: what the server has of this device's word, the device has too. */
  async #send(items) {
    const { user, serverHost, deviceId, devicePrivateKey } = this.#self;
    const signature = await signAck(devicePrivateKey, { serverHost, user, deviceId }, items);
    await this.#store.write(ACKNOWLEDGEMENT_STORES,
      stores => keepAcknowledgement(stores, { items, signature, signedAt: Date.now() }));
    this.#connection.acknowledge(this.#nonce, items, signature);
  }
}
