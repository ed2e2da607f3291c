/**
 * Reads the archive from its newest batch down (docs/protocol.md §14.1). What a batch holds, and
 * how far the reading is, are stored together: it goes on from there after a reload.
 */

import { openBatch, placeOf, readingEnds, readingFrom } from '../crypto/archive.js';
import { Refused } from '../crypto/refused.js';
import { FrameError } from '../protocol/fields.js';
import { JsonError } from '../protocol/strict-json.js';
import { ARCHIVE_STORES, addPast, archiveRow, changeArchive } from '../store/archive.js';
import { parseBatch, rowsOf } from './archive-records.js';

/** The server lost or changed part of the archive. */
export class ArchiveBroken extends Error {
  name = 'ArchiveBroken';
}

/** A sibling seals under an own key that this device is still to get. */
export class KeyMissing extends Error {
  name = 'KeyMissing';
}

export class ArchiveReading {
  #store;
  #self;
  #keys;
  #request;

  /** @param {function(): Promise<OwnKey[]>} keys all own keys */
  constructor(store, self, keys, request) {
    this.#store = store;
    this.#self = self;
    this.#keys = keys;
    this.#request = request;
  }

  /**
   * Reads what is between the newest batch and `floor`, or goes on with it.
   *
   * @param {{first: number, last: number}} state of the archive
   * @param {ArchivePlace} floor where it ends
   * @param {ArchiveClosing[]} closed
   * @param {function(object[], {done: number, total: number}): Promise} onRows gets what was new,
   *   after it was stored
   * @returns {Promise<boolean>} false if the archive was erased meanwhile
   */
  async run(state, floor, closed, onRows) {
    let { reading, top } = await this.#store.read(['meta'], archiveRow);
    const keys = await this.#keys();
    reading ??= readingFrom(state.last, keys.at(-1).id, floor);
    const total = (top?.nr ?? reading.nr) - reading.floor.nr;
    while (!readingEnds(reading)) {
      const page = await this.#request('archive-page', { before: reading.nr + 1 });
      if (page.first > reading.nr) return false;
      if (page.batches[0]?.nr !== reading.nr) throw new ArchiveBroken('a batch is missing');
      for (const batch of page.batches) {
        if (readingEnds(reading)) break;
        top ??= await this.#topOf(batch, keys);
        const { rows, next } = await this.#open(reading, { keys, closed }, batch);
        const added = await this.#keep(rows, next, top);
        reading = next;
        await onRows(added, { done: total - (reading.nr - reading.floor.nr), total });
      }
    }
    return true;
  }

  async #topOf({ nr, blob }, keys) {
    const place = await placeOf(nr, blob).catch(broken);
    if (place.keyId > keys.at(-1).id) throw new KeyMissing('sealed under a newer own key');
    return place;
  }

  async #open(reading, { keys, closed }, batch) {
    try {
      const { content, next } = await openBatch(reading, keys, this.#self, batch, closed);
      if (!content) return { rows: [], next };
      return { rows: await rowsOf(this.#store, this.#self, parseBatch(content), batch.nr), next };
    } catch (error) {
      return broken(error);
    }
  }

  /** @returns {Promise<object[]>} rows that are to be told */
  #keep(rows, next, top) {
    return this.#store.write(ARCHIVE_STORES, async stores => {
      const added = [];
      for (const row of rows) added.push(...await addPast(stores, this.#self.user, row));
      const progress = readingEnds(next) ? { reading: null, top: null, head: top }
        : { reading: next, top };
      await changeArchive(stores, progress);
      return added;
    });
  }
}

function broken(error) {
  const isRefusal = error instanceof Refused || error instanceof FrameError
    || error instanceof JsonError;
  throw isRefusal ? new ArchiveBroken(error.message) : error;
}
