/** Waiting times between attempts: doubling, with full jitter. */

const FIRST_MS = 500;
const MAX_MS = 30_000;

/** @returns {number} a random whole number of milliseconds from 0 to `max` */
export function jitter(max) {
  const [random] = crypto.getRandomValues(new Uint32Array(1));
  return Math.round(max * random / 0xffffffff);
}

export class Backoff {
  #firstMs;
  #maxMs;
  #attempts = 0;

  /** Without arguments, between attempts to connect. */
  constructor(firstMs = FIRST_MS, maxMs = MAX_MS) {
    this.#firstMs = firstMs;
    this.#maxMs = maxMs;
  }

  /** Half of the wait is fixed, so that a failing server gets a pause from everyone. */
  next() {
    const full = Math.min(this.#maxMs, this.#firstMs * 2 ** this.#attempts);
    this.#attempts++;
    return full / 2 + jitter(full / 2);
  }

  reset() {
    this.#attempts = 0;
  }
}
