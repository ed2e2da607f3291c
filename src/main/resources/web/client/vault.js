/** What the vault and sync hold, as JSON and back (docs/protocol.md §3, §13). */

import {
  FrameError, boolean, bytes, count, deviceId, distinct, integer, list, oneOf, optional, record,
  rising, text, userName, within,
} from '../protocol/fields.js';
import { HASH } from '../protocol/forms.js';
import { encodeJson } from '../protocol/frames.js';
import { parseStrict } from '../protocol/strict-json.js';
import { OWN_KEYS_MAX } from '../store/own-keys.js';
import { SWITCHES, touchedSwitches } from './switches.js';

const VAULT_VERSION = 2;
const SYNC_VERSION = 1;
const NAME_MAX = 64;
/** Of two user names and what joins them. */
const CONVERSATION_CHARS_MAX = 65;

const KEY = bytes(32);
const LIST_REF = record({ version: count, hash: HASH });
const OWN_KEY = record({ id: count, key: KEY, listVersion: optional(integer) });
const OWN_KEYS = list(OWN_KEY, { min: 1, max: OWN_KEYS_MAX });

const FIRST_VAULT = record({
  version: within(1, 1),
  accountSeed: KEY,
  syncKey: KEY,
  deviceList: LIST_REF,
});

const VAULT = record({
  version: within(VAULT_VERSION, VAULT_VERSION),
  accountSeed: KEY,
  ownKeys: numbered(OWN_KEYS),
  recoveryCode: optional(bytes(16)),
  syncCounter: integer,
  deviceList: LIST_REF,
});

const CONTACT = record({
  user: userName,
  accountKey: KEY,
  verified: boolean,
  listVersion: count,
  listHash: HASH,
  standing: optional(oneOf('asked', 'blocked')),
});

const ARRANGED = record({
  conversation: shortText,
  muted: optional(isTrue),
  pinned: optional(isTrue),
  archived: optional(isTrue),
});

const CLOSING = record({ keyId: within(2, OWN_KEYS_MAX), nr: integer, hash: HASH });

const SYNC = record({
  version: within(SYNC_VERSION, SYNC_VERSION),
  contacts: distinct(list(CONTACT), ({ user }) => user),
  devices: distinct(list(record({ id: deviceId, name: deviceName })), ({ id }) => id),
  archive: record({
    on: boolean,
    nr: integer,
    closed: optional(rising(list(CLOSING, { min: 1, max: OWN_KEYS_MAX }), ({ keyId }) => keyId)),
  }),
  readReceipts: optional(boolean),
  typing: optional(boolean),
  openToAll: optional(boolean),
  conversations: optional(distinct(list(ARRANGED), ({ conversation }) => conversation)),
});

/**
 * @typedef {object} Vault
 * @property {Uint8Array} accountSeed
 * @property {(OwnKey & {listVersion?: number})[]} ownKeys with the ids 1, 2, …; `listVersion` is
 *   that of the device list for which it was made, 0 if it only stands for one that is not known
 * @property {Uint8Array} [recoveryCode]
 * @property {number} syncCounter
 * @property {{version: number, hash: Uint8Array}} deviceList
 */

/** @param {Vault} vault @returns {Uint8Array} FrameError if nobody could read it again */
export function encodeVault({ accountSeed, ownKeys, recoveryCode, syncCounter, deviceList }) {
  const content = encodeJson({
    version: VAULT_VERSION, accountSeed, ownKeys, recoveryCode, syncCounter, deviceList,
  });
  parseVault(content);
  return content;
}

/**
 * The content of a vault that opened, of this version or the first.
 *
 * @returns {Vault}
 * @throws {FrameError|JsonError} for anything else
 */
export function parseVault(content) {
  const value = parseStrict(content);
  if (value?.version !== 1) return withoutVersion(VAULT(value));
  const { accountSeed, syncKey, deviceList } = FIRST_VAULT(value);
  return { accountSeed, ownKeys: [{ id: 1, key: syncKey }], syncCounter: 0, deviceList };
}

/**
 * @param {{contacts: object[], devices: {id: string, name: string}[],
 *   archive: {on: boolean, nr: number, closed?: ArchiveClosing[]}, conversations?: object[]}} sync
 *   with the switches
 */
export function encodeSync({
  contacts, devices, archive: { on, nr, closed = [] }, conversations, ...switches
}) {
  const archive = { on, nr, ...closed.length > 0 && { closed } };
  return encodeJson({
    version: SYNC_VERSION, contacts, devices, archive, ...touchedSwitches(switches), conversations,
  });
}

/** The content of a sync blob that opened; throws FrameError or JsonError for anything else. */
export function parseSync(content) {
  const { archive, ...shared } = withoutVersion(SYNC(parseStrict(content)));
  return { ...SWITCHES, ...shared, archive: { closed: [], ...archive } };
}

function withoutVersion({ version, ...content }) {
  return content;
}

function numbered(check) {
  return value => {
    const keys = check(value);
    if (keys.some(({ id }, i) => id !== i + 1)) throw new FrameError('own keys with gaps');
    return keys;
  };
}

function isTrue(value) {
  if (value !== true) throw new FrameError('not true');
  return value;
}

function shortText(value) {
  if (text(value).length > CONVERSATION_CHARS_MAX) throw new FrameError('not a conversation');
  return value;
}

function deviceName(value) {
  const { length } = [...text(value)];
  if (length < 1 || length > NAME_MAX) throw new FrameError('not a name of a device');
  return value;
}
