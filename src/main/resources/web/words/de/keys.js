/** The part of the texts about keys, menus of conversations, notifications; `texts` holds all. */
export const keysTexts = Object.freeze({
  // Going to a conversation
  switcher: 'Zu einer Unterhaltung gehen',
  switcherBox: 'Name einer Person oder Gruppe',
  switcherList: 'Gefundene Unterhaltungen',
  switcherStart: user => `Unterhaltung mit ${user} beginnen`,
  switcherHint: 'Es gibt noch keine andere Unterhaltung. Um eine zu beginnen, gib einen ganzen '
    + 'Benutzernamen ein.',
  switcherNothing: 'Keine Unterhaltung heißt so. Um eine zu beginnen, gib einen ganzen '
    + 'Benutzernamen ein.',
  switcherFound: count => count === 1 ? '1 Unterhaltung' : `${count} Unterhaltungen`,

  // Shortcuts
  shortcuts: 'Tastenkürzel',
  shortcutKeys: ['Strg', 'Strg', 'Alt', 'Umschalt', 'Eingabe'],
  shortcutsFor: {
    switch: 'Nach Namen zu einer Unterhaltung gehen',
    previous: 'Unterhaltung darüber',
    next: 'Unterhaltung darunter',
    previousUnread: 'Ungelesene Unterhaltung darüber',
    nextUnread: 'Ungelesene Unterhaltung darunter',
    send: 'Nachricht senden',
    line: 'Neue Zeile in der Nachricht',
    edit: 'Meine letzte Nachricht bearbeiten, im leeren Feld',
    bold: 'Fett',
    italic: 'Kursiv',
    code: 'Code',
    menu: 'Menü einer Unterhaltung in der Liste oder einer Nachricht',
    close: 'Fenster oder Menü schließen, Antwort oder Bearbeiten verlassen',
    shortcuts: 'Diese Liste',
  },

  // The list, and a conversation's menu
  conversationOptions: 'Optionen der Unterhaltung',
  pin: 'Oben anheften',
  unpin: 'Nicht mehr anheften',
  mute: 'Stummschalten',
  unmute: 'Nicht mehr stumm',
  archiveConversation: 'Archivieren',
  unarchiveConversation: 'Aus dem Archiv holen',
  pinnedMark: ', angeheftet',
  mutedMark: ', stumm',
  archived: count => `Archiviert (${count})`,
  archivedTag: 'Archiviert',
  allArchived: 'Alle deine Unterhaltungen sind archiviert.',

  // Notifications
  notificationsWhat: 'Dein System kann dir neue Nachrichten melden, während du woanders hinsiehst, '
    + 'solange Sotto in einem Tab offen ist. Unterhaltungen, die du in ihrem Menü stummschaltest, '
    + 'bleiben still.',
  notificationsAsk: 'Dein Browser fragt dann, ob Sotto das darf.',
  notificationsUnsupported: 'Dieser Browser kann keine Benachrichtigungen einer Seite anzeigen.',
  notificationsDenied: 'Dieser Browser lässt Sotto keine Benachrichtigungen anzeigen. Um das zu '
    + 'ändern, öffne neben der Adresse die Einstellungen dieser Seite, erlaube dort '
    + 'Benachrichtigungen und komm wieder her.',
  notificationsFail: 'Dieser Browser kann keine Benachrichtigungen einer Seite anzeigen, obwohl er '
    + 'sie erlaubt.',
  turnOnNotifications: 'Benachrichtigungen einschalten',
  turnOffNotifications: 'Benachrichtigungen ausschalten',
  notificationsAreOn: 'Benachrichtigungen sind eingeschaltet.',
  notificationTest: 'So werden neue Nachrichten gemeldet.',
  notificationShows: 'Was eine Benachrichtigung zeigt',
  notificationContents: {
    name: 'Nur den Namen',
    nothing: 'Nur, dass es eine Nachricht gibt',
    text: 'Namen und Text',
  },
  notificationShowsHint: 'Was sie zeigt, bekommt dein System; es kann es auf einem gesperrten '
    + 'Bildschirm zeigen und aufheben.',
  newMessage: 'Neue Nachricht',
});
