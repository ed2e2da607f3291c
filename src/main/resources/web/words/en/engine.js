/**
 * What the engine says to people: what happened, and what to do. `{user}` and the like are filled
 * in by client/texts.js.
 */
import { ACCOUNT_ALARMS, ACCOUNT_REFUSALS, DEVICE_NAMES, OWN_DEVICES } from './engine-account.js';
import { ASKS_NOT_SENT, ASKS_REFUSALS } from './asks.js';
import { ARCHIVE_TEXTS, HISTORY_REFUSALS } from './engine-archive.js';
import { CONTENT_REFUSALS } from './engine-contents.js';
import { OWN_TIMER_NOTICES, TIMER_NOTICES, TIMER_REFUSALS } from './engine-disappearing.js';
import { FILE_NOT_SENT, FILE_REFUSALS } from './engine-files.js';
import {
  GROUP_ALARMS, GROUP_MESSAGES, GROUP_NOTICES, GROUP_NOT_SENT, GROUP_REFUSALS, OWN_GROUP_NOTICES,
  UNNAMED_GROUP,
} from './engine-groups.js';

const REFUSALS = {
  ...ACCOUNT_REFUSALS,
  ...GROUP_REFUSALS,
  ...HISTORY_REFUSALS,
  ...CONTENT_REFUSALS,
  ...FILE_REFUSALS,
  ...TIMER_REFUSALS,
  ...ASKS_REFUSALS,
  'name-invalid': 'This user name cannot be used. Choose 2 to 32 of a to z, 0 to 9, dot, dash and '
    + 'underscore, beginning with a letter or digit.',
  'name-taken': 'Somebody has this user name already. Choose another one.',
  'account-here': 'This browser already holds the account {user}. Sign in instead.',
  'made-before': 'This account was made a moment ago with the password that you typed first. You '
    + 'are signed in; remember that password.',
  'key-changed-again': 'The security key of {user} has changed once more. Look at it again before '
    + 'you choose.',
  'password-short': 'This password is too short. Choose one of at least 10 characters; several '
    + 'words are easiest to remember.',
  'password-holds-name': 'This password contains the user name. Choose another one.',
  'password-common': 'This password is among the first that attackers try. Choose another one; '
    + 'several words are easiest to remember.',
  'sign-in-failed': 'The user name or the password is wrong. Check both and try again.',
  'unknown-user': 'Nobody here is called {user}. Check the name with the person.',
  'yourself': 'This is your own name. Enter the name of somebody else.',
  'no-such-conversation': 'This conversation is no longer here. Reload the page.',
  'no-such-message': 'This message is no longer here. Reload the page.',
  'device-gone': 'This message came from a browser that {user} no longer uses. Ask {user} to '
    + 'write it again.',
  'text-empty': 'There is nothing to send. Write something first.',
  'text-too-long': 'This message is too long. Send it in several parts.',
  'signed-out': 'Nobody is signed in here. Sign in first.',
  'offline': 'The server cannot be reached. Check your connection and try again.',
  'no-answer': 'Another tab with Sotto does not answer. Close it and try again.',
  'failed-here': 'Something went wrong in this page. Reload it and try again.',
  'rate-limited': 'That was tried too often. Wait {seconds} seconds and try again.',
  'busy': 'The server is busy. Wait {seconds} seconds and try again.',
  'server-full': 'The server has no room left. Tell the person who runs it.',
  'server-failed': 'The server failed. Try again; if it goes on, tell the person who runs it.',
  'server-not-understood': 'This page and the server do not understand each other. Reload the '
    + 'page; if it goes on, tell the person who runs the server.',
  'server-host': 'The server says it is {host}, which is not the address of this page. Open '
    + '{host} in the address bar.',
  'server-seal-key': 'The server showed a key that is old or not its own. Check the clock of this '
    + 'device; if it is right, somebody may be between you and the server.',
  'server-changed': 'The key of this server is not the one that this browser knows. Either the '
    + 'server was set up anew, or somebody is between you and it. Ask the person who runs it, '
    + 'compare the fingerprint, and go on only if it is theirs.',
  'device-refused': 'The server did not accept this browser\'s signature. Tell the person who runs '
    + 'the server.',
  'devices-refused': 'The server showed a list of {user}\'s devices that is old or not signed by '
    + '{user}. Nothing was sent. Try again later; if it goes on, tell the person who runs the '
    + 'server.',
  'verify-key-changed': 'The security key of {user} has changed. Decide first whether to go on '
    + 'with the new one.',
  'storage-refused': 'This browser does not keep data for this page, so your keys and messages '
    + 'would be lost. Leave the private window, or allow site data for this page, and reload it.',
  'storage-wiped': 'This browser has erased the keys and messages of {user}. Sign in with your '
    + 'password: this browser then becomes a new device of your account, and gets back what is in '
    + 'your archive. If you forgot the password, use your recovery code.',
  'unsupported-insecure': 'This page was opened without encryption, and browsers then give it no '
    + 'cryptography. Open it with https:// in front; on the server\'s own machine, use localhost.',
  'unsupported-browser': 'This browser is too old for Sotto. Use Chrome or Edge 137, Firefox 130, '
    + 'Safari 17, or later.',
  'token-ended': 'You were signed out: your password was changed on another device, this browser was '
    + 'away for long, or the server was restored from a copy. Enter your password to go on; what you '
    + 'wrote is kept.',
  'replaced': 'This account was opened elsewhere with the keys of this browser, so this page is '
    + 'disconnected. Reload it to go on here.',
};

