/** What S says of a user's archive (docs/protocol.md §14). */

import { FrameError, bytes, count, integer, list, record } from './fields.js';

const BLOB = bytes(1, 160 * 1024);

export const ARCHIVE_ERROR_CODES = ['archive-full'];

const BATCHES = list(record({ nr: count, blob: BLOB }));

/** Newest first. */
function falling(value) {
  const batches = BATCHES(value);
  const falls = batches.every(({ nr }, i) => i === 0 || nr < batches[i - 1].nr);
  if (!falls) throw new FrameError('numbers of batches do not fall');
  return batches;
}

export const ARCHIVE_REPLIES = {
  'archive-state': { first: count, last: integer, bytes: integer, quota: integer },
  'archive-batches': { batches: falling, first: count, last: integer },
};

/** What a client's frames of §14 hold, as in frames.js. */
export const ARCHIVE_REQUESTS = {
  'archive-state': { fields: ['token'], reply: ['archive-state'] },
  'archive-append': { fields: ['token', 'nr', 'blob'], reply: ['archive-state'] },
  'archive-page': { fields: ['token', 'before'], reply: ['archive-batches'] },
  'archive-drop': { fields: ['token'], reply: ['archive-state'] },
};
