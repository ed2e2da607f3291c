/** The part of the texts about keys, menus of conversations, notifications; `texts` holds all. */
export const keysTexts = Object.freeze({
  // Going to a conversation
  switcher: 'Go to conversation',
  switcherBox: 'Name of a person or group',
  switcherList: 'Conversations found',
  switcherStart: user => `Start a conversation with ${user}`,
  switcherHint: 'There is no other conversation yet. To start one, type a whole user name.',
  switcherNothing: 'No conversation has this name. To start one, type a whole user name.',
  switcherFound: count => count === 1 ? '1 conversation' : `${count} conversations`,

  // Shortcuts
  shortcuts: 'Keyboard shortcuts',
  shortcutKeys: ['Ctrl', 'Ctrl', 'Alt', 'Shift', 'Enter'],
  shortcutsFor: {
    switch: 'Go to a conversation by name',
    previous: 'Conversation above',
    next: 'Conversation below',
    previousUnread: 'Unread conversation above',
    nextUnread: 'Unread conversation below',
    send: 'Send the message',
    line: 'New line in the message',
    edit: 'Edit my last message, in an empty box',
    bold: 'Bold',
    italic: 'Italic',
    code: 'Code',
    menu: 'Menu of a conversation in the list, or of a message',
    close: 'Close a dialog or menu, leave a reply or an edit',
    shortcuts: 'This list',
  },

  // The list, and a conversation's menu
  conversationOptions: 'Conversation options',
  pin: 'Pin to top',
  unpin: 'Unpin',
  mute: 'Mute',
  unmute: 'Unmute',
  archiveConversation: 'Archive',
  unarchiveConversation: 'Take out of the archive',
  pinnedMark: ', pinned',
  mutedMark: ', muted',
  archived: count => `Archived (${count})`,
  archivedTag: 'Archived',
  allArchived: 'All your conversations are archived.',

  // Notifications
  notificationsWhat: 'Your system can tell you of new messages while you look elsewhere, as long '
    + 'as Sotto is open in a tab. Conversations that you mute, in the menu of each, stay silent.',
  notificationsAsk: 'Your browser then asks whether Sotto may do this.',
  notificationsUnsupported: 'This browser cannot show notifications of a page.',
  notificationsDenied: 'This browser does not let Sotto show notifications. To change that, open '
    + 'the settings of this page beside its address, allow notifications there, and come back.',
  notificationsFail: 'This browser cannot show notifications of a page, although it allows them.',
  turnOnNotifications: 'Turn on notifications',
  turnOffNotifications: 'Turn off notifications',
  notificationsAreOn: 'Notifications are on.',
  notificationTest: 'This is how new messages are told.',
  notificationShows: 'What a notification shows',
  notificationContents: {
    name: 'Name only',
    nothing: 'Nothing but that there is a message',
    text: 'Name and text',
  },
  notificationShowsHint: 'What it shows is given to your system, which may show it on a locked '
    + 'screen and keep it.',
  newMessage: 'New message',
});
