/** Messages as the archive and siblings hold them (docs/protocol.md §14.2), and as rows here. */

import { base64url, fromBase64url } from '../crypto/bytes.js';
import {
  FrameError, count, deviceId, isGroupId, list, oneOf, record, text, time, userName,
} from '../protocol/fields.js';
import { encodeJson } from '../protocol/frames.js';
import { JsonError, parseStrict } from '../protocol/strict-json.js';
import {
  conversationOfGroup, groupOf, isGroupConversation, messageById, messageIdOf, messagePlace, peerIn,
  rowId,
} from '../store/conversations.js';
import { timeOf } from '../store/message-time.js';
import { messageId, textContent } from './plaintext.js';

const VERSION = 1;
const RECORDS_MAX = 100;

const RECORD = {
  conversation: text,
  kind: oneOf('person', 'group'),
  messageId,
  from: userName,
  device: deviceId,
  sentAt: time,
  time,
  type: text,
};
const TEXT_RECORD = record({ ...RECORD, content: textContent });
const BATCH = record({ version: count, records: list(whole, { min: 1, max: RECORDS_MAX }) });

/** The content of a batch. @param {object[]} records 1 to 100, oldest first */
export function buildBatch(records) {
  return encodeJson({ version: VERSION, records });
}

/**
 * The records in a batch that opened.
 *
 * @returns {object[]} newest first; none if a newer version wrote it
 * @throws {FrameError|JsonError} for what no version writes
 */
export function parseBatch(content) {
  const value = parseStrict(content);
  return value?.version > VERSION ? [] : [...BATCH(value).records].reverse();
}

/**
 * Records of texts that this device shows: as many of the ids' as fit, and the first in any case.
 *
 * @param {string[]} ids of rows
 * @param {number} bytesMax of their JSON together
 */
export async function recordsThatFit(store, self, ids, bytesMax) {
  const rows = await store.read(['messages'],
    stores => Promise.all(ids.slice(0, RECORDS_MAX).map(id => messageById(stores, id))));
  const records = [];
  let size = 0;
  for (const row of rows) {
    const record = await recordOf(store, self, row);
    size += encodeJson(record).length + 1;
    if (records.length > 0 && size > bytesMax) break;
    records.push(record);
  }
  return records;
}

async function recordOf(store, self, row) {
  const isOfGroup = isGroupConversation(row.conversation);
  return {
    conversation: isOfGroup ? groupOf(row.conversation) : row.conversation,
    kind: isOfGroup ? 'group' : 'person',
    messageId: base64url(messageIdOf(row)),
    from: row.from,
    device: row.device ?? self.deviceId,
    sentAt: row.sentAt,
    time: timeOf(row),
    type: 'text',
    content: { text: await store.sealing.open(messagePlace(row), row.sealed) },
  };
}

/**
 * The rows of records. A record that says nothing to this version, or does not fit, is passed over
 * alone: who wrote it has the user's own key.
 *
 * @param {object[]} records newest first: those of one time stay as they come
 * @param {number} archive number of the batch, 0 if they came from a sibling
 * @returns {Promise<object[]>} rows of texts without their ordinals, newest first
 */
export async function rowsOf(store, self, records, archive) {
  const texts = records.map(value => textRecord(self.user, value)).filter(Boolean);
  const rows = await Promise.all(texts.map(value => rowOf(store, self, value, archive)));
  return rows.sort((left, right) => timeOf(right) - timeOf(left));
}

function textRecord(user, value) {
  try {
    const parsed = TEXT_RECORD(value);
    return parsed.type === 'text' && isOfUser(user, parsed) ? parsed : null;
  } catch (error) {
    if (error instanceof FrameError || error instanceof JsonError) return null;
    throw error;
  }
}

/** In a conversation of two people nobody else writes. */
function isOfUser(user, { kind, conversation, from }) {
  if (kind === 'group') return isGroupId(conversation);
  const peer = peerIn(conversation, user);
  return peer !== null && (from === user || from === peer);
}

async function rowOf(store, self, value, archive) {
  const { kind, from, device, sentAt, time: at } = value;
  const mine = from === self.user;
  const row = {
    conversation: kind === 'group' ? conversationOfGroup(value.conversation) : value.conversation,
    id: rowId(from, fromBase64url(value.messageId)),
    mine, from, device, sentAt, time: at, kind: 'text', archive,
    ...mine ? { state: 'sent', acceptedAt: at } : { receivedAt: at },
  };
  return { ...row, sealed: await store.sealing.seal(messagePlace(row), value.content.text) };
}

/** What a record is, is found out for each alone. */
function whole(value) {
  return value;
}
