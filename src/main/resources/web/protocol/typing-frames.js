/** Who is writing, as frames (docs/protocol.md §7.10). */

import { bytes, deviceId, groupId, optional, userName } from './fields.js';

const SEALED = bytes(1, 128);

export const TYPING_PUSHES = {
  'typing': {
    fromUser: userName, fromDevice: deviceId, group: optional(groupId), sealed: SEALED,
  },
};

/** What a client's frames hold, as in frames.js: `to` or `group`. */
export const TYPING_REQUESTS = {
  'typing': { fields: ['token', 'sealed'], optional: ['to', 'group'], reply: ['done'] },
};
