/** A group's name (docs/protocol.md §9.3). */

import { equal, utf8 } from '../crypto/bytes.js';
import { sha256 } from '../crypto/encoding.js';
import { infoKey } from '../crypto/group-epoch.js';
import { openInfo, sealInfo } from '../crypto/group-message.js';
import { Refused } from '../crypto/refused.js';
import { FrameError, oneOf, record } from '../protocol/fields.js';
import { JsonError, parseStrict } from '../protocol/strict-json.js';

const VERSION = 1;
const NAME_BYTES_MAX = 256;
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

const UNREADABLE = [Refused, FrameError, JsonError];

const INFO = record({ version: oneOf(VERSION), name: value => {
  if (!isName(value)) throw new FrameError('not a name');
  return value;
} });

/** Whether this may be a group's name. */
export function isName(name) {
  if (typeof name !== 'string' || !name.isWellFormed() || CONTROL.test(name)) return false;
  const size = utf8(name).length;
  return size >= 1 && size <= NAME_BYTES_MAX;
}

/** `info` of a commit. */
export async function sealName(place, joiner, name) {
  const content = utf8(JSON.stringify({ version: VERSION, name }));
  return sealInfo(await infoKey(place, joiner), place.group, place.epoch, content);
}

/**
 * The name in `info`; null if it cannot be read. Refused (`chain`) if it is not the commit's.
 *
 * @param {Uint8Array|null} joiner J, if this device has it
 */
export async function openName(place, joiner, info, infoDigest) {
  if (!equal(await sha256(info), infoDigest)) throw new Refused('chain', 'another info');
  if (!joiner) return null;
  try {
    const key = await infoKey(place, joiner);
    const content = await openInfo(key, place.group, place.epoch, info);
    return INFO(parseStrict(content)).name;
  } catch (error) {
    if (!UNREADABLE.some(type => error instanceof type)) throw error;
    return null;
  }
}
