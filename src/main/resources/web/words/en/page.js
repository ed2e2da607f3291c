/** Every text that the page shows. A function makes a text that holds a value. */
import { accountTexts } from './account.js';
import { exportTexts } from './export.js';
import { fileTexts } from './file.js';
import { groupTexts } from './group.js';
import { keysTexts } from './keys.js';
import { messageSearchTexts } from './message-search.js';
import { passingTexts } from './passing.js';
import { requestTexts } from './requests.js';
import { respondTexts } from './respond.js';
import { settingsTexts } from './settings.js';
import { witnessTexts } from './witness.js';
import { writeTexts } from './write.js';

export const page = Object.freeze({
  ...accountTexts,
  ...exportTexts,
  ...fileTexts,
  ...groupTexts,
  ...keysTexts,
  ...messageSearchTexts,
  ...passingTexts,
  ...requestTexts,
  ...respondTexts,
  ...settingsTexts,
  ...witnessTexts,
  ...writeTexts,

  appName: 'Sotto',
  tagline: 'Messages that the server cannot read.',
  starting: 'Starting…',

  unexpected: 'Something went wrong on this page. Try again; if it stays, reload the page.',

  // Banners
  banners: {
    reconnecting: 'No connection to the server. Write on: what you send waits here and goes out '
      + 'by itself.',
    offline: 'This device is offline. Write on: what you send waits here and goes out by itself.',
  },
  needsPassword: 'Sign in again to go on. What you wrote is kept.',
  replaced: 'This account was opened elsewhere with this browser\'s keys, so this page was '
    + 'disconnected.',
  connectHere: 'Connect here',
  updateAvailable: 'A new version of Sotto is ready.',
  reload: 'Reload',
  dismiss: 'Dismiss',

  // List
  conversations: 'Conversations',
  newConversation: 'New conversation',
  noConversations: 'No conversations yet. Choose someone who is online, start one with a user '
    + 'name, or create a group.',
  loadingConversations: 'Loading conversations…',
  unread: count => count === 1 ? '1 unread message' : `${count} unread messages`,
  draftMark: 'Draft:',
  youMark: 'You:',
  lock: {
    unverified: 'encrypted',
    verified: 'encrypted and verified',
    changed: 'security key changed',
    encrypted: 'group, encrypted',
    alarm: 'group, not safe any more',
  },
  start: 'Start',
  startingConversation: 'Starting…',
  newConversationHint: 'Type the user name of the person you want to talk to.',
  cancel: 'Cancel',
  close: 'Close',

  // People online
  peopleOnline: 'People online',
  searchPeople: 'Search people online',
  searchPlaceholder: 'Search',
  nobodyOnline: 'Nobody else is listed as online. Ask someone for their user name and start a '
    + 'conversation: they get your messages even if they come back later.',
  nobodyFound: prefix => `Nobody online has a name that starts with “${prefix}”.`,
  onlineUnknown: 'Shown when connected.',
  lookingOnline: 'Looking…',
  more: 'Show more',

  // Conversation
  back: 'Back',
  details: 'Details',
  messages: 'Messages',
  message: 'Message',
  messagePlaceholder: 'Write a message',
  send: 'Send',
  sendHint: 'Enter sends, Shift+Enter makes a new line',
  encryptedLine: {
    unverified: 'Encrypted, not verified',
    verified: 'Encrypted and verified',
    changed: 'Security key changed',
  },
  nothingOpen: 'Choose a conversation, or start one with someone who is online.',
  nothingOpenHint: 'What you write is encrypted in this browser. The server passes it on and '
    + 'cannot read it.',
  loadingMessages: 'Loading messages…',
  noMessages: user => `No messages yet. Say hello: only you and ${user} can read it.`,
  tryAgain: 'Try again',
  newMessages: 'New messages',
  jumpToLatest: 'Jump to latest',
  jumpToUnread: count => `Jump to latest, ${count} new`,
  you: 'You',
  states: {
    pending: 'Pending', sent: 'Sent', delivered: 'Delivered', read: 'Read', 'not-sent': 'Not sent',
  },
  notSent: 'This message was not sent.',
  retry: 'Retry',
  deleteMessage: 'Delete',
  undecryptable: 'A message could not be opened.',
  unsupportedMessage: 'This message needs a newer version of Sotto. Reload the page to get it.',
  repair: 'Repair',
  messageTooLong: 'This message is too long to send. Send it in several parts.',
  keyChangedTitle: user => `${user}’s security key has changed`,
  keyChangedText: user => 'This happens when someone makes their account anew. It could also be '
    + `somebody who poses as ${user}. Ask ${user} in person or by phone; nothing is sent until `
    + 'you choose.',
  acceptKey: 'Go on with the new key',

  // Details
  detailsOf: user => `About ${user}`,
  safetyNumber: 'Safety number',
  safetyHint: user => `Compare these digits with ${user} in person or by phone, not here. If `
    + 'they are the same on both screens, nobody sits between you.',
  qrCode: 'QR code of the safety number',
  markVerified: 'Mark as verified',
  unmarkVerified: 'Remove the verified mark',
  verifiedLine: user => `You have verified ${user}.`,
  unverifiedLine: user => `You have not verified ${user} yet. Compare the safety number once, `
    + 'and Sotto tells you if it ever changes.',

  // Status
  status: {
    connected: 'Connected', reconnecting: 'Reconnecting…', offline: 'Offline',
  },
  title: unread => unread > 0 ? `(${unread}) Sotto` : 'Sotto',
  today: 'Today',
  yesterday: 'Yesterday',
});
