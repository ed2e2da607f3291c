/**
 * All texts of this browser, as they are compared, in memory once somebody has searched in this
 * tab. Before each search it takes what has changed in the store, whichever tab changed it.
 */

import { base64url, randomBytes } from '../crypto/bytes.js';
import { Refused } from '../crypto/refused.js';
import { settle } from '../store/database.js';
import { timeOf } from '../store/message-time.js';
import { SEARCH_STORES, dissolve, segmentPlace } from '../store/search.js';
import { folded } from '../state/folding.js';
import { searchedTexts } from './searched-text.js';
import { Turn } from './turn.js';

const ID_BYTES = 12;

/**
 * The row of a segment.
 *
 * @param {{id: string, time: number, text: string}[]} entries
 */
export async function sealSegment(store, entries) {
  const id = base64url(randomBytes(ID_BYTES));
  const [ids, times, texts] = ['id', 'time', 'text'].map(name => entries.map(entry => entry[name]));
  return { id, ids, times, sealed: await store.sealing.seal(segmentPlace(id), texts) };
}

/** Reads what is not open yet from the rows: text and time of each entry. */
export async function openEntries(store, entries) {
  const closed = entries.filter(({ text }) => text === undefined);
  if (closed.length === 0) return;
  const found = await searchedTexts(store, closed.map(({ id }) => id));
  closed.forEach((entry, i) => {
    const { row, text } = found[i];
    entry.text = folded(text);
    if (row) entry.time = timeOf(row);
  });
}

export class SearchIndex {
  #store;
  /** Entries {id, time, text} by segment. */
  #segments = new Map();
  /** By number in the queue; the text is not there before it was opened. */
  #waiting = new Map();
  #newestFirst = [];
  #turn = new Turn();

  constructor(store) {
    this.#store = store;
  }

  /** @returns {Promise<{id: string, time: number, text?: string}[]>} newest first */
  entries() {
    return this.#turn.take(() => this.#update());
  }

  /** Opens those of some entries that are not open yet. */
  open(entries) {
    return openEntries(this.#store, entries);
  }

  async #update() {
    const { segments, fresh, queue } = await this.#store.read(SEARCH_STORES,
      async ({ searchSegments, searchQueue }) => {
        const all = await settle(searchSegments.getAllKeys());
        const missing = all.filter(id => !this.#segments.has(id));
        return {
          segments: all,
          fresh: await Promise.all(missing.map(id => settle(searchSegments.get(id)))),
          queue: await settle(searchQueue.getAll()),
        };
      });
    const opened = await Promise.all(fresh.map(segment => this.#open(segment)));
    if (opened.includes(null)) return this.#update();
    fresh.forEach(({ id }, i) => this.#segments.set(id, opened[i]));
    const dropped = keepOnly(this.#segments, new Set(segments));
    if (this.#takeWaiting(queue) || fresh.length > 0 || dropped) this.#order();
    return this.#newestFirst;
  }

  /** @returns {Promise<object[]|null>} null if it could not be opened: it is made anew */
  async #open({ id, ids, times, sealed }) {
    try {
      const texts = await this.#store.sealing.open(segmentPlace(id), sealed);
      return ids.map((message, i) => ({ id: message, time: times[i], text: texts[i] }));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      await this.#store.write(SEARCH_STORES, stores => dissolve(stores, id));
      return null;
    }
  }

  /** @returns {boolean} whether anything is new */
  #takeWaiting(queue) {
    const fresh = queue.filter(({ nr }) => !this.#waiting.has(nr));
    for (const { nr, id, time } of fresh) this.#waiting.set(nr, { id, time });
    const gone = keepOnly(this.#waiting, new Set(queue.map(({ nr }) => nr)));
    return fresh.length > 0 || gone;
  }

  #order() {
    this.#newestFirst = [...this.#segments.values(), [...this.#waiting.values()]].flat()
      .sort((left, right) => right.time - left.time);
  }
}

/** @returns {boolean} whether anything was taken out of the map */
function keepOnly(map, keys) {
  const before = map.size;
  for (const key of map.keys()) if (!keys.has(key)) map.delete(key);
  return map.size < before;
}
