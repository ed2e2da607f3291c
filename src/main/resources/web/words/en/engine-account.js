/** What the engine says to people about their own account and its devices. */

export const ACCOUNT_REFUSALS = {
  'not-listed': 'The server does not know this browser any more. Sign in again.',
  'device-revoked': 'This browser was removed from the account.',
  'revoked': 'This browser was removed from your account on another device. Its keys and messages '
    + 'of this account have been erased here. Sign in to make it a device again.',
  'revoked-unproven': 'The server says that this browser was removed from your account, but cannot '
    + 'show that one of your devices did it. Your keys and messages are kept here. Look at '
    + 'Settings → Devices in another browser; if this browser is still there, tell the person who '
    + 'runs the server.',
  'devices-full': 'The account has as many devices as it can. Choose one that goes; it is signed '
    + 'out and erased.',
  'devices-used-up': 'The account had 1,000 devices, and can have no further one. Go on with those '
    + 'that it has.',
  'last-device': 'This is the only device of your account. Erase this browser only, or delete the '
    + 'account.',
  'device-name-invalid': 'A device needs a name of 1 to 64 characters.',
  'vault-refused': 'What the server keeps for you does not open, or is not of this account. '
    + 'Nothing was changed. Try again later; if it goes on, tell the person who runs the server.',
  'vault-old': 'The server showed an old vault, or an old list of your devices. Nothing was '
    + 'changed. Tell the person who runs the server.',
  'own-list-refused': 'The server showed a list of your devices that is old or that your account '
    + 'did not sign. Nothing was changed. Tell the person who runs the server.',
  'own-keys-full': 'Devices of this account were removed so often that it can have no more keys. '
    + 'Tell the person who runs the server.',
  'account-busy': 'Another device of yours is changing the account. Try again in a moment.',
  'account-reopened': 'The person who runs the server has opened this name again. You can begin '
    + 'anew under it: your contacts will see a new safety number, and what was here before '
    + 'stays lost.',
  'code-invalid': 'This is no recovery code, or there is a slip in it. Compare it with your paper.',
  'recovery-failed': 'The user name or the recovery code is wrong, or no code was set. Check both '
    + 'and try again.',
  'reset-refused': 'The time for a new start has not come yet, or it was called off.',
};

export const ACCOUNT_ALARMS = {
  'sync-lost': 'The server has lost or changed what your devices share. Your contacts may be shown '
    + 'as not verified; compare the safety numbers again.',
};

/** What is different between two lists of the own devices; `{device}` is one of these two. */
export const OWN_DEVICES = {
  named: 'The device “{name}”',
  unnamed: 'A device',
  added: '{device} was added to your account. If that was not you, remove it under Settings → '
    + 'Devices and change your password.',
  removed: '{device} was removed from your account.',
  newKey: 'One of your devices gave your account a new security key. If that was not you, tell the '
    + 'person who runs the server.',
};

/** What a browser is called until its user gives it another name. */
export const DEVICE_NAMES = {
  browser: 'Browser',
  on: '{browser} on {system}',
};
