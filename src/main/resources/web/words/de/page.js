/** Every text that the page shows. A function makes a text that holds a value. */
import { accountTexts } from './account.js';
import { exportTexts } from './export.js';
import { fileTexts } from './file.js';
import { groupTexts } from './group.js';
import { keysTexts } from './keys.js';
import { messageSearchTexts } from './message-search.js';
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
  ...respondTexts,
  ...settingsTexts,
  ...witnessTexts,
  ...writeTexts,

  appName: 'Sotto',
  tagline: 'Nachrichten, die der Server nicht lesen kann.',
  starting: 'Es geht los…',

  unexpected: 'Auf dieser Seite ist etwas schiefgegangen. Versuch es noch einmal; wenn es bleibt, '
    + 'lade die Seite neu.',

  // Banners
  banners: {
    reconnecting: 'Keine Verbindung zum Server. Schreib ruhig weiter: Was du sendest, wartet hier '
      + 'und geht von selbst hinaus.',
    offline: 'Dieses Gerät ist offline. Schreib ruhig weiter: Was du sendest, wartet hier und geht '
      + 'von selbst hinaus.',
  },
  needsPassword: 'Melde dich neu an, um weiterzumachen. Was du geschrieben hast, bleibt erhalten.',
  replaced: 'Dieses Konto wurde woanders mit den Schlüsseln dieses Browsers geöffnet; darum wurde '
    + 'diese Seite getrennt.',
  connectHere: 'Hier verbinden',
  updateAvailable: 'Eine neue Version von Sotto ist da.',
  reload: 'Neu laden',
  dismiss: 'Ausblenden',

  // List
  conversations: 'Unterhaltungen',
  newConversation: 'Neue Unterhaltung',
  noConversations: 'Noch keine Unterhaltungen. Wähle jemanden, der online ist, beginne eine mit '
    + 'einem Benutzernamen oder lege eine Gruppe an.',
  loadingConversations: 'Unterhaltungen werden geladen…',
  unread: count => count === 1 ? '1 ungelesene Nachricht' : `${count} ungelesene Nachrichten`,
  draftMark: 'Entwurf:',
  youMark: 'Du:',
  lock: {
    unverified: 'verschlüsselt',
    verified: 'verschlüsselt und überprüft',
    changed: 'Sicherheitsschlüssel geändert',
    encrypted: 'Gruppe, verschlüsselt',
    alarm: 'Gruppe, nicht mehr sicher',
  },
  start: 'Beginnen',
  startingConversation: 'Wird begonnen…',
  newConversationHint: 'Gib den Benutzernamen der Person ein, mit der du sprechen möchtest.',
  cancel: 'Abbrechen',
  close: 'Schließen',

  // People online
  peopleOnline: 'Wer online ist',
  searchPeople: 'Unter denen suchen, die online sind',
  searchPlaceholder: 'Suchen',
  nobodyOnline: 'Sonst wird niemand als online angezeigt. Frag jemanden nach dem Benutzernamen und '
    + 'beginne eine Unterhaltung: Deine Nachrichten kommen auch an, wenn die Person erst später '
    + 'wieder da ist.',
  nobodyFound: prefix => `Niemand, der online ist, hat einen Namen, der mit „${prefix}“ beginnt.`,
  onlineUnknown: 'Wird angezeigt, sobald die Verbindung steht.',
  lookingOnline: 'Wird gesucht…',
  more: 'Mehr anzeigen',

  // Conversation
  back: 'Zurück',
  details: 'Details',
  messages: 'Nachrichten',
  message: 'Nachricht',
  messagePlaceholder: 'Nachricht',
  send: 'Senden',
  sendHint: 'Eingabe sendet, Umschalt+Eingabe macht eine neue Zeile',
  encryptedLine: {
    unverified: 'Verschlüsselt, ungeprüft',
    verified: 'Verschlüsselt, geprüft',
    changed: 'Schlüssel geändert',
  },
  nothingOpen: 'Wähle eine Unterhaltung oder beginne eine mit jemandem, der online ist.',
  nothingOpenHint: 'Was du schreibst, wird in diesem Browser verschlüsselt. Der Server gibt es '
    + 'weiter und kann es nicht lesen.',
  loadingMessages: 'Nachrichten werden geladen…',
  noMessages: user => `Noch keine Nachrichten. Sag Hallo: Nur du und ${user} könnt es lesen.`,
  tryAgain: 'Noch einmal versuchen',
  newMessages: 'Neue Nachrichten',
  jumpToLatest: 'Zur neuesten',
  jumpToUnread: count => `Zur neuesten, ${count} neu`,
  you: 'Du',
  states: {
    pending: 'Wartet', sent: 'Gesendet', delivered: 'Zugestellt', read: 'Gelesen',
    'not-sent': 'Nicht gesendet',
  },
  notSent: 'Diese Nachricht wurde nicht gesendet.',
  retry: 'Noch einmal senden',
  deleteMessage: 'Löschen',
  undecryptable: 'Eine Nachricht konnte nicht geöffnet werden.',
  unsupportedMessage: 'Diese Nachricht braucht eine neuere Version von Sotto. Lade die Seite neu, '
    + 'um sie zu bekommen.',
  repair: 'Reparieren',
  messageTooLong: 'Diese Nachricht ist zu lang zum Senden. Teile sie auf mehrere auf.',
  keyChangedTitle: user => `Der Sicherheitsschlüssel von ${user} hat sich geändert`,
  keyChangedText: user => 'Das kommt vor, wenn jemand sein Konto neu anlegt. Es könnte sich aber '
    + `auch jemand für ${user} ausgeben. Frag ${user} persönlich oder am Telefon; es wird nichts `
    + 'gesendet, bis du dich entscheidest.',
  acceptKey: 'Mit dem neuen Schlüssel weitermachen',

  // Details
  detailsOf: user => `Über ${user}`,
  safetyNumber: 'Sicherheitsnummer',
  safetyHint: user => `Vergleiche diese Ziffern mit ${user}, persönlich oder am Telefon, nicht `
    + 'hier. Wenn sie auf beiden Bildschirmen gleich sind, sitzt niemand zwischen euch.',
  qrCode: 'QR-Code der Sicherheitsnummer',
  markVerified: 'Als überprüft markieren',
  unmarkVerified: 'Markierung „überprüft“ entfernen',
  verifiedLine: user => `Du hast ${user} überprüft.`,
  unverifiedLine: user => `Du hast ${user} noch nicht überprüft. Vergleicht einmal die `
    + 'Sicherheitsnummer, dann sagt dir Sotto, falls sie sich je ändert.',

  // Status
  status: {
    connected: 'Verbunden', reconnecting: 'Wird verbunden…', offline: 'Offline',
  },
  title: unread => unread > 0 ? `(${unread}) Sotto` : 'Sotto',
  today: 'Heute',
  yesterday: 'Gestern',
});
