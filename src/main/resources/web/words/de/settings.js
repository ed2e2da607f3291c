/** The part of the texts that is shown in the settings; `texts` holds them all. */
export const settingsTexts = Object.freeze({
  settingsSections: 'Bereiche',
  allSettings: 'Alle Einstellungen',
  sections: {
    general: 'Allgemein',
    privacy: 'Privatsphäre',
    notifications: 'Benachrichtigungen',
    devices: 'Geräte',
    password: 'Passwort',
    recovery: 'Wiederherstellung',
    history: 'Verlauf',
    server: 'Server',
    account: 'Konto',
  },

  // Privacy
  visibilityTitle: 'Wer sieht, dass ich online bin',
  visibility: {
    all: 'Alle auf diesem Server',
    contacts: 'Leute, mit denen ich mir geschrieben habe',
    nobody: 'Niemand',
  },
  readReceiptsTitle: 'Lesen',
  readReceipts: 'Leuten sagen, wann ich gelesen habe, was sie geschrieben haben',
  readReceiptsHint: 'Das gilt für alle deine Geräte und in beide Richtungen: Solange es aus ist, '
    + 'erfährst du es auch von anderen nicht. In Gruppen erfährt es niemand.',

  // General
  themeTitle: 'Aussehen',
  themes: { system: 'Wie das System', light: 'Hell', dark: 'Dunkel' },
  languageTitle: 'Sprache',
  languageOfBrowser: 'Wie der Browser',
  languageHint: 'Die Seite wird dafür neu geladen. Was du gerade schreibst, bleibt; Dateien, die '
    + 'angehängt und noch nicht gesendet sind, musst du noch einmal auswählen.',
  changeLanguage: 'Sprache ändern',
  browserTitle: 'Dieser Browser',
  persisted: 'Deine Schlüssel und Nachrichten bleiben in diesem Browser, bis du sie entfernst.',
  notPersisted: 'Deine Schlüssel und Nachrichten liegen in diesem Browser, aber er kann sie '
    + 'löschen, wenn der Platz knapp wird. Erlaube Sotto, Daten aufzuheben, oder benutze diese '
    + 'Seite oft.',
  storageUsed: size => `Sotto belegt hier ${size}.`,

  // Server
  serverHost: 'Adresse',
  serverFingerprint: 'Fingerabdruck',
  fingerprintHint: 'Die Leute, die den Server betreiben, sehen denselben Fingerabdruck, wenn er '
    + 'startet.',
  knowsTitle: 'Was der Server über mich weiß',
  knows: [
    'deinen Benutzernamen und die öffentlichen Schlüssel deiner Geräte',
    'wann welches Gerät verbunden ist und von welcher Netzadresse',
    'wer dir und wem du geschrieben hast, wann und ungefähr wie viel; nicht was',
    'in welchen Gruppen du bist, mit wem, und wer wen eingeladen oder entfernt hat',
    'wann deine Geräte etwas bekommen haben; nicht, ob du es gelesen hast',
    'wem du gerade schreibst, solange das gezeigt wird; er hebt davon nichts auf',
    'wie groß dein Archiv ist und wann es gewachsen ist',
    'ungefähr wie groß jede Datei ist, die du sendest, und von welcher Adresse sie geladen wird',
  ],
  knowsNotTitle: 'Was er nicht weiß',
  knowsNot: [
    'deine Nachrichten und Dateien und die Namen deiner Gruppen und Geräte',
    'dein Passwort und deinen Wiederherstellungscode',
    'wen du überprüft oder blockiert, was du stummgeschaltet und wonach du gesucht hast',
  ],

  // Devices
  devicesHint: 'Jeder Browser und jedes Programm, in dem du dich angemeldet hast, ist ein Gerät '
    + 'deines Kontos. Jedes bekommt alle Nachrichten. Deine Kontakte erfahren, wenn eines '
    + 'dazukommt oder entfernt wird.',
  devicesLoading: 'Wird nachgesehen…',
  devicesOffline: 'Deine Geräte können geändert werden, sobald der Server wieder erreichbar ist.',
  yourDevices: 'Deine Geräte',
  unnamedDevice: 'Gerät ohne Namen',
  thisBrowser: 'Dieser Browser',
  connectedNow: 'Jetzt verbunden',
  lastSeen: time => `Zuletzt da: ${time}`,
  neverSeen: 'Noch nie da',
  addedOn: day => `Hinzugefügt: ${day}`,
  renameDevice: name => `${name} umbenennen`,
  deviceName: 'Name des Geräts',
  deviceNameHint: 'Nur du siehst ihn.',
  deviceNameProblem: 'Ein Name hat 1 bis 64 Zeichen.',
  saveDeviceName: 'Namen speichern',
  removeDevice: name => `${name} entfernen`,
  removeDeviceMeans: name => `„${name}“ wird sofort abgemeldet und bekommt nichts mehr, was von `
    + 'jetzt an geschrieben wird. Was darauf liegt, wird gelöscht, sobald es sich das nächste Mal '
    + 'verbindet; bis dahin kann, wer es hat, lesen, was es schon bekommen hat. Wenn es gestohlen '
    + 'wurde, ändere auch dein Passwort.',
  removeDeviceNow: 'Gerät entfernen',
  removingDevice: 'Wird entfernt…',
  revoking: (done, all) => `Deine Gruppen werden benachrichtigt: ${done} von ${all}…`,
  deviceRemoved: name => `„${name}“ wurde entfernt. Es kann nichts mehr lesen und nichts mehr `
    + 'senden.',
  removeThisBrowser: 'Diesen Browser entfernen',
  removeThisBrowserMeans: user => `Das entfernt den Browser aus dem Konto ${user} und löscht seine `
    + 'Schlüssel und Nachrichten hier. Deine anderen Geräte behalten ihre, und das Archiv bleibt; '
    + 'du kannst dich hier mit deinem Passwort wieder anmelden.',
  removeThisBrowserNow: 'Entfernen und löschen',
  browserRemoved: 'Dieser Browser wurde aus deinem Konto entfernt. Seine Schlüssel und Nachrichten '
    + 'wurden hier gelöscht.',

  // Password
  changePassword: 'Passwort ändern',
  changePasswordHint: 'Deine anderen Geräte fragen einmal nach dem neuen Passwort. Deine '
    + 'Nachrichten bleiben.',
  currentPassword: 'Jetziges Passwort',
  newKey: 'Vielleicht kennt jemand mein Passwort oder hat einen meiner Browser: auch einen neuen '
    + 'Sicherheitsschlüssel machen',
  newKeyHint: 'Deinen Kontakten wird gesagt, dass sich dein Sicherheitsschlüssel geändert hat und '
    + 'dass du es angekündigt hast; vergleiche die Sicherheitsnummer neu mit ihnen. Entferne '
    + 'Geräte, die du nicht mehr hast.',
  changingPassword: 'Das Passwort wird geändert. Das dauert ein paar Sekunden…',
  passwordChanged: 'Dein Passwort wurde geändert.',
  passwordAndKeyChanged: 'Dein Passwort und dein Sicherheitsschlüssel wurden geändert. Deine '
    + 'Kontakte erfahren es.',
  forgotTitle: 'Passwort vergessen',
  forgotHere: 'Wer diesen Browser hat, aber nicht dein Passwort, soll dein Konto nicht sofort '
    + 'übernehmen können. Darum beantragst du es jetzt, alle deine Geräte sagen es, und nach einer '
    + 'Wartezeit (ein Tag, wenn die Leute, die diesen Server betreiben, keine andere eingestellt '
    + 'haben) setzt du hier ein neues Passwort. Dein Sicherheitsschlüssel ändert sich mit, und '
    + 'deine Kontakte erfahren es.',
  askReset: 'Ich habe mein Passwort vergessen',
  resetWaits: time => `Beantragt. Ab dem ${time} kannst du hier ein neues Passwort setzen.`,
  resetElsewhere: (name, time) => `Beantragt auf ${name ? `„${name}“` : 'einem anderen Gerät'}, `
    + `das ab dem ${time} ein neues Passwort setzen kann.`,
  resetNow: 'Neues Passwort setzen',
  resetDone: 'Dein neues Passwort ist gesetzt, und dein Sicherheitsschlüssel wurde geändert. Deine '
    + 'Kontakte erfahren es. Ein Wiederherstellungscode, den du hattest, gilt nicht mehr: Hol dir '
    + 'einen neuen.',
  cancelReset: 'Antrag zurücknehmen',
  cancelResetMeans: 'Das nimmt den Antrag zurück, ein neues Passwort ohne das alte zu setzen. '
    + 'Dafür brauchst du dein jetziges Passwort.',
  resetCancelled: 'Der Antrag wurde zurückgenommen. Wenn es nicht deiner war, entferne das Gerät, '
    + 'von dem er kam.',

  // Recovery code
  codeWhat: 'Mit einem Wiederherstellungscode kommst du in dein Konto, wenn du das Passwort '
    + 'vergessen hast, auch wenn du alle deine Geräte verloren hast. Druck ihn aus oder schreib '
    + 'ihn auf, und bewahre ihn getrennt von deinen Geräten auf: Wer ihn hat, kann dein Konto '
    + 'öffnen.',
  codeUnknown: 'Wird angezeigt, sobald die Verbindung steht.',
  codeIsSet: 'Ein Wiederherstellungscode ist gesetzt.',
  codeIsNotSet: 'Kein Wiederherstellungscode ist gesetzt.',
  setCode: 'Wiederherstellungscode holen',
  replaceCode: 'Code ersetzen',
  dropCode: 'Code entfernen',
  setCodeMeans: 'Der Code wird nur einmal gezeigt. Leg Papier oder einen Drucker bereit.',
  replaceCodeMeans: 'Der Code, den du hast, gilt sofort nicht mehr. Der neue wird nur einmal '
    + 'gezeigt: Leg Papier oder einen Drucker bereit.',
  setCodeNow: 'Code zeigen',
  dropCodeMeans: 'Der Code gilt sofort nicht mehr. Ein vergessenes Passwort braucht dann ein '
    + 'Gerät, auf dem du angemeldet bist.',
  dropCodeNow: 'Code entfernen',
  makingCode: 'Das dauert ein paar Sekunden…',
  codeOnce: 'Schreib das jetzt auf oder druck es aus. Es wird nicht noch einmal gezeigt.',
  paperTitle: 'Wiederherstellungscode für Sotto',
  paperHint: 'So verwendest du ihn: Öffne die Seite des Servers, wähle „Passwort vergessen?“ und '
    + '„Wiederherstellungscode verwenden“. Wer dieses Papier hat, kann das Konto öffnen.',
  copyCode: 'Kopieren',
  codeCopied: 'Kopiert. Leg ihn dorthin, wo nur du ihn lesen kannst.',
  copyRefused: 'Dieser Browser lässt Sotto den Code nicht kopieren. Schreib ihn auf.',
  printCode: 'Drucken',
  codeCheck: 'Gib den Code von deinem Papier ein',
  codeCheckHint: 'So weißt du, dass du ihn später lesen kannst.',
  checkCode: 'Prüfen',
  codeDiffers: 'Das ist nicht der Code von oben. Vergleiche sie Gruppe für Gruppe; was oben steht, '
    + 'stimmt.',
  codeChecked: 'Der Code stimmt. Bewahre ihn sicher auf.',
  codeDropped: 'Der Wiederherstellungscode wurde entfernt.',

  // History
  archiveTitle: 'Archiv auf dem Server',
  archiveHint: 'Deine Geräte legen eine Kopie deiner Nachrichten auf den Server, so verschlüsselt, '
    + 'dass nur deine Geräte sie lesen können. Ein neues Gerät bekommt von dort deine '
    + 'Unterhaltungen.',
  archiveCost: 'Der Server sieht, wie viel es ist und wann es gewachsen ist. Wer das Archiv und '
    + 'dein Passwort bekommt, kann lesen, was darin ist.',
  archiveLoading: 'Wird nachgesehen…',
  archiveIsOn: 'Das Archiv ist eingeschaltet.',
  archiveIsOff: 'Das Archiv ist ausgeschaltet. Nachrichten bleiben nur in deinen Browsern.',
  archiveUse: (used, quota) => `${used} von ${quota} belegt`,
  archiveUseLabel: 'Belegter Teil des Archivs',
  archiveOff: 'Ausschalten und löschen',
  archiveOn: 'Einschalten',
  archiveOffMeans: 'Das Archiv wird vom Server gelöscht. Deine Geräte behalten ihre Nachrichten; '
    + 'ein neues Gerät bekommt alte dann nur von einem Gerät, das sie übergibt.',
  archiveOffNow: 'Ausschalten und löschen',
  archiveAnew: 'Neues Archiv beginnen',
  historyTitle: 'Von meinen anderen Geräten',
  historyHint: 'Für das, was nicht im Archiv ist, kann dieser Browser deine anderen Geräte fragen. '
    + 'Dort muss jemand zustimmen, und beide müssen offen bleiben.',
  askHistory: 'Meine anderen Geräte fragen',
  historyIsAsked: 'Gefragt. Öffne Sotto auf einem anderen deiner Geräte und wähle dort '
    + '„Zustimmen“.',

  // Account
  signOutHint: 'Schlüssel und Nachrichten bleiben in diesem Browser, für wenn du dich wieder '
    + 'anmeldest. Auf einem Rechner, den auch andere benutzen, entferne stattdessen diesen '
    + 'Browser.',
  signedOut: 'Du bist abgemeldet. Deine Schlüssel und Nachrichten bleiben in diesem Browser, für '
    + 'wenn du dich wieder anmeldest. Sollen sie hier weg, melde dich an und entferne diesen Browser '
    + 'unter Einstellungen → Geräte.',
  eraseTitle: 'Nur hier löschen',
  eraseHint: 'Für den Fall, dass das Passwort vergessen oder der Server nicht erreichbar ist: '
    + 'löscht, was hier liegt, aber das Konto zählt diesen Browser weiter als Gerät, bis du ihn '
    + 'woanders entfernst.',
  eraseBrowser: 'Daten in diesem Browser löschen',
  eraseConsequence: user => `Das löscht die Schlüssel und alle Nachrichten von ${user} aus diesem `
    + 'Browser. Ohne das Archiv, ein anderes Gerät oder das Passwort sind sie nicht zurückzuholen.',
  eraseNow: 'Alles löschen',
  browserErased: 'Deine Schlüssel und Nachrichten wurden aus diesem Browser gelöscht. Dein Konto '
    + 'zählt ihn weiter als Gerät: Entferne ihn in den Einstellungen eines anderen.',
  deleteTitle: 'Konto löschen',
  deleteGoes: 'Was sofort weg ist: deine Schlüssel, dein Passwort und dein Wiederherstellungscode, '
    + 'dein Archiv und alle Nachrichten, die auf dich warten. Niemand kann sich mehr anmelden, und '
    + 'deine Geräte werden gelöscht, sobald sie sich das nächste Mal verbinden.',
  deleteStays: 'Was bleibt: dein Benutzername, den nie jemand anders bekommt, und die Aufzeichnung '
    + 'des Servers, wer wem wann geschrieben hat, ohne Inhalt. Deine Kontakte behalten die '
    + 'Nachrichten, die sie bekommen haben.',
  deleteAccount: 'Konto löschen',
  deleteName: 'Gib deinen Benutzernamen ein',
  deleteNameDiffers: 'Das ist nicht der Benutzername dieses Kontos.',
  deleteMeans: user => `Das löscht das Konto ${user} für immer.`,
  deleteNow: 'Für immer löschen',
  accountDeleted: 'Dein Konto wurde gelöscht, und seine Schlüssel und Nachrichten wurden hier '
    + 'gelöscht.',
  deleting: 'Deine Gruppen werden verlassen, dann wird gelöscht…',
});
