/** What a person typed, as it can be sent. */

import { utf8 } from '../crypto/bytes.js';
import { CONTROL_CHARACTERS, TEXT_BYTES_MAX } from './contents.js';
import { UserError } from './user-error.js';

/** @returns {string} without what has no place in a text; throws UserError */
export function checkedText(typed) {
  const text = typed.toWellFormed().replace(CONTROL_CHARACTERS, '');
  const size = utf8(text).length;
  if (size === 0) throw new UserError('text-empty');
  if (size > TEXT_BYTES_MAX) throw new UserError('text-too-long');
  return text;
}
