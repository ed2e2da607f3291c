/** Appends to the archive what is shown here and not in it yet (docs/protocol.md §14.1). */

import { BATCH_BYTES_MAX, placeBefore, sealBatch } from '../crypto/archive.js';
import { TooLarge } from '../protocol/connection.js';
import { ARCHIVE_STORES, changeArchive, markArchived, unarchived } from '../store/archive.js';
import { buildBatch, recordsThatFit } from './archive-records.js';

/** Sealing adds padding to the next 4 KiB, and less than 1 KiB of its own. */
const CONTENT_BYTES_MAX = BATCH_BYTES_MAX - 5 * 1024;

/** A sibling erased the archive just before a batch, which names one that is gone. */
export class ArchiveErased extends Error {
  name = 'ArchiveErased';
}

export class ArchiveAppending {
  #store;
  #self;
  #keys;
  #request;
  #contentBytesMax = CONTENT_BYTES_MAX;

  /** @param {function(): Promise<OwnKey[]>} keys all own keys */
  constructor(store, self, keys, request) {
    this.#store = store;
    this.#self = self;
    this.#keys = keys;
    this.#request = request;
  }

  /**
   * Appends everything, oldest first.
   *
   * @param {ArchivePlace|null} head of the archive; null if there is no batch
   * @returns {Promise<ArchivePlace|null>} the head after that; rejects with RequestRefused `stale`
   *   if a sibling was quicker, with ArchiveErased if what was appended leads to nothing
   */
  async run(head) {
    let ids = await this.#store.read(ARCHIVE_STORES, unarchived);
    let after = head;
    let newest = head;
    while (ids.length > 0) {
      after ??= placeBefore((await this.#request('archive-state', {})).first);
      const batch = await this.#batchOf(ids);
      try {
        if (batch.content) newest = after = await this.#append(after, batch);
        ids = ids.slice(batch.ids.length);
      } catch (error) {
        if (!(error instanceof TooLarge)) throw error;
        // A server that takes less than usual; what it never takes is left out.
        if (batch.ids.length === 1) ids = ids.slice(1);
        else this.#contentBytesMax = batch.content.length >> 1;
      }
    }
    return newest;
  }

  async #batchOf(ids) {
    const { records, count } = await recordsThatFit(
      this.#store, this.#self, ids, this.#contentBytesMax);
    const content = records.length > 0 ? buildBatch(records) : null;
    return { ids: ids.slice(0, count), content };
  }

  async #append(after, { ids, content }) {
    const newest = (await this.#keys()).at(-1);
    const { blob, place } = await sealBatch(after, newest, this.#self, content);
    const { first } = await this.#request('archive-append', { nr: place.nr, blob });
    // A lost answer changes nothing: the batch is found there, and what it holds is known then.
    await this.#store.write(ARCHIVE_STORES, async stores => {
      await markArchived(stores, ids, place.nr);
      await changeArchive(stores, { head: place, seen: place.nr, appended: place.nr });
    });
    if (after.keyId > 0 && after.nr < first) throw new ArchiveErased();
    return place;
  }
}
