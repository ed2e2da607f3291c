/** Forms that frames share (docs/protocol.md §1.3, §4). */

import { base64url } from '../crypto/bytes.js';
import {
  bytes, count, deviceId, distinct, integer, list, oneOf, optional, record, text, time, userName, within,
} from './fields.js';

export const HASH = bytes(32);
export const SIGNATURE = bytes(64);
export const MESSAGE_ID = bytes(16);
export const POINT = record({ sequenceNr: integer, hash: HASH });

export const SUITES = list(count, { min: 1, max: 16 });
/** More than the key of any known suite. */
export const HPKE_KEY = bytes(32, 2048);

const DEVICE = record({
  id: deviceId,
  signKey: bytes(32),
  suites: distinct(SUITES, suite => suite),
  addedAt: time,
  inboxStart: POINT,
});

const DEVICES = list(DEVICE, { min: 1, max: 8 });

export const DEVICE_LIST = record({
  user: userName,
  serverHost: text,
  version: count,
  prevHash: HASH,
  accountKey: bytes(32),
  devices: distinct(distinct(DEVICES, ({ id }) => id), ({ signKey }) => base64url(signKey)),
  signature: SIGNATURE,
  keyChange: optional(record({ device: deviceId, signature: SIGNATURE })),
});

export const PREKEY_ID = within(1, 2 ** 31 - 1);
/** 0 is of a device that the server holds no prekeys of. */
export const HELD_PREKEY_ID = within(0, 2 ** 31 - 1);
export const PREKEY_KIND = oneOf('signed', 'one-time');
export const PREKEY = record({
  id: PREKEY_ID,
  kind: PREKEY_KIND,
  suite: count,
  key: HPKE_KEY,
  signature: SIGNATURE,
});
