/** What devices say to each other (docs/protocol.md §7.4, §9.5), in bytes and back. */

import {
  FrameError, boolean, bytes, count, deviceId, integer, isGroupId, isUserName, list, record, text,
  time, userName,
} from '../protocol/fields.js';
import { encodeJson } from '../protocol/frames.js';
import { parseStrict } from '../protocol/strict-json.js';
import { conversationOf, peerIn } from '../store/conversations.js';
import { SAID_CONTENTS, messageId } from './contents.js';

const VERSION = 1;
const IDS_MAX = 256;
const RECORDS_MAX = 100;

const CONTENTS = {
  ...SAID_CONTENTS,
  confirm: record({ users: list(userName, { min: 2, max: 2 }) }),
  receipt: record({ delivered: list(messageId, { min: 1, max: IDS_MAX }) }),
  seen: record({ upTo: messageId }),
  none: record({}),
  repair: record({ lost: list(messageId, { max: IDS_MAX }) }),
};

/** What only devices of one user say to each other (§7.5). */
const OWN_CONTENTS = {
  'read': record({ upTo: messageId }),
  'own-key': record({ id: count, key: bytes(32), listVersion: count }),
  'history-ask': record({ have: integer }),
  'history-answer': record({ device: deviceId, agreed: boolean, total: integer }),
  'history': record({
    device: deviceId, records: list(whole, { max: RECORDS_MAX }), left: integer,
  }),
};

const { receipt, seen, ...FROM_SIBLINGS } = { ...CONTENTS, ...OWN_CONTENTS };

const KNOWN_TYPES = Object.keys({ ...CONTENTS, ...OWN_CONTENTS });

const LIST_VERSIONS = { senderListVersion: count, recipientListVersion: count };

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
  const fields = parse(bytes, CONTENTS, LIST_VERSIONS);
  return ofConversation(fields, fields.conversation === conversation);
}

/** As `parsePlaintext`, of what another device of `user` wrote. */
export function parseOwnPlaintext(bytes, user) {
  const fields = parse(bytes, FROM_SIBLINGS, LIST_VERSIONS);
  return ofConversation(fields, isOwnConversation(fields, user));
}

/** As `parsePlaintext`, of a post. @param {string} group id */
export function parseGroupPlaintext(bytes, group) {
  const fields = parse(bytes, SAID_CONTENTS, {});
  return ofConversation(fields, fields.conversation === group);
}

/** What was said and what was read are about a conversation, the rest is about none. */
function isOwnConversation({ type, conversation }, user) {
  if (Object.hasOwn(SAID_CONTENTS, type)) return isWithPerson(conversation, user);
  if (type === 'read') return isGroupId(conversation) || isWithPerson(conversation, user);
  return conversation === conversationOf(user, user);
}

function isWithPerson(conversation, user) {
  return isUserName(peerIn(conversation, user));
}

function ofConversation(fields, fits) {
  if (!fits && fields.type !== 'unsupported') throw new FrameError('another conversation');
  return fields;
}

function parse(bytes, contents, more) {
  const value = parseStrict(bytes);
  const isElsewhere = value?.version === VERSION && !Object.hasOwn(contents, value.type)
    && KNOWN_TYPES.includes(value.type);
  if (isElsewhere) throw new FrameError('a type that has no place here');
  const isNewer = value?.version > VERSION
    || value?.version === VERSION && !Object.hasOwn(contents, value.type);
  if (isNewer) return { type: 'unsupported' };
  return record({
    version: count,
    type: text,
    conversation: text,
    ...more,
    sentAt: time,
    content: contents[value?.type] ?? text,
  })(value);
}

/** Whoever takes it looks at its form. */
function whole(value) {
  return value;
}
