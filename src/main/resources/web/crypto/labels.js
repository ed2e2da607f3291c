/** Every label and domain separator of the protocol (docs/protocol.md §1.1), in this one place. */

// Labels of signatures.
export const HELLO = 'sotto/v1/hello';
export const FIRST = 'sotto/v1/first';
export const SERVER_FIRST = 'sotto/v1/server-first';
export const PREKEY = 'sotto/v1/prekey';
export const OPENING = 'sotto/v1/opening';
export const ACK = 'sotto/v1/ack';

// A label of a signature and of a hash over the same items.
export const DEVICE_LIST = 'sotto/v1/device-list';

// Labels of hashes.
export const TRANSCRIPT = 'sotto/v1/transcript';
export const PASSWORD = 'sotto/v1/password';
export const LOG = 'sotto/v1/log';
export const ENTRY = 'sotto/v1/entry';
export const BODY = 'sotto/v1/body';
export const SERVER = 'sotto/v1/server';

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

// First item of an AAD, and of the data of a safety number.
export const VAULT = 'sotto/v1/vault';
export const MESSAGE = 'sotto/v1/message';
export const SAFETY = 'sotto/v1/safety';

// First item of the AAD of what this browser seals for itself; it never travels.
export const AT_REST = 'sotto/v1/at-rest';
