/** What devices say to each other (docs/protocol.md §7.4, §9.5), in bytes and back. */

import { fromBase64url, utf8 } from '../crypto/bytes.js';
import { FrameError, count, list, record, text, time, userName } from '../protocol/fields.js';
import { encodeJson } from '../protocol/frames.js';
import { parseStrict } from '../protocol/strict-json.js';

const VERSION = 1;
const MESSAGE_ID_BYTES = 16;
const IDS_MAX = 256;
const TEXT_BYTES_MAX = 65_536;

/** The content of a text. */
export const textContent = record({ text: messageText });

const CONTENTS = {
  text: textContent,
  confirm: record({ users: list(userName, { min: 2, max: 2 }) }),
  receipt: record({ delivered: list(messageId, { min: 1, max: IDS_MAX }) }),
  repair: record({ lost: list(messageId, { max: IDS_MAX }) }),
};

const GROUP_CONTENTS = { text: CONTENTS.text };

/** @param {object} fields all of a plaintext but its version */
export function buildPlaintext(fields) {
  return encodeJson({ version: VERSION, ...fields });
}

/**
 * @param {Uint8Array} bytes as decrypted: its sender is known, its content is theirs
 * @param {string} conversation the one that it must name
 * @returns {object} the fields; or only `{type: 'unsupported'}` for what a newer version wrote
 * @throws {FrameError|JsonError} for anything that this version does not allow
 */
export function parsePlaintext(bytes, conversation) {
  return parse(bytes, conversation, CONTENTS,
    { senderListVersion: count, recipientListVersion: count });
}

/** As `parsePlaintext`, of a post. @param {string} group id */
export function parseGroupPlaintext(bytes, group) {
  return parse(bytes, group, GROUP_CONTENTS, {});
}

function parse(bytes, conversation, contents, more) {
  const value = parseStrict(bytes);
  const isNewer = value?.version > VERSION
    || value?.version === VERSION && !Object.hasOwn(contents, value.type);
  if (isNewer) return { type: 'unsupported' };
  const fields = record({
    version: count,
    type: text,
    conversation: text,
    ...more,
    sentAt: time,
    content: contents[value?.type] ?? text,
  })(value);
  if (fields.conversation !== conversation) throw new FrameError('another conversation');
  return fields;
}

/** Message ids stay in the form in which they travel. */
export function messageId(value) {
  if (fromBase64url(text(value)).length !== MESSAGE_ID_BYTES) throw new FrameError('not an id');
  return value;
}

/** What has no place in a text: control characters but tab, line feed and carriage return. */
export const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g;

function messageText(value) {
  const size = utf8(text(value)).length;
  const isClean = value.search(CONTROL_CHARACTERS) < 0;
  if (size < 1 || size > TEXT_BYTES_MAX || !isClean) throw new FrameError('not a text');
  return value;
}
