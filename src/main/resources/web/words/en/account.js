/** The part of the texts that is about getting in and coming back; `texts` holds them all. */

/** A device at the beginning of a sentence; its name may not be known here yet. */
const oneDevice = name => name ? `Your device “${name}”` : 'One of your devices';

export const accountTexts = Object.freeze({
  // Start
  accountTabs: 'Your account',
  signIn: 'Sign in',
  createAccount: 'Create account',
  username: 'Username',
  password: 'Password',
  newPassword: 'New password',
  repeatPassword: 'Repeat password',
  showTyped: 'Show what I type',
  usernameHint: '2 to 32 characters: a to z, 0 to 9, dot, dash and underscore.',
  passphraseAdvice: 'A passphrase is best: four or more words that have nothing to do with each '
    + 'other. At least 10 characters.',
  suggest: 'Suggest a passphrase',
  suggestFailed: 'The list of words could not be loaded. Check your connection and try again, or '
    + 'choose words yourself.',
  suggested: words => `Chosen by chance: ${words}. Write the six words down before you go on.`,
  keepPassword: 'Nobody can look up your password, not even the people who run this server. Write '
    + 'it down and keep it somewhere safe. After this you can get a recovery code for it too.',
  anyBrowser: 'Your user name and password open your account in any browser. Your conversations '
    + 'come along.',
  makingKeys: 'Making your keys. This takes a few seconds…',
  signingIn: 'Signing in. A browser that is new to your account is added to it; that takes a few '
    + 'seconds…',
  recovering: 'Opening your account with the code, and setting the new password…',
  nameInvalid: 'This user name is not possible. Use 2 to 32 characters: a to z, 0 to 9, dot, dash '
    + 'and underscore, the first one a letter or a digit.',
  passwordMissing: 'Type your password.',
  passwordProblems: {
    short: 'This password is too short. Use at least 10 characters; four or more words are best.',
    'holds-name': 'This password holds your user name, which is the first thing people try. '
      + 'Choose another one.',
    common: 'This password is one that everybody tries first. Choose another one, best of four or '
      + 'more words.',
  },
  passwordsDiffer: 'The two passwords are not the same. Type them again.',
  accountsHere: 'Accounts in this browser',
  backTo: user => `Back to ${user}`,

  // Ninth device
  devicesFullTitle: 'Which device do you no longer need?',
  devicesFullHint: 'An account has at most 8 devices. The one that you choose is signed out, and '
    + 'what is kept on it is erased when it next connects.',
  replaceAndSignIn: 'Remove it and sign in',
  replaceMissing: 'Choose a device to remove.',

  // A name that was opened again
  reopenedTitle: 'This name begins anew',
  reopenedHint: 'Go on only if the people who run this server told you that they opened your name '
    + 'again. Earlier messages do not come back, and your contacts are told that your security key '
    + 'is a new one that nobody announced: compare the safety number with them.',
  createAnew: 'Begin anew under this name',

  // Forgotten
  forgot: 'Forgot your password?',
  forgotSignedIn: 'You are still signed in on another device',
  forgotSignedInHint: 'Open Settings there, then Password, then “I forgot my password”. After a '
    + 'day you can set a new one; your messages stay.',
  forgotCode: 'You have a recovery code',
  forgotCodeHint: 'It opens your account now, and you set a new password.',
  useCode: 'Use the recovery code',
  forgotNeither: 'You have neither',
  forgotNeitherHint: 'Ask the people who run this server to open your name again. They cannot '
    + 'bring back your messages, and your contacts see a new security key.',
  recoveryCode: 'Recovery code',
  codeHint: '32 letters and digits. Lower case, blanks and dashes make no difference.',
  codeMissing: 'Type your recovery code.',
  recoverTitle: 'Set a new password',
  backToSignIn: 'Back to signing in',

  // Gates: screens that stand before everything else
  gates: {
    unsupported: { title: 'Sotto cannot run here' },
    failed: { title: 'Sotto could not start', action: 'Reload the page',
      text: 'Something went wrong while the page was starting. Reload it; if that does not help, '
        + 'tell the people who run this server.' },
    revoked: { title: 'This browser was removed', action: 'Sign in again',
      text: 'This browser was removed from the account, and its keys and messages were erased here.',
      advice: 'When you sign in, your conversations come back from the archive or from your other '
        + 'devices. If you did not remove it, somebody who knows your password did: sign in and '
        + 'change it.' },
    'storage-refused': { title: 'This browser does not let Sotto keep anything',
      action: 'Try again',
      advice: 'Once it does, sign in: your conversations are restored from the archive or from your '
        + 'other devices.' },
    'storage-wiped': { title: 'This browser has erased what Sotto had kept',
      action: 'Sign in again and restore',
      advice: 'Your account is not lost. Your other devices keep what they have, and your contacts '
        + 'see a new device, not a new safety number.' },
    'server-changed': { title: 'This is not the server that this browser knows',
      action: 'Trust this server from now on',
      confirm: 'The people who run this server have told me that its key changed' },
  },
  offeredFingerprint: 'Fingerprint',

  // News of the own account
  offerRecovery: 'Get a recovery code, so that a forgotten password never locks you out.',
  offerAccept: 'Get the code',
  offerLater: 'Later',
  offerHistory: 'Your archive is off, so this browser has none of your earlier messages. Your other '
    + 'devices can hand them over.',
  offerHistoryAccept: 'Get them',
  restoring: (done, total) => total > 0
    ? `Restoring your messages: ${Math.floor(100 * done / total)}%. You can use Sotto meanwhile.`
    : 'Looking for your messages in the archive. You can use Sotto meanwhile.',
  restoringLabel: 'Restored messages',
  takingOver: (done, total) => `Handing over history: ${done} of ${total} messages. Keep both `
    + 'browsers open; you can use Sotto meanwhile.',
  takingOverLabel: 'Handed over messages',
  historyAskedBy: name => `${oneDevice(name)} asks this browser for your message history. Agree `
    + 'only if you have just signed in there.',
  agree: 'Agree',
  resetMine: time => `You asked to set a new password without the old one. You can from ${time}. `
    + 'Whoever knows the password or has the recovery code can end this.',
  resetReady: 'You can set your new password now.',
  resetByOther: (name, time) => `${oneDevice(name)} asked to set a new password without the old `
    + `one; it can from ${time}. If that was not you, cancel it and remove that device.`,
  resetSet: 'Set it',
  resetShow: 'Show',
  resetCancel: 'Cancel it',
  pastNews: {
    'archive-full': 'Your archive on the server is full. New messages are kept in your browsers '
      + 'only.',
    'archive-broken': 'The server lost or changed part of your archive. What was restored until '
      + 'there is kept.',
    'history-done': 'The message history has been handed over.',
    'history-declined': 'On the other device somebody declined to hand over history.',
    'history-empty': 'The other device agreed, and has no messages that this one lacks.',
  },
  showHistorySettings: 'History settings',

  // Account menu
  account: user => `Account: ${user}`,
  switchTo: user => `Switch to ${user}`,
  addAccount: 'Add another account',
  settings: 'Settings',
  signOut: 'Sign out',
});
