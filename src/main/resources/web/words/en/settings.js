/** The part of the texts that is shown in the settings; `texts` holds them all. */
export const settingsTexts = Object.freeze({
  settingsSections: 'Sections',
  allSettings: 'All settings',
  sections: {
    general: 'General',
    privacy: 'Privacy',
    notifications: 'Notifications',
    devices: 'Devices',
    password: 'Password',
    recovery: 'Recovery code',
    history: 'History',
    server: 'Server',
    account: 'Account',
  },

  // Privacy
  visibilityTitle: 'Who sees me in the list of people online',
  visibility: {
    all: 'Everyone on this server',
    contacts: 'People I have written with, both ways',
    nobody: 'Nobody',
  },
  readReceiptsTitle: 'Reading',
  readReceipts: 'Tell people when I have read what they wrote',
  readReceiptsHint: 'It is for all your devices, and works both ways: while it is off, you are not '
    + 'told either. In groups nobody is told.',

  // General
  themeTitle: 'Appearance',
  themes: { system: 'Like the system', light: 'Light', dark: 'Dark' },
  languageTitle: 'Language',
  languageOfBrowser: 'Like the browser',
  languageHint: 'The page is loaded anew for it. What you are writing stays; files that are attached '
    + 'and not sent have to be chosen once more.',
  changeLanguage: 'Change language',
  browserTitle: 'This browser',
  persisted: 'Your keys and messages are kept in this browser until you remove them.',
  notPersisted: 'Your keys and messages are kept in this browser, but it may erase them when disk '
    + 'space runs low. Allow Sotto to keep data, or use this page often.',
  storageUsed: size => `Sotto uses ${size} here.`,

  // Server
  serverHost: 'Address',
  serverFingerprint: 'Fingerprint',
  fingerprintHint: 'The people who run the server see the same fingerprint when it starts.',
  knowsTitle: 'What the server knows about me',
  knows: [
    'your user name, and the public keys of your devices',
    'when each device is connected, and from which network address',
    'who wrote to you and to whom you wrote, when, and about how much; not what',
    'in which groups you are, with whom, and who invited or removed whom',
    'when your devices have received something; not whether you have read it',
    'to whom you are writing just now, while it is shown; it keeps nothing of that',
    'how large your archive is, and when it grew',
    'about how large each file is that you send, and from which address it is loaded',
  ],
  knowsNotTitle: 'What it does not know',
  knowsNot: [
    'your messages and files, and the names of your groups and devices',
    'your password and your recovery code',
    'whom you have verified or blocked, and what you have muted or searched for',
  ],

  // Devices
  devicesHint: 'Each browser or program in which you signed in is a device of your account. Every '
    + 'one gets all messages. Your contacts are told when one is added or removed.',
  devicesLoading: 'Looking…',
  devicesOffline: 'Your devices can be changed when the server is reached again.',
  yourDevices: 'Your devices',
  unnamedDevice: 'Device without a name',
  thisBrowser: 'This browser',
  connectedNow: 'Connected now',
  lastSeen: time => `Last seen ${time}`,
  neverSeen: 'Not seen yet',
  addedOn: day => `Added ${day}`,
  renameDevice: name => `Rename ${name}`,
  deviceName: 'Name of the device',
  deviceNameHint: 'Only you see it.',
  deviceNameProblem: 'A name has 1 to 64 characters.',
  saveDeviceName: 'Save name',
  removeDevice: name => `Remove ${name}`,
  removeDeviceMeans: name => `“${name}” is signed out at once and gets nothing that is written from `
    + 'now on. What is kept on it is erased when it next connects; until then, whoever has it can '
    + 'read what it already got. If it was stolen, change your password too.',
  removeDeviceNow: 'Remove device',
  removingDevice: 'Removing…',
  revoking: (done, all) => `Telling your groups: ${done} of ${all}…`,
  deviceRemoved: name => `“${name}” was removed. It can neither read nor send anything any more.`,
  removeThisBrowser: 'Remove this browser',
  removeThisBrowserMeans: user => `This removes the browser from the account ${user} and erases its `
    + 'keys and messages here. Your other devices keep theirs, and the archive stays; you can sign '
    + 'in here again with your password.',
  removeThisBrowserNow: 'Remove and erase',
  browserRemoved: 'This browser was removed from your account. Its keys and messages were erased '
    + 'here.',

  // Password
  changePassword: 'Change password',
  changePasswordHint: 'Your other devices ask for the new password once. Your messages stay.',
  currentPassword: 'Current password',
  newKey: 'Somebody may know my password or have one of my browsers: also make a new security key',
  newKeyHint: 'Your contacts are told that your security key changed and that you announced it; '
    + 'compare the safety number with them anew. Remove devices that you do not have any more.',
  changingPassword: 'Changing the password. This takes a few seconds…',
  passwordChanged: 'Your password was changed.',
  passwordAndKeyChanged: 'Your password and your security key were changed. Your contacts are told.',
  forgotTitle: 'Forgotten password',
  forgotHere: 'Somebody who has this browser but not your password must not take your account at '
    + 'once. So you ask now, all your devices say so, and after a waiting time (a day, unless the '
    + 'people who run this server set another) you set a new password here. Your security key '
    + 'changes with it, and your contacts are told.',
  askReset: 'I forgot my password',
  resetWaits: time => `Asked. You can set a new password here from ${time}.`,
  resetElsewhere: (name, time) => `Asked for on ${name ? `“${name}”` : 'another device'}, which can `
    + `set a new password from ${time}.`,
  resetNow: 'Set new password',
  resetDone: 'Your new password is set, and your security key was changed. Your contacts are told. A '
    + 'recovery code that you had does not work any more: get a new one.',
  cancelReset: 'Cancel the request',
  cancelResetMeans: 'This ends the request to set a new password without the old one. It takes '
    + 'your present password.',
  resetCancelled: 'The request was cancelled. If you did not make it, remove the device that did.',

  // Recovery code
  codeWhat: 'With a recovery code you get into your account when you have forgotten the password, '
    + 'even if you have lost all your devices. Print it or write it down, and keep it away '
    + 'from your devices: whoever has it can open your account.',
  codeUnknown: 'Shown when connected.',
  codeIsSet: 'A recovery code is set.',
  codeIsNotSet: 'No recovery code is set.',
  setCode: 'Get a recovery code',
  replaceCode: 'Replace the code',
  dropCode: 'Remove the code',
  setCodeMeans: 'The code is shown once. Have paper or a printer at hand.',
  replaceCodeMeans: 'The code that you have stops working at once. The new one is shown once: have '
    + 'paper or a printer at hand.',
  setCodeNow: 'Show the code',
  dropCodeMeans: 'The code stops working at once. A forgotten password then needs a device on which '
    + 'you are signed in.',
  dropCodeNow: 'Remove the code',
  makingCode: 'This takes a few seconds…',
  codeOnce: 'Write this down or print it now. It is not shown again.',
  paperTitle: 'Sotto recovery code',
  paperHint: 'To use it: open the server’s page, choose “Forgot your password?” and “Use the '
    + 'recovery code”. Whoever has this paper can open the account.',
  copyCode: 'Copy',
  codeCopied: 'Copied. Put it where only you can read it.',
  copyRefused: 'This browser did not let Sotto copy the code. Write it down.',
  printCode: 'Print',
  codeCheck: 'Type the code from your paper',
  codeCheckHint: 'So you know that you can read it later.',
  checkCode: 'Check',
  codeDiffers: 'This is not the code above. Compare them group by group; what is shown above is '
    + 'right.',
  codeChecked: 'The code is right. Keep it in a safe place.',
  codeDropped: 'The recovery code was removed.',

  // History
  archiveTitle: 'Archive on the server',
  archiveHint: 'Your devices keep a copy of your messages on the server, encrypted so that only '
    + 'your devices can read it. A new device gets your conversations from there.',
  archiveCost: 'The server sees how much it is and when it grew. Somebody who gets the archive and '
    + 'your password can read what is in it.',
  archiveLoading: 'Looking…',
  archiveIsOn: 'The archive is on.',
  archiveIsOff: 'The archive is off. Messages are kept in your browsers only.',
  archiveUse: (used, quota) => `${used} of ${quota} used`,
  archiveUseLabel: 'Used part of the archive',
  archiveOff: 'Switch off and erase',
  archiveOn: 'Switch on',
  archiveOffMeans: 'The archive is erased from the server. Your devices keep their messages; a new '
    + 'device then gets old ones only from a device that hands them over.',
  archiveOffNow: 'Switch off and erase',
  archiveAnew: 'Begin a new archive',
  historyTitle: 'From my other devices',
  historyHint: 'For what the archive does not hold, this browser can ask your other devices. '
    + 'Somebody must agree there, and both must stay open.',
  askHistory: 'Ask my other devices',
  historyIsAsked: 'Asked. Open Sotto on another of your devices and choose “Agree” there.',

  // Account
  signOutHint: 'Keys and messages stay in this browser for when you sign in again. On a machine '
    + 'that others use, remove this browser instead.',
  signedOut: 'You are signed out. Your keys and messages stay in this browser for when you sign in '
    + 'again. To take them away, sign in and remove this browser under Settings → Devices.',
  eraseTitle: 'Erase here only',
  eraseHint: 'For when the password is forgotten or the server is not reached: erases what is kept '
    + 'here, but the account still counts this browser as a device until you remove it elsewhere.',
  eraseBrowser: 'Erase this browser',
  eraseConsequence: user => `This erases the keys and all messages of ${user} from this browser. `
    + 'Without the archive, another device, or the password, they cannot be brought back.',
  eraseNow: 'Erase everything',
  browserErased: 'Your keys and messages were erased from this browser. Your account still counts it '
    + 'as a device: remove it in the settings of another one.',
  deleteTitle: 'Delete account',
  deleteGoes: 'What goes, at once: your keys, password and recovery code, your archive, and all '
    + 'messages that wait for you. Nobody can sign in any more, and your devices are erased when '
    + 'they next connect.',
  deleteStays: 'What stays: your user name, which is never given to anybody else, and the server’s '
    + 'record of who wrote to whom and when, without content. Your contacts keep the messages that '
    + 'they got.',
  deleteAccount: 'Delete account',
  deleteName: 'Type your user name',
  deleteNameDiffers: 'This is not the user name of this account.',
  deleteMeans: user => `This deletes the account ${user} for ever.`,
  deleteNow: 'Delete for ever',
  accountDeleted: 'Your account was deleted, and its keys and messages were erased here.',
  deleting: 'Leaving your groups and deleting…',
});
