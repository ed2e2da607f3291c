/**
 * Searches the text of all messages in this browser. They lie sealed, so each is opened: in slices,
 * between which the page goes on.
 */

import { timeOf } from '../store/archive.js';
import { settle } from '../store/database.js';
import { sealedIn } from './said.js';

const SLICE = 100;
const LIMIT = 50;

export class Search {
  #store;
  #latest = 0;

  constructor(store) {
    this.#store = store;
  }

  /**
   * Texts that hold the given one, whatever its case, newest first. A later search ends this one,
   * which then gives what it has found.
   *
   * @returns {Promise<object[]>} {conversation, id, ordinal, text, at, from, mine}
   */
  async find(text, { limit = LIMIT } = {}) {
    const wanted = comparable(text.trim());
    const search = ++this.#latest;
    if (wanted === '') return [];
    const found = [];
    const { rows, edits } = await this.#newestFirst();
    for (let i = 0; i < rows.length && found.length < limit; i += SLICE) {
      if (search !== this.#latest) break;
      const slice = rows.slice(i, i + SLICE);
      const results = await Promise.all(slice.map(row =>
        this.#match(row, edits.get(row.id) ?? row, wanted)));
      found.push(...results.filter(Boolean));
    }
    return found.slice(0, limit);
  }

  async #newestFirst() {
    const rows = await this.#store.read(['messages'],
      ({ messages }) => settle(messages.getAll()));
    const edits = rows.filter(({ kind }) => kind === 'edit').map(edit => [edit.target, edit]);
    const texts = rows.filter(({ kind }) => kind === 'text')
      .sort((left, right) => timeOf(right) - timeOf(left));
    return { rows: texts, edits: new Map(edits) };
  }

  /** @param {object} written the row that has the newest text */
  async #match(row, written, wanted) {
    const text = await sealedIn(this.#store, written);
    if (!comparable(text).includes(wanted)) return null;
    const { conversation, id, ordinal, from, mine } = row;
    return { conversation, id, ordinal, text, at: timeOf(row), from, mine };
  }
}

function comparable(text) {
  return text.normalize('NFKC').toLowerCase();
}
