/** What S says of an account and what its devices share (docs/protocol.md §12, §13). */

import {
  boolean, bytes, count, deviceId, integer, list, optional, record, time,
} from './fields.js';
import { DEVICE_LIST, POINT } from './forms.js';

const VAULT = bytes(1, 16 * 1024);
const BLOB = bytes(1, 128 * 1024);
const DEVICES_MAX = 8;

/** Where a new device begins in its user's inbox. */
export const INBOX_START = record({ generation: count, head: POINT });

export const ACCOUNT_ERROR_CODES = [
  'device-revoked', 'stale', 'devices-full', 'devices-used-up', 'reset-refused', 'account-reopened',
];

export const ACCOUNT_REPLIES = {
  'linking': {
    vault: VAULT,
    vaultVersion: count,
    deviceList: DEVICE_LIST,
    inbox: INBOX_START,
    sync: optional(record({ counter: count, blob: BLOB })),
    devices: list(record({ id: deviceId, lastSeen: time }), { max: DEVICES_MAX }),
  },
  'vault': {
    vault: VAULT, vaultVersion: count, deviceList: DEVICE_LIST, hasRecovery: boolean,
  },
  'own-device-list': {
    devices: list(record({ id: deviceId, lastSeen: time, connected: boolean }),
      { max: DEVICES_MAX }),
  },
  'sync': { counter: integer, blob: optional(BLOB) },
};

export const ACCOUNT_PUSHES = {
  'account': {
    deviceList: DEVICE_LIST,
    vaultVersion: count,
    syncCounter: integer,
    hasRecovery: boolean,
    reset: optional(record({ device: deviceId, allowedAt: time })),
  },
};

/** What a client's frames of §12 and §13 hold, as in frames.js. */
export const ACCOUNT_REQUESTS = {
  'link': {
    proof: 'one', fields: ['deviceList', 'vault', 'vaultVersion', 'prekeys'],
    optional: ['recoveryVault', 'newAuthSecret'], reply: ['signed-in'],
  },
  'vault': { proof: 'one', fields: ['token'], reply: ['vault'] },
  'account-change': {
    proof: 'one or none', fields: ['token'],
    optional: ['deviceList', 'vault', 'vaultVersion', 'recoveryVault', 'newAuthSecret',
      'newRecoverySecret'],
    reply: ['done'],
  },
  'own-devices': { fields: ['token'], reply: ['own-device-list'] },
  'reset-ask': { fields: ['token'], reply: ['done'] },
  'reset-cancel': { proof: 'one', fields: ['token'], reply: ['done'] },
  'delete-account': { proof: 'one', fields: ['token'], reply: ['done'] },
  'sync': { fields: ['token'], reply: ['sync'] },
  'sync-put': { fields: ['token', 'counter', 'blob'], reply: ['done'] },
};