const MESSAGES = {
  ...GROUP_MESSAGES,
  'expired': 'A message from {user} waited so long that the server dropped it. Ask for it again.',
  'no-session': 'A message from {user} could not be opened: this browser does not have its key.',
  'not-opened': 'A message from {user} could not be opened: it was damaged, or its key is gone.',
  'opening-refused': 'A message from {user} could not be opened: it begins an encryption that does '
    + 'not fit what this browser knows of {user}.',
  'list-missed': 'A message from {user} is asked for again: it was made while this browser was away '
    + 'and your list of devices changed.',
  'key-changed': 'A message from {user} was not opened, because it comes under a security key that '
    + 'you have not accepted.',
  'key-used': 'A message from {user} could not be opened: it comes under a key that was used '
    + 'before.',
  'device-gone': 'A message from {user} was not opened: it comes from a browser that {user} no '
    + 'longer uses.',
  'malformed': 'A message from {user} was opened but makes no sense to this version of Sotto.',
  'unsupported': 'This message needs a newer version of Sotto.',
};

const NOT_SENT = {
  ...GROUP_NOT_SENT,
  ...FILE_NOT_SENT,
  ...ASKS_NOT_SENT,
  'inbox-full': '{user} has been away for so long that no more messages fit. Try again later.',
  'unknown-user': 'The server no longer knows {user}.',
  'devices-refused': 'The server showed a list of {user}\'s devices that is not to be trusted.',
  'too-large': 'The message is too long. Send it in several parts.',
  'refused': 'The server refused this message. Reload the page and try again.',
};

const NOTICES = {
  ...GROUP_NOTICES,
  ...TIMER_NOTICES,
  'new-key': 'The security key of {user} has changed. This happens after a new start with a new '
    + 'browser, or if somebody poses as {user}. Nothing is sent until you choose.',
  'new-key-announced': '{user} has a new security key, and announced it from a device that this '
    + 'browser knew, as after a forgotten or stolen password. Nothing is sent until you choose.',
  'devices-added': '{user} added {count} devices. They get what you write from now on.',
  'device-added': '{user} added a device. It gets what you write from now on.',
  'devices-removed': '{user} removed {count} devices. They get nothing any more.',
  'device-removed': '{user} removed a device. It gets nothing any more.',
  'key-accepted': 'You went on with the new security key of {user}.',
  'gap': 'Messages from {user} that have not arrived: {count}. They may have been written anew '
    + 'after an error; ask {user} if something is missing.',
  'cut-off': 'Messages that waited too long were dropped before this browser came back. Ask your '
    + 'contacts whether something is missing.',
};

const ALARMS = {
  ...ACCOUNT_ALARMS,
  'history-lost': 'The server has lost or changed messages that this browser already had. What you '
    + 'see here is complete up to now; tell the person who runs the server.',
  'history-changed': 'What the server sends does not fit your message history. Nothing more is '
    + 'taken from it until it does; tell the person who runs the server.',
  'store-restored': 'This browser went back to an old copy of its data, so messages since then are '
    + 'missing here. New ones arrive again.',
  'device-put-back': 'The server was restored from an older copy, and did not know this browser for '
    + 'a while. Messages that came in that time are missing here. New ones arrive again.',
  'bad-prekey': 'The server showed a key of {user} that {user} has not signed. Nothing was sent '
    + 'with it. Tell the person who runs the server.',
  'storage-full': 'This browser could not store what arrived, so it stays on the server. Free some '
    + 'space, then reload the page.',
  'own-devices': 'The server shows another list of your own devices than the one you signed. '
    + 'Nothing is sent until it shows the right one. Tell the person who runs the server.',
  'old-devices': 'The server showed an old list of {user}\'s devices. Nothing was sent to it. Tell '
    + 'the person who runs the server.',
};

const RESTORED_UNKNOWN = 'The server was restored from a copy, and does not say when it was made. '
  + 'Messages may be missing on other devices. Your own ones are being sent again.';
const RESTORED = 'The server was restored from a copy made on {at}. What came after may be missing '
  + 'on other devices. Your own messages since then are being sent again.';

export const engine = Object.freeze({
  refusals: REFUSALS,
  messages: MESSAGES,
  notSent: NOT_SENT,
  notices: NOTICES,
  ownNotices: { ...OWN_GROUP_NOTICES, ...OWN_TIMER_NOTICES },
  alarms: ALARMS,
  groupAlarms: GROUP_ALARMS,
  archive: ARCHIVE_TEXTS,
  restored: RESTORED,
  restoredUnknown: RESTORED_UNKNOWN,
  ownDevices: OWN_DEVICES,
  deviceNames: DEVICE_NAMES,
  unnamedGroup: UNNAMED_GROUP,
});
