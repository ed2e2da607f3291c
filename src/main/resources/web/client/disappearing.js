/** Messages disappear when their time is over (docs/protocol.md §7.9). */

import { GONE_STORES, eraseGone, nextGoneAt } from '../store/disappearing.js';
import { Later, PAGE_CLOCK } from './later.js';

/** Whatever happens to clocks and timers, of a computer that sleeps too: it is looked so often. */
const LOOK_MS_MAX = 60_000;

export class Disappearing {
  #store;
  #news;
  #later;
  /** When it is looked again, as a message's time says. */
  #nextAt = Infinity;
  #isLooking = false;
  #isAnew = false;
  #isStopped = false;

  constructor(store, news, clock = PAGE_CLOCK) {
    this.#store = store;
    this.#news = news;
    this.#later = new Later(clock);
  }

  /** Some message's time may run, or be over; looks again when the next one's is. */
  async look() {
    this.#isAnew = true;
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      while (this.#isAnew && !this.#isStopped) {
        this.#isAnew = false;
        await this.#lookOnce();
      }
    } catch (error) {
      // A full disk is told elsewhere; what should go is looked for again.
      console.info('Messages whose time is over are still here:', error.message);
      this.#later.set(LOOK_MS_MAX, () => this.look());
    } finally {
      this.#isLooking = false;
    }
  }

  /** @param {number} [goneAt] when the next one's time is over, as somebody has read it */
  expect(goneAt = Infinity) {
    if (this.#isLooking) this.#isAnew = true;
    else if (goneAt < this.#nextAt) this.#lookAt(goneAt);
  }

  stop() {
    this.#isStopped = true;
    this.#later.clear();
  }

  async #lookOnce() {
    const { next, ...erased } = await eraseAllGone(this.#store);
    await this.tell(erased);
    this.#later.clear();
    this.#nextAt = Infinity;
    if (next !== undefined) this.#lookAt(next);
  }

  #lookAt(goneAt) {
    if (this.#isStopped) return;
    this.#nextAt = goneAt;
    const ms = Math.min(Math.max(goneAt - Date.now(), 0), LOOK_MS_MAX);
    this.#later.set(ms, () => this.look());
  }

  /** @param {{gone: object[], answers: object[]}} erased as of eraseAllGone */
  async tell({ gone, answers }) {
    for (const conversation of new Set(gone.map(row => row.conversation))) {
      const isHere = row => row.conversation === conversation;
      await this.#news.gone(conversation, gone.filter(isHere).map(({ id }) => id),
        answers.filter(isHere));
    }
  }
}

/**
 * Erases everything whose time is over, in any tab: two that are at it come to the same.
 *
 * @returns {Promise<{gone: object[], answers: object[], next: number|undefined}>} rows as they
 *   were, and of what answered them; as of nextGoneAt
 */
export async function eraseAllGone(store) {
  const all = { gone: [], answers: [] };
  for (;;) {
    const now = Date.now();
    const next = await store.read(['messages'], nextGoneAt);
    if (next === undefined || next > now) return { ...all, next };
    const { gone, answers } = await store.write(GONE_STORES, stores => eraseGone(stores, now));
    all.gone.push(...gone);
    all.answers.push(...answers);
  }
}
