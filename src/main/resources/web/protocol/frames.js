/** Frames (docs/protocol.md §5): what the client says is built here, what S says parsed here. */

import { base64url, utf8 } from '../crypto/bytes.js';
import {
  ACCOUNT_ERROR_CODES, ACCOUNT_PUSHES, ACCOUNT_REPLIES, ACCOUNT_REQUESTS, INBOX_START,
} from './account-frames.js';
import { ARCHIVE_ERROR_CODES, ARCHIVE_REPLIES, ARCHIVE_REQUESTS } from './archive-frames.js';
import { FILE_ERROR_CODES, FILE_REPLIES, FILE_REQUESTS } from './file-frames.js';
import {
  FrameError, boolean, bytes, count, deviceId, integer, list, oneOf, optional, record,
  rising, text, time, userName,
} from './fields.js';
import {
  DEVICE_LIST, HASH, HELD_PREKEY_ID, HPKE_KEY, MESSAGE_ID, POINT, PREKEY, PREKEY_ID, SIGNATURE,
  SUITES,
} from './forms.js';
import {
  GROUP_ERROR_CODES, GROUP_PUSHES, GROUP_REPLIES, checkGroupPush,
} from './group-frames.js';
import { parseStrict } from './strict-json.js';
import { TYPING_PUSHES, TYPING_REQUESTS } from './typing-frames.js';

const HELLO = record({
  type: oneOf('hello'),
  version: oneOf(1),
  serverHost: text,
  time: time,
  bundle: text,
  suites: SUITES,
  signKey: bytes(32),
  challenge: bytes(32),
  sealKeys: list(record({
    node: text,
    serial: integer,
    suite: count,
    key: HPKE_KEY,
    notAfter: time,
    signature: bytes(64),
  }), { min: 1, max: 16 }),
  limits: record({
    envelopeBytesMax: count,
    textBytesMax: count,
    devicesMax: count,
    oneTimePrekeysMax: count,
    sendsInFlightMax: count,
    entriesInFlightMax: count,
  }),
});

const INBOX = { kind: oneOf('inbox'), owner: userName };

/** A point of an inbox or of a group's log; whose, the one who takes it compares. */
const LOG_POINT = {
  kind: oneOf('inbox', 'group'),
  owner: text,
  generation: count,
  sequenceNr: integer,
  hash: HASH,
};

const ERROR_CODES = [
  'bad-frame', 'unknown-type', 'bad-nonce', 'token-expired', 'token-refused', 'sign-in-failed',
  'name-invalid', 'name-taken', 'device-list-refused', 'prekey-refused',
  'unknown-user', 'devices-changed', 'out-of-order', 'inbox-full', 'unanswered', 'ack-refused',
  'rate-limited', 'busy', 'server-full', 'unknown-outcome', 'internal', ...ACCOUNT_ERROR_CODES,
  ...ARCHIVE_ERROR_CODES, ...FILE_ERROR_CODES, ...GROUP_ERROR_CODES,
];

const REPLIES = {
  'signed-in': {
    token: bytes(32),
    tokenExpiresAt: time,
    inbox: record({ generation: count, cursor: POINT, head: POINT }),
    deviceListVersion: count,
    deviceListHash: HASH,
    signedPrekeyId: HELD_PREKEY_ID,
    oneTimePrekeyIds: list(PREKEY_ID, { max: 100 }),
    visibility: oneOf('all', 'contacts', 'nobody'),
  },
  'device-list': { deviceList: DEVICE_LIST },
  'key-bundle': {
    deviceList: DEVICE_LIST,
    keys: list(record({
      device: deviceId,
      signedPrekey: PREKEY,
      oneTimePrekey: optional(PREKEY),
    }), { min: 1, max: 8 }),
  },
  'accepted': { n: count, sequenceNr: count, time: time, hash: HASH, digest: HASH },
  'online-users': { users: list(userName, { max: 100 }), more: boolean },
  'done': {},
  'pong': {},
  ...ACCOUNT_REPLIES,
  ...ARCHIVE_REPLIES,
  ...FILE_REPLIES,
  ...GROUP_REPLIES,
  'error': {
    code: oneOf(...ERROR_CODES),
    text,
    expected: optional(count),
    deviceList: optional(DEVICE_LIST),
    inbox: optional(INBOX_START),
    retryAfter: optional(integer),
    max: optional(integer),
  },
};

const BODIES = list(record({ device: deviceId, digest: HASH }), { max: 8 });

const PUSHES = {
  'entry': {
    ...LOG_POINT,
    ...INBOX,
    sequenceNr: count,
    time: time,
    entryKind: text,
    fromUser: userName,
    fromDevice: deviceId,
    messageId: MESSAGE_ID,
    bodies: rising(BODIES, ({ device }) => device),
    ciphertext: optional(bytes(0, Infinity)),
  },
  'caught-up': LOG_POINT,
  'cut-off': LOG_POINT,
  'restored': {
    ...LOG_POINT,
    sequenceNr: count,
    time: time,
    previous: POINT,
    copyTime: time,
    signature: SIGNATURE,
  },
  ...ACCOUNT_PUSHES,
  ...GROUP_PUSHES,
  ...TYPING_PUSHES,
};

