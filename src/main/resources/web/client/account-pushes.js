/**
 * What the server pushes about the account, one after the other. Each says how all of it stands: one
 * that waited while a newer one came, or the connection went, is out of date and says nothing.
 */

import { Turn } from './turn.js';

export class AccountPushes {
  #owner;
  #turn = new Turn();
  #newest = null;

  /**
   * @param {{ready: function(object): Promise, take: function(object): Promise,
   *   onFailed: function(Error)}} owner `ready` resolves when a frame may be taken, `take` takes it
   */
  constructor(owner) {
    this.#owner = owner;
  }

  push(frame) {
    this.#newest = frame;
    this.#turn.take(() => this.#take(frame)).catch(this.#owner.onFailed);
  }

  async #take(frame) {
    await this.#owner.ready(frame);
    if (frame === this.#newest) await this.#owner.take(frame);
  }

  /** The connection is gone: the next one says how it stands. */
  disconnected() {
    this.#newest = null;
  }
}
