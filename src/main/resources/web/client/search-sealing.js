/**
 * Seals texts together for the search, many as one, in the leading tab: little at a time, and only
 * when there is enough for a segment. What it has not come to is searched all the same.
 */

import { SEARCH_STORES, firstWaiting, putSegment } from '../store/search.js';
import { Later, PAGE_CLOCK } from './later.js';
import { openEntries, sealSegment } from './search-index.js';
import { searchPace } from './search-pace.js';

const SEGMENT_TEXTS_MIN = 128;
const SEGMENT_TEXTS_MAX = 256;
const SLICE = 16;
/** A tab that is hidden is never idle. */
const IDLE_MS_MAX = 1_000;

export class SearchSealing {
  #store;
  #later = new Later(PAGE_CLOCK);
  #isRunning = false;
  #isStopped = false;

  constructor(store) {
    this.#store = store;
  }

  /** Something in a conversation may be new. */
  changed() {
    if (!this.#isRunning && !this.#later.isSet && !this.#isStopped) {
      this.#later.set(searchPace.waitMs, () => this.#run());
    }
  }

  stop() {
    this.#isStopped = true;
    this.#later.clear();
  }

  async #run() {
    this.#isRunning = true;
    try {
      while (!this.#isStopped && await this.#sealSome()) await pause();
    } catch (error) {
      // Nothing is lost: it is tried again with the next message. A full disk is told elsewhere.
      console.info('Messages are not prepared for the search:', error.message);
    } finally {
      this.#isRunning = false;
    }
  }

  /** @returns {Promise<boolean>} whether there may be more */
  async #sealSome() {
    const waited = await this.#store.read(SEARCH_STORES,
      stores => firstWaiting(stores, SEGMENT_TEXTS_MAX));
    if (waited.length < SEGMENT_TEXTS_MIN) return false;
    const entries = waited.map(({ id, time }) => ({ id, time }));
    for (let i = 0; i < entries.length; i += SLICE) {
      await openEntries(this.#store, entries.slice(i, i + SLICE));
      await pause();
    }
    const written = entries.filter(({ text }) => text !== '');
    const segment = written.length > 0 ? await sealSegment(this.#store, written) : null;
    await this.#store.write(SEARCH_STORES, stores => putSegment(stores, waited, segment));
    return true;
  }

}

/** The page goes on meanwhile: what somebody types is drawn first. */
async function pause() {
  await new Promise(resolve => setTimeout(resolve, searchPace.pauseMs));
  if (!globalThis.requestIdleCallback) return;
  await new Promise(resolve => requestIdleCallback(resolve, { timeout: IDLE_MS_MAX }));
}