const SERVER_FRAMES = new Map(Object.entries({ ...REPLIES, ...PUSHES }).map(([type, fields]) =>
  [type, record({ type: oneOf(type), nonce: integer, ...fields })]));

/** Each shows that the user opened the vault, or has the recovery code (§12.1). */
const PROOFS = ['authSecret', 'recoverySecret'];
const PROOFS_TAKEN = { 'one': [1], 'one or none': [0, 1] };

const FIRST = ['user', 'deviceId', 'deviceKey', 'connectionKey'];

/**
 * What each frame of a client holds besides its nonce, how many proofs, and the types of which its
 * one reply has one.
 */
const CLIENT_FRAMES = new Map(Object.entries({
  'register': {
    fields: [...FIRST, 'authSecret', 'deviceList', 'prekeys', 'vault'], reply: ['signed-in'],
  },
  'login': { fields: [...FIRST, 'authSecret'], reply: ['signed-in', 'linking'] },
  'resume': { fields: [...FIRST, 'token'], reply: ['signed-in'] },
  'recover': { fields: [...FIRST, 'recoverySecret'], reply: ['linking'] },
  'devices': { fields: ['token', 'user'], reply: ['device-list'] },
  'keys': { fields: ['token', 'user'], reply: ['key-bundle'] },
  'send': {
    fields: ['token', 'to', 'n', 'deviceListVersion', 'messageId', 'copies'], reply: ['accepted'],
  },
  'online': { fields: ['token'], optional: ['prefix', 'after'], reply: ['online-users'] },
  'visibility': { fields: ['token', 'visibility'], reply: ['done'] },
  'prekeys': { fields: ['token', 'replace', 'prekeys'], reply: ['done'] },
  'sign-out': { fields: ['token'], reply: ['done'] },
  'ping': { fields: ['token'], reply: ['pong'] },
  'ack': { fields: ['token', 'items', 'signature'] },
  'group-append': {
    fields: ['token', 'group', 'messageId', 'content'],
    optional: ['info', 'pieces', 'ciphertext'], reply: ['group-accepted'],
  },
  'group-keys': { fields: ['token', 'group'], optional: ['after'], reply: ['group-key-page'] },
  'group-seen': { fields: ['token', 'group', 'sequenceNr'], reply: ['group-seen-by'] },
  'follow': { fields: ['token', 'group', 'after'], reply: ['done'] },
  ...ACCOUNT_REQUESTS,
  ...ARCHIVE_REQUESTS,
  ...FILE_REQUESTS,
  ...TYPING_REQUESTS,
}));

/** Whether a frame of type `reply` answers a request of `type`. */
export function isReplyTo(type, reply) {
  return CLIENT_FRAMES.get(type).reply.includes(reply);
}

/** Whether a frame of this type carries the connection's token. */
export function hasToken(type) {
  return CLIENT_FRAMES.get(type).fields.includes('token');
}

export function isPush(frame) {
  return Object.hasOwn(PUSHES, frame.type);
}

/**
 * A frame of the client.
 *
 * @throws {TypeError} if a field is missing or is not one of the type's: a mistake of the caller
 */
export function buildFrame(type, nonce, fields) {
  const form = CLIENT_FRAMES.get(type);
  const required = form.fields.every(name => fields[name] !== undefined);
  const proofs = PROOFS.filter(name => form.proof && fields[name] !== undefined);
  const known = Object.keys(fields).every(name =>
    form.fields.includes(name) || form.optional?.includes(name) || proofs.includes(name));
  const proven = !form.proof || PROOFS_TAKEN[form.proof].includes(proofs.length);
  if (!required || !known || !proven) throw new TypeError(`wrong fields for ${type}`);
  return encodeJson({ type, nonce, ...fields });
}

/** @throws {FrameError|JsonError} for anything that is no frame of S */
export function parseServerFrame(json) {
  const value = parseStrict(json);
  const check = SERVER_FRAMES.get(value?.type);
  if (!check) throw new FrameError('unknown type');
  return checkGroupPush(check(value));
}

/** @throws {FrameError|JsonError} for anything that has not the form of a hello */
export function parseHello(json) {
  return HELLO(parseStrict(json));
}

/** A device list as it travels outside frames too, in openings (§7.1); not yet verified. */
export function parseDeviceList(json) {
  return DEVICE_LIST(parseStrict(json));
}

/** JSON as UTF-8. Byte arrays become base64url, at any depth. */
export function encodeJson(value) {
  return utf8(JSON.stringify(value, (_, item) =>
    item instanceof Uint8Array ? base64url(item) : item));
}
