/** Messages as the archive and siblings hold them (docs/protocol.md §14.2), and as rows here. */

import { base64url, fromBase64url } from '../crypto/bytes.js';
import {
  FrameError, count, deviceId, isGroupId, list, oneOf, record, text, time, userName,
} from '../protocol/fields.js';
import { encodeJson } from '../protocol/frames.js';
import { JsonError, parseStrict } from '../protocol/strict-json.js';
import {
  conversationOfGroup, groupOf, isGroupConversation, messageById, messageIdOf, peerIn, rowId,
} from '../store/conversations.js';
import { isSaid } from '../store/kinds.js';
import { isLasting } from '../store/lifetime.js';
import { timeOf } from '../store/message-time.js';
import { SAID_CONTENTS, messageId } from './contents.js';
import { contentOf, isSaidType, saidRow } from './said.js';

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
/** By type. */
const RECORDS = Object.fromEntries(Object.entries(SAID_CONTENTS).map(([type, content]) =>
  [type, record({ ...RECORD, content })]));
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
 * Records of what was said here: as many of the ids' as fit, and the first in any case. What was
 * deleted or made void meanwhile has none.
 *
 * @param {string[]} ids of rows
 * @param {number} bytesMax of their JSON together
 * @returns {Promise<{records: object[], count: number}>} and of how many ids these are
 */
export async function recordsThatFit(store, self, ids, bytesMax) {
  const rows = await store.read(['messages'],
    stores => Promise.all(ids.slice(0, RECORDS_MAX).map(id => messageById(stores, id))));
  const records = [];
  let size = 0;
  for (const [i, row] of rows.entries()) {
    if (!row || !isSaid(row) || !isLasting(row)) continue;
    const record = await recordOf(store, self, row);
    size += encodeJson(record).length + 1;
    if (records.length > 0 && size > bytesMax) return { records, count: i };
    records.push(record);
  }
  return { records, count: rows.length };
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
    type: row.kind,
    content: await contentOf(store, row),
  };
}

/**
 * The rows of records. A record that says nothing to this version, or does not fit, is passed over
 * alone: who wrote it has the user's own key.
 *
 * @param {object[]} records newest first: those of one time stay as they come
 * @param {number} archive number of the batch, 0 if they came from a sibling
 * @returns {Promise<object[]>} rows, those of texts without their ordinals, newest first
 */
export async function rowsOf(store, self, records, archive) {
  const said = records.map(value => saidRecord(self.user, value)).filter(Boolean);
  const rows = await Promise.all(said.map(value => rowOf(store, self, value, archive)));
  return rows.sort((left, right) => timeOf(right) - timeOf(left));
}

function saidRecord(user, value) {
  if (!isSaidType(value?.type)) return null;
  try {
    const parsed = RECORDS[value.type](value);
    return isOfUser(user, parsed) && !parsed.content.disappearAfter ? parsed : null;
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

function rowOf(store, self, value, archive) {
  const { kind, from, device, sentAt, time: at } = value;
  const mine = from === self.user;
  const row = {
    conversation: kind === 'group' ? conversationOfGroup(value.conversation) : value.conversation,
    id: rowId(from, fromBase64url(value.messageId)),
    mine, from, device, sentAt, time: at, archive,
    ...mine ? { state: 'sent', acceptedAt: at } : { receivedAt: at },
  };
  return saidRow(store, row, value);
}

/** What a record is, is found out for each alone. */
function whole(value) {
  return value;
}
