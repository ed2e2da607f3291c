/** A user's archive on the server in the page (docs/protocol.md §14.1). Tests bend it. */

import { fromBase64url } from '/crypto/bytes.js';
import { Failure } from './failure.js';

const PAGE_BYTES_MAX = 180 * 1024;

export class InPageArchive {
  first = 1;
  /** By number. */
  blobs = new Map();
  last = 0;
  quota = 256 * 1024 * 1024;

  get state() {
    const bytes = [...this.blobs.values()].reduce((sum, blob) => sum + blob.length, 0);
    return { type: 'archive-state', first: this.first, last: this.last, bytes, quota: this.quota };
  }

  append({ nr, blob }) {
    const bytes = typeof blob === 'string' ? fromBase64url(blob) : blob;
    if (nr !== this.last + 1) throw new Failure('stale');
    if (this.state.bytes + bytes.length > this.quota) throw new Failure('archive-full');
    this.blobs.set(nr, bytes);
    this.last = nr;
    return this.state;
  }

  page({ before }) {
    const { first, last } = this;
    const batches = [];
    let left = PAGE_BYTES_MAX;
    for (let nr = Math.min(before - 1, last); nr >= first; nr--) {
      const blob = this.blobs.get(nr);
      left -= blob?.length ?? 0;
      if (!blob || left < 0 && batches.length > 0) break;
      batches.push({ nr, blob });
    }
    return { type: 'archive-batches', batches, first, last };
  }

  drop() {
    this.blobs.clear();
    this.first = this.last + 1;
    return this.state;
  }

  /** What the server holds now, to be put back later. */
  copy() {
    return Object.assign(new InPageArchive(), this, { blobs: new Map(this.blobs) });
  }
}
