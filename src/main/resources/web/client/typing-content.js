/** What is said of who is writing (docs/protocol.md §7.10). */

import { boolean, count, oneOf, record } from '../protocol/fields.js';
import { encodeJson } from '../protocol/frames.js';
import { parseStrict } from '../protocol/strict-json.js';

const VERSION = 1;

const CONTENT = record({ version: oneOf(VERSION), nr: count, typing: boolean });

export function buildTyping(nr, typing) {
  return encodeJson({ version: VERSION, nr, typing });
}

/** @throws {FrameError|JsonError} for anything else, also of a newer version */
export function parseTyping(bytes) {
  const { nr, typing } = CONTENT(parseStrict(bytes));
  return { nr, typing };
}
