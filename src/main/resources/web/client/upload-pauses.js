/** When what failed is tried again: later each time, whatever else is done meanwhile. */

import { Backoff } from '../protocol/backoff.js';

/** Tests wait for less. */
export const pace = { retryMs: 5_000, retryMsMax: 5 * 60_000 };
const HOUR_MS = 60 * 60 * 1000;

export class UploadPauses {
  /** By key: {backoff, until}. */
  #failed = new Map();

  /** @param {number} atLeast milliseconds, as the server wishes */
  failed(key, atLeast) {
    const { backoff } = this.#failed.get(key)
      ?? { backoff: new Backoff(pace.retryMs, pace.retryMsMax) };
    const pause = Math.min(HOUR_MS, Math.max(backoff.next(), atLeast));
    this.#failed.set(key, { backoff, until: performance.now() + pause });
  }

  /** It gets on, or is over. */
  forget(key) {
    this.#failed.delete(key);
  }

  /** Only these can still fail. */
  keepOnly(keys) {
    for (const key of this.#failed.keys()) if (!keys.includes(key)) this.forget(key);
  }

  waits(key) {
    return this.#left(this.#failed.get(key)) > 0;
  }

  /** What waits may be tried at once; the next pause is not shorter for that. */
  end() {
    for (const one of this.#failed.values()) one.until = 0;
  }

  /** @returns {number|null} milliseconds until something can be tried again */
  get next() {
    const left = [...this.#failed.values()].map(one => this.#left(one)).filter(ms => ms > 0);
    return left.length > 0 ? Math.min(...left) : null;
  }

  #left(one) {
    return one ? one.until - performance.now() : 0;
  }
}
