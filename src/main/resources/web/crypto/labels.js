/** Every label and domain separator of the protocol (docs/protocol.md §1.1), in this one place. */

// Labels of signatures.
export const HELLO = 'sotto/v1/hello';
export const FIRST = 'sotto/v1/first';
export const SERVER_FIRST = 'sotto/v1/server-first';
export const PREKEY = 'sotto/v1/prekey';
export const OPENING = 'sotto/v1/opening';
export const ACK = 'sotto/v1/ack';
export const GROUP_OP = 'sotto/v1/group-op';
export const ACCOUNT_CHANGE = 'sotto/v1/account-change';

// A label of a signature and of a hash over the same items.
export const DEVICE_LIST = 'sotto/v1/device-list';

// Labels of a signature and of a hash, over different items.
export const RESTORED = 'sotto/v1/restored';
export const WITNESS = 'sotto/v1/witness';

// Labels of hashes.
export const TRANSCRIPT = 'sotto/v1/transcript';
export const PASSWORD = 'sotto/v1/password';
export const LOG = 'sotto/v1/log';
export const ENTRY = 'sotto/v1/entry';
export const BODY = 'sotto/v1/body';
export const SERVER = 'sotto/v1/server';
export const ROSTER = 'sotto/v1/roster';
export const COMMIT = 'sotto/v1/commit';
export const GROUP_COMMIT = 'sotto/v1/group-commit';
export const GROUP_PROPOSAL = 'sotto/v1/group-proposal';
export const GROUP_POST = 'sotto/v1/group-post';
export const RECOVERY_CODE = 'sotto/v1/recovery-code';

// A label of a hash, and first item of an AAD.
export const GROUP_CONFIRM = 'sotto/v1/group-confirm';

// A label of a hash, an HKDF info, and first item of an AAD.
export const ARCHIVE = 'sotto/v1/archive';

// A label of a signature, and first item of an AAD.
export const GROUP_MESSAGE = 'sotto/v1/group-message';

// HPKE info, psk_id and exporter context.
export const CLIENT_TO_SERVER = 'sotto/v1/c2s';
export const SERVER_TO_CLIENT = 'sotto/v1/s2c';
export const PSK = 'sotto/v1/psk';
export const PSK_ID = 'sotto/v1';

// HKDF info.
export const AUTH_SECRET = 'sotto/v1/auth-secret';
export const VAULT_KEY = 'sotto/v1/vault-key';
export const SESSION = 'sotto/v1/session';
export const RATCHET = 'sotto/v1/ratchet';
export const RECOVERY_SECRET = 'sotto/v1/recovery-secret';

// HKDF info of a key, and first item of the AAD of what it seals.
export const RECOVERY_VAULT = 'sotto/v1/recovery-vault';
export const SYNC = 'sotto/v1/sync';

// First item of the HKDF info of a group's keys.
export const GROUP_CHAIN_KEY = 'sotto/v1/group/chain';
export const GROUP_NEXT = 'sotto/v1/group/next';
export const GROUP_CONFIRM_KEY = 'sotto/v1/group/confirm';
export const GROUP_INFO_KEY = 'sotto/v1/group/info';

// What is authenticated under a group's secrets to name them.
export const COMMIT_CHECK = 'sotto/v1/commit-check';
export const JOIN_CHECK = 'sotto/v1/join-check';

// First item of an HPKE info.
export const GROUP_SECRET = 'sotto/v1/group-secret';

// First item of an AAD, and of the data of a safety number.
export const VAULT = 'sotto/v1/vault';
export const MESSAGE = 'sotto/v1/message';
export const FILE = 'sotto/v1/file';
export const TYPING = 'sotto/v1/typing';
export const GROUP_INFO = 'sotto/v1/group-info';
export const SAFETY = 'sotto/v1/safety';

// First item of the AAD of what this browser seals for itself; it never travels.
export const AT_REST = 'sotto/v1/at-rest';
