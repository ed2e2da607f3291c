/** What S says of files (docs/protocol.md §7.6). */

import { bytes, integer, time } from './fields.js';

export const FILE_ERROR_CODES = ['file-too-large', 'files-full', 'file-refused'];

export const FILE_REPLIES = {
  'file-ticket': { ticket: bytes(32), offset: integer, expiresAt: time, keptUntil: time },
};

/** What a client's frames about files hold, as in frames.js. */
export const FILE_REQUESTS = {
  'file-ask': { fields: ['token', 'file', 'size'], reply: ['file-ticket'] },
  'file-drop': { fields: ['token', 'file'], reply: ['done'] },
};
