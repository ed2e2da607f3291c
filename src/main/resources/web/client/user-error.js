/** A refusal in words for people. */

import { GroupRefused } from '../group/group-refused.js';
import { ConnectionLost, RequestRefused, TooLarge } from '../protocol/connection.js';
import { HelloRefused } from '../protocol/hello.js';
import { StorageRefused } from '../store/account-store.js';
import { sizeName } from '../words/numbers.js';
import { NotListed } from './link.js';
import { refusalText } from './texts.js';

export class UserError extends Error {
  name = 'UserError';

  /** @param {object} [values] what stands in the text's braces, and what the page shows besides */
  constructor(code, values) {
    super(code);
    this.code = code;
    this.values = values;
    this.text = refusalText(code, values);
  }

  /** One that came from another tab. */
  static of({ code, text, values }) {
    return Object.assign(new UserError('failed-here'), { code, text, values, message: code });
  }
}

const HELLO_REFUSALS = {
  'form': 'server-not-understood',
  'suite': 'server-not-understood',
  'host': 'server-host',
  'seal-key': 'server-seal-key',
  'server-key': 'server-changed',
};

/** Error codes of the server that people get in these words. */
const SAID_AS = {
  'name-invalid': 'name-invalid',
  'name-taken': 'name-taken',
  'sign-in-failed': 'sign-in-failed',
  'device-revoked': 'device-revoked',
  'devices-full': 'devices-full',
  'devices-used-up': 'devices-used-up',
  'account-reopened': 'account-reopened',
  'reset-refused': 'reset-refused',
  'device-list-refused': 'own-list-refused',
  'stale': 'account-busy',
  'unknown-user': 'unknown-user',
  'rate-limited': 'rate-limited',
  'busy': 'busy',
  'server-full': 'server-full',
  'token-expired': 'token-ended',
  'token-refused': 'token-ended',
  'unknown-outcome': 'offline',
  'internal': 'server-failed',
  'not-member': 'not-member',
  'not-admin': 'not-admin',
  'last-admin': 'last-admin',
  'group-full': 'group-full',
  'invitation-over': 'invitation-over',
  'already-member': 'group-already-member',
  'epoch-stale': 'group-busy',
  'epoch-pending': 'group-busy',
  'group-taken': 'group-refused',
  'pieces-refused': 'group-busy',
  'devices-changed': 'group-busy',
  'signature-refused': 'group-refused',
  'group-refused': 'group-refused',
  'file-too-large': 'file-too-large',
  'files-full': 'files-full',
};

const WRONG_DEVICE_SIGNATURE = 4401;

/**
 * @param {Error} error what a request, a connection or the store failed with
 * @param {object} [values] what stands in the text's braces
 * @returns {Error} a UserError; the error itself if it is a mistake of the program
 */
export function userErrorOf(error, values) {
  if (error instanceof RequestRefused) return refused(error, values);
  if (error instanceof ConnectionLost) {
    return new UserError(error.code === WRONG_DEVICE_SIGNATURE ? 'device-refused' : 'offline');
  }
  if (error instanceof HelloRefused) {
    return new UserError(HELLO_REFUSALS[error.reason], { host: error.hello?.serverHost });
  }
  if (error instanceof GroupRefused) return new UserError(SAID_AS[error.code], values);
  if (error instanceof StorageRefused) return new UserError('storage-refused');
  if (error instanceof NotListed) return new UserError('not-listed');
  return error instanceof TooLarge ? new UserError('text-too-long') : error;
}

function refused({ code, frame }, values) {
  const { deviceList, inbox } = frame;
  const seconds = Math.max(1, Math.ceil((frame.retryAfter ?? 1000) / 1000));
  const max = frame.max >= 0 && { max: sizeName(frame.max) };
  return new UserError(SAID_AS[code] ?? 'server-not-understood',
    { seconds, ...max, ...deviceList && { deviceList, inbox }, ...values });
}
