/**
 * Searches the text of all messages in this browser. What is found is read once more from its row:
 * so nothing is shown that has changed or gone meanwhile.
 */

import { timeOf } from '../store/message-time.js';
import { folded } from '../state/folding.js';
import { SearchIndex } from './search-index.js';
import { searchPace } from './search-pace.js';
import { searchedTexts } from './searched-text.js';

const SLICE = 100;
const LIMIT = 50;

export class Search {
  #store;
  #index;
  #latest = 0;
  #emit;

  /** @param {function(object)} emit gets an event `searching` now and then, if it takes long */
  constructor(store, emit = () => {}) {
    this.#store = store;
    this.#emit = emit;
    this.#index = new SearchIndex(store);
  }

  /**
   * Texts that hold the given one, whatever its case, newest first. A later search ends this one,
   * which then gives what it has found. An empty text finds nothing, and has all of them ready for
   * the next search.
   *
   * @returns {Promise<object[]>} {conversation, id, ordinal, text, at, from, mine}
   */
  async find(text, { limit = LIMIT } = {}) {
    const wanted = folded(text.trim());
    if (wanted === '') {
      await this.#index.entries();
      return [];
    }
    const search = ++this.#latest;
    const entries = await this.#index.entries();
    const found = [];
    let toldAt = Date.now();
    for (let i = 0; i < entries.length && found.length < limit; i += SLICE) {
      if (search !== this.#latest) break;
      const slice = entries.slice(i, i + SLICE);
      await this.#index.open(slice);
      if (Date.now() - toldAt >= searchPace.tellMs) {
        toldAt = Date.now();
        this.#emit({ type: 'searching', text: text.trim(), done: i, total: entries.length });
      }
      const ids = slice.filter(entry => entry.text.includes(wanted)).map(({ id }) => id);
      if (ids.length > 0) found.push(...await this.#results(ids, wanted));
    }
    return found.sort((left, right) => right.at - left.at).slice(0, limit);
  }

  async #results(ids, wanted) {
    return (await searchedTexts(this.#store, ids))
      .filter(({ text }) => folded(text).includes(wanted))
      .map(({ row, text }) => resultOf(row, text));
  }
}

function resultOf(row, text) {
  const { conversation, id, ordinal, from, mine } = row;
  return { conversation, id, ordinal, text, at: timeOf(row), from, mine };
}
