/** Frames (docs/protocol.md §5): what the client says is built here, what S says parsed here. */

import { toBase64Url } from '../crypto/bytes.js';
import {
  FrameError, boolean, bytes, deviceId, integer, list, oneOf, optional, record, text, userName,
} from './fields.js';
import { parseStrict } from './strict-json.js';

const HASH = bytes(32);
const POINT = record({ sequenceNr: integer, hash: HASH });

const DEVICE_LIST = record({
  user: userName,
  serverHost: text,
  version: integer,
  prevHash: HASH,
  accountKey: bytes(32),
  devices: list(record({
    id: deviceId,
    signKey: bytes(32),
    suites: list(integer),
    addedAt: integer,
    inboxStart: POINT,
  }), { min: 1, max: 8 }),
  signature: bytes(64),
});

const PREKEY = record({
  id: integer,
  kind: oneOf('signed', 'one-time'),
  suite: integer,
  key: bytes(),
  signature: bytes(64),
});

const HELLO = record({
  type: oneOf('hello'),
  version: integer,
  serverHost: text,
  time: integer,
  bundle: text,
  suites: list(integer),
  signKey: bytes(32),
  challenge: bytes(32),
  sealKeys: list(record({
    node: text,
    serial: integer,
    suite: integer,
    key: bytes(),
    notAfter: integer,
    signature: bytes(64),
  })),
  limits: record({
    envelopeBytesMax: integer,
    textBytesMax: integer,
    devicesMax: integer,
    oneTimePrekeysMax: integer,
    sendsInFlightMax: integer,
    entriesInFlightMax: integer,
  }),
});

const LOG_POINT = {
  kind: oneOf('inbox'),
  owner: userName,
  generation: integer,
  sequenceNr: integer,
  hash: HASH,
};

const ERROR_CODES = [
  'bad-frame', 'unknown-type', 'bad-nonce', 'token-expired', 'token-refused', 'sign-in-failed',
  'unknown-device', 'name-invalid', 'name-taken', 'device-list-refused', 'prekey-refused',
  'unknown-user', 'devices-changed', 'out-of-order', 'inbox-full', 'ack-refused', 'rate-limited',
  'busy', 'server-full', 'unknown-outcome', 'internal',
];

const REPLIES = {
  'signed-in': {
    token: bytes(32),
    tokenExpiresAt: integer,
    inbox: record({ generation: integer, cursor: POINT, head: POINT }),
    deviceListVersion: integer,
    deviceListHash: HASH,
    signedPrekeyId: integer,
    oneTimePrekeyIds: list(integer),
    visibility: oneOf('all', 'contacts', 'nobody'),
  },
  'device-list': { deviceList: DEVICE_LIST },
  'key-bundle': {
    deviceList: DEVICE_LIST,
    keys: list(record({
      device: deviceId,
      signedPrekey: PREKEY,
      oneTimePrekey: optional(PREKEY),
    })),
  },
  'accepted': { n: integer, sequenceNr: integer, time: integer, hash: HASH, digest: HASH },
  'online-users': { users: list(userName, { max: 100 }), more: boolean },
  'done': {},
  'pong': {},
  'error': {
    code: oneOf(...ERROR_CODES),
    text,
    expected: optional(integer),
    deviceList: optional(DEVICE_LIST),
    retryAfter: optional(integer),
  },
};

const PUSHES = {
  'entry': {
    ...LOG_POINT,
    time: integer,
    entryKind: oneOf('message'),
    fromUser: userName,
    fromDevice: deviceId,
    messageId: bytes(16),
    bodies: list(record({ device: deviceId, digest: HASH })),
    ciphertext: optional(bytes()),
  },
  'caught-up': LOG_POINT,
  'cut-off': LOG_POINT,
};

const SERVER_FRAMES = new Map(Object.entries({ ...REPLIES, ...PUSHES }).map(([type, fields]) =>
  [type, record({ type: oneOf(type), nonce: integer, ...fields })]));

/** What each request may hold besides nonce and token, and the type of its one reply. */
const FIRST = ['user', 'deviceId', 'deviceKey', 'connectionKey'];
const CLIENT_FRAMES = new Map(Object.entries({
  'register': {
    fields: [...FIRST, 'authSecret', 'deviceList', 'prekeys', 'vault'], reply: 'signed-in',
  },
  'login': { fields: [...FIRST, 'authSecret'], reply: 'signed-in' },
  'resume': { fields: [...FIRST, 'token'], reply: 'signed-in' },
  'devices': { fields: ['token', 'user'], reply: 'device-list' },
  'keys': { fields: ['token', 'user'], reply: 'key-bundle' },
  'send': {
    fields: ['token', 'to', 'n', 'deviceListVersion', 'messageId', 'copies'], reply: 'accepted',
  },
  'online': { fields: ['token'], optional: ['prefix', 'after'], reply: 'online-users' },
  'visibility': { fields: ['token', 'visibility'], reply: 'done' },
  'prekeys': { fields: ['token', 'replace', 'prekeys'], reply: 'done' },
  'sign-out': { fields: ['token'], reply: 'done' },
  'ping': { fields: ['token'], reply: 'pong' },
  'ack': { fields: ['token', 'items', 'signature'] },
}));

/** @returns {string|undefined} the type of the one reply to a request of `type` */
export function replyTypeOf(type) {
  return CLIENT_FRAMES.get(type).reply;
}

export function isPush(frame) {
  return Object.hasOwn(PUSHES, frame.type);
}

/**
 * A frame of the client as JSON. Byte arrays become base64url, at any depth.
 *
 * @throws {TypeError} if a field is missing or is not one of the type's: a mistake of the caller
 */
export function buildFrame(type, nonce, fields) {
  const form = CLIENT_FRAMES.get(type);
  const required = form.fields.every(name => fields[name] !== undefined);
  const known = Object.keys(fields).every(name =>
    form.fields.includes(name) || form.optional?.includes(name));
  if (!required || !known) throw new TypeError(`wrong fields for ${type}`);
  return encodeJson({ type, nonce, ...fields });
}

/** @throws {FrameError|JsonError} for anything that is no frame of S */
export function parseServerFrame(json) {
  const value = parseStrict(json);
  const check = SERVER_FRAMES.get(value?.type);
  if (!check) throw new FrameError('unknown type');
  return check(value);
}

/** @throws {FrameError|JsonError} for anything that has not the form of a hello */
export function parseHello(json) {
  return HELLO(parseStrict(json));
}

/** A device list as it travels outside frames too, in openings (§7.1); not yet verified. */
export function parseDeviceList(json) {
  return DEVICE_LIST(parseStrict(json));
}

export function encodeJson(value) {
  return new TextEncoder().encode(JSON.stringify(value, (_, item) =>
    item instanceof Uint8Array ? toBase64Url(item) : item));
}
