/**
 * What the server pushes about the account, one after the other. Each says how all of it stands: one
 * that still waits when its connection goes is out of date, and says nothing.
 */

import { Turn } from './turn.js';

export class AccountPushes {
  #owner;
  #turn = new Turn();
  #losses = 0;

  /**
   * @param {{ready: function(object): Promise, take: function(object): Promise,
   *   onFailed: function(Error)}} owner `ready` resolves when a frame may be taken, `take` takes it
   */
  constructor(owner) {
    this.#owner = owner;
  }

  push(frame) {
    const losses = this.#losses;
    this.#turn.take(() => this.#take(frame, losses)).catch(this.#owner.onFailed);
  }

  async #take(frame, losses) {
    await this.#owner.ready(frame);
    if (losses === this.#losses) await this.#owner.take(frame);
  }

  /** The connection is gone: the next one says how it stands. */
  disconnected() {
    this.#losses++;
  }
}
