/** Strangers who ask, people who are blocked, and what the privacy settings say about both. */
export const requestTexts = Object.freeze({
  // In the list
  requests: count => `Requests (${count})`,
  moreRequests: count => `Show all ${count} requests`,
  asksToWrite: 'Would like to write to you',
  blockedMark: 'Blocked',

  // In the conversation
  askedTitle: user => `${user} would like to write to you`,
  askedText: 'They are not told whether you got or read this until you accept. Sending something '
    + 'accepts, too.',
  requestOf: user => `Request of ${user}`,
  askedLine: 'Waits for your answer',
  acceptingRequest: 'Accepting…',
  personBlocked: user => `You have blocked ${user}. Nothing that they write is shown, and nothing `
    + 'is sent to them.',
  unblock: 'Unblock',
  unblockOf: user => `Unblock ${user}`,
  block: 'Block',
  askBlock: user => `Block ${user}…`,
  blockOf: user => `Block ${user}`,
  hiddenMessage: user => `Message of ${user}, whom you blocked`,
  showHidden: 'Show',

  // Asked once
  declineTitle: user => `Decline ${user}’s request?`,
  declineText: user => `What ${user} wrote is erased on your devices, and ${user} is blocked. You `
    + 'can undo the block under Settings → Privacy. They are not told.',
  declineNow: 'Decline and block',
  blockTitle: user => `Block ${user}?`,
  blockText: user => `From now on nothing that ${user} writes to you is shown, nothing is sent to `
    + 'them, and they are not told. What was written stays. In groups their messages are hidden '
    + 'until you ask for them, and they go on reading what you write there. You can undo it in '
    + 'the details or under Settings → Privacy.',
  blockNow: 'Block',

  // Notification
  somebodyNew: 'Somebody new would like to write to you',

  // Settings
  requestsTitle: 'People who are new to me',
  openToAll: 'Let everybody on this server write to me without asking',
  openToAllHint: 'While it is off, whoever was never written to by you asks first, and stays apart '
    + 'from your conversations until you answer.',
  typingTitle: 'Writing',
  typingSwitch: 'Show when I am writing',
  typingHint: 'It is for all your devices, and works both ways: while it is off, you do not see '
    + 'when others write either.',
  blockedPeopleTitle: 'Blocked people',
  blockedPeople: 'People whom you blocked',
  nobodyBlocked: 'You have blocked nobody. You can do so in the menu or the details of a '
    + 'conversation, and in the details of a group.',
});
