/** What people say and change, as contents of messages (docs/protocol.md §7.4, §7.6). */

import { utf8 } from '../crypto/bytes.js';
import {
  FrameError, bytes, count, optional, record, text, time, userName, within,
} from '../protocol/fields.js';
import { DISAPPEAR_AFTER } from '../state/durations.js';

export const TEXT_BYTES_MAX = 65_536;
export const EMOJI_BYTES_MAX = 32;
/** Of two changes of one thing, the one with the higher number counts. */
export const NR_MAX = 2 ** 31;

const MESSAGE_ID_BYTES = 16;
const NAME_CHARS_MAX = 255;
const TYPE_CHARS = { min: 3, max: 127 };
const SIDE_MAX = 65_535;
const PREVIEW_BYTES_MAX = 16_384;

/** What has no place in a text: control characters but tab, line feed and carriage return. */
export const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g;
const NOT_IN_EMOJI = /[\p{Cc}\p{White_Space}]/u;
const NOT_IN_NAMES = /[\p{Cc}/\\]|^\.\.?$/u;
const MEDIA_TYPE = /^[!-.0-~]+\/[!-.0-~]+$/;

const messageOf = record({ from: userName, message: messageId });
const nr = within(1, NR_MAX);
const disappearAfter = within(DISAPPEAR_AFTER.min, DISAPPEAR_AFTER.max);

const preview = record({
  width: within(1, SIDE_MAX), height: within(1, SIDE_MAX), jpeg: bytes(1, PREVIEW_BYTES_MAX),
});

/** By type: what people say, and how they change what was said. */
export const SAID_CONTENTS = {
  text: record({
    text: messageText, replyTo: optional(messageOf), typingKey: optional(bytes(32)),
    disappearAfter: optional(disappearAfter),
  }),
  file: record({
    file: bytes(32), key: bytes(32), digest: bytes(32), size: count, name: fileName, mediaType,
    text: optional(messageText), replyTo: optional(messageOf), preview: optional(preview),
    disappearAfter: optional(disappearAfter), keptUntil: optional(time),
  }),
  reaction: record({ to: messageOf, nr, emoji: optional(emoji) }),
  edit: record({ message: messageId, nr, text: messageText }),
  delete: record({ message: messageId }),
  timer: record({ seconds, nr }),
};

/** Message ids stay in the form in which they travel. */
export function messageId(value) {
  bytes(MESSAGE_ID_BYTES)(value);
  return value;
}

/** Whether this can be a reaction. */
export function isEmoji(value) {
  const size = utf8(value).length;
  return size >= 1 && size <= EMOJI_BYTES_MAX && !NOT_IN_EMOJI.test(value);
}

/** Whether a conversation can have this timer: 0 is never. */
export function isTimer(value) {
  const { min, max } = DISAPPEAR_AFTER;
  return value === 0 || Number.isSafeInteger(value) && value >= min && value <= max;
}

function seconds(value) {
  if (!isTimer(value)) throw new FrameError('not a timer');
  return value;
}

function emoji(value) {
  if (!isEmoji(text(value))) throw new FrameError('not an emoji');
  return value;
}

function messageText(value) {
  const size = utf8(text(value)).length;
  const isClean = value.search(CONTROL_CHARACTERS) < 0;
  if (size < 1 || size > TEXT_BYTES_MAX || !isClean) throw new FrameError('not a text');
  return value;
}

function fileName(value) {
  const { length } = [...text(value)];
  if (length < 1 || length > NAME_CHARS_MAX || NOT_IN_NAMES.test(value)) {
    throw new FrameError('not a name of a file');
  }
  return value;
}

function mediaType(value) {
  const { length } = text(value);
  const fits = length >= TYPE_CHARS.min && length <= TYPE_CHARS.max && MEDIA_TYPE.test(value);
  if (!fits) throw new FrameError('not a media type');
  return value;
}
