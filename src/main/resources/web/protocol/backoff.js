/** Waiting times between attempts to connect: doubling, with full jitter. */

const FIRST_MS = 500;
const MAX_MS = 30_000;

/** @returns {number} a random whole number of milliseconds from 0 to `max` */
export function jitter(max) {
  const [random] = crypto.getRandomValues(new Uint32Array(1));
  return Math.round(max * random / 0xffffffff);
}

export class Backoff {
  #attempts = 0;

  /** Half of the wait is fixed, so that a failing server gets a pause from everyone. */
  next() {
    const full = Math.min(MAX_MS, FIRST_MS * 2 ** this.#attempts);
    this.#attempts++;
    return full / 2 + jitter(full / 2);
  }

  reset() {
    this.#attempts = 0;
  }
}
