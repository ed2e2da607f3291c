/** What the connection pushed, taken in batches, one after the other. */

const BATCH_MAX = 64;

/**
 * @typedef {object} PushesOwner
 * @property {function(object, object): boolean} belongs whether a frame may be taken in one batch
 *   with the first of it; asked of the first, too
 * @property {function(object[]): Promise} take takes a batch: frames that belong together, or one
 * @property {function(Error)} onFailed a batch was not taken, and nothing after it will be
 * @property {function()} [onIdle] everything was taken
 */

export class Pushes {
  #turn;
  #owner;
  #frames = [];
  #running = false;

  /**
   * @param {Turn} turn
   * @param {PushesOwner} owner
   */
  constructor(turn, owner) {
    this.#turn = turn;
    this.#owner = owner;
  }

  get isIdle() {
    return !this.#running && this.#frames.length === 0;
  }

  /** A new connection: what another one pushed, and was not taken, is pushed again. */
  begin() {
    this.#frames = [];
  }

  push(frame) {
    this.#frames.push(frame);
    if (!this.#running) this.#run();
  }

  async #run() {
    this.#running = true;
    try {
      while (this.#frames.length > 0) await this.#turn.take(() => this.#takeNext());
    } finally {
      this.#running = false;
    }
    this.#owner.onIdle?.();
  }

  async #takeNext() {
    const frames = this.#frames;
    // A new connection may have begun while this waited for its turn.
    if (frames.length === 0) return;
    const [first] = frames;
    const others = frames.findIndex(frame => !this.#owner.belongs(frame, first));
    const end = Math.min(BATCH_MAX, others < 0 ? frames.length : others);
    const batch = frames.splice(0, Math.max(1, end));
    try {
      await this.#owner.take(batch);
    } catch (error) {
      // Those of a connection that has begun meanwhile are its own.
      frames.length = 0;
      this.#owner.onFailed(error);
    }
  }
}
