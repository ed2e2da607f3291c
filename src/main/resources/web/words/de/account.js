/** The part of the texts that is about getting in and coming back; `texts` holds them all. */

/** A device at the beginning of a sentence; its name may not be known here yet. */
const oneDevice = name => name ? `Dein Gerät „${name}“` : 'Eines deiner Geräte';

export const accountTexts = Object.freeze({
  // Start
  accountTabs: 'Dein Konto',
  signIn: 'Anmelden',
  createAccount: 'Konto anlegen',
  username: 'Benutzername',
  password: 'Passwort',
  newPassword: 'Neues Passwort',
  repeatPassword: 'Passwort wiederholen',
  showTyped: 'Eingabe anzeigen',
  usernameHint: '2 bis 32 Zeichen: a bis z, 0 bis 9, Punkt, Bindestrich und Unterstrich.',
  passphraseAdvice: 'Am besten ist ein Satz aus Wörtern: vier oder mehr, die nichts miteinander zu '
    + 'tun haben. Mindestens 10 Zeichen.',
  suggest: 'Wörter vorschlagen',
  suggestFailed: 'Die Liste der Wörter konnte nicht geladen werden. Prüfe deine Verbindung und '
    + 'versuch es noch einmal, oder wähle selbst Wörter.',
  suggested: words => `Durch Zufall gewählt: ${words}. Die Wörter sind englisch. Schreib alle sechs `
    + 'auf, bevor du weitermachst.',
  keepPassword: 'Niemand kann dein Passwort nachsehen, auch nicht die Leute, die diesen Server '
    + 'betreiben. Schreib es auf und bewahre es sicher auf. Danach kannst du dir dafür auch einen '
    + 'Wiederherstellungscode holen.',
  anyBrowser: 'Dein Benutzername und dein Passwort öffnen dein Konto in jedem Browser. Deine '
    + 'Unterhaltungen kommen mit.',
  makingKeys: 'Deine Schlüssel werden gemacht. Das dauert ein paar Sekunden…',
  signingIn: 'Du wirst angemeldet. Ein Browser, der für dein Konto neu ist, wird ihm hinzugefügt; '
    + 'das dauert ein paar Sekunden…',
  recovering: 'Dein Konto wird mit dem Code geöffnet und das neue Passwort gesetzt…',
  nameInvalid: 'Dieser Benutzername geht nicht. Nimm 2 bis 32 Zeichen: a bis z, 0 bis 9, Punkt, '
    + 'Bindestrich und Unterstrich, das erste ein Buchstabe oder eine Ziffer.',
  passwordMissing: 'Gib dein Passwort ein.',
  passwordProblems: {
    short: 'Dieses Passwort ist zu kurz. Nimm mindestens 10 Zeichen; vier oder mehr Wörter sind am '
      + 'besten.',
    'holds-name': 'Dieses Passwort enthält deinen Benutzernamen, und den probiert man zuerst. '
      + 'Wähle ein anderes.',
    common: 'Dieses Passwort ist eines, das alle zuerst probieren. Wähle ein anderes, am besten '
      + 'aus vier oder mehr Wörtern.',
  },
  passwordsDiffer: 'Die beiden Passwörter sind nicht gleich. Gib sie noch einmal ein.',
  accountsHere: 'Konten in diesem Browser',
  backTo: user => `Zurück zu ${user}`,

  // Ninth device
  devicesFullTitle: 'Welches Gerät brauchst du nicht mehr?',
  devicesFullHint: 'Ein Konto hat höchstens 8 Geräte. Das Gerät, das du wählst, wird abgemeldet, '
    + 'und was darauf liegt, wird gelöscht, sobald es sich das nächste Mal verbindet.',
  replaceAndSignIn: 'Entfernen und anmelden',
  replaceMissing: 'Wähle ein Gerät, das entfernt wird.',

  // A name that was opened again
  reopenedTitle: 'Dieser Name beginnt neu',
  reopenedHint: 'Mach nur weiter, wenn dir die Leute, die diesen Server betreiben, gesagt haben, '
    + 'dass sie deinen Namen wieder geöffnet haben. Frühere Nachrichten kommen nicht zurück, und '
    + 'deinen Kontakten wird gesagt, dass dein Sicherheitsschlüssel ein neuer ist, den niemand '
    + 'angekündigt hat: Vergleiche die Sicherheitsnummer mit ihnen.',
  createAnew: 'Unter diesem Namen neu beginnen',

  // Forgotten
  forgot: 'Passwort vergessen?',
  forgotSignedIn: 'Du bist noch auf einem anderen Gerät angemeldet',
  forgotSignedInHint: 'Öffne dort Einstellungen, dann Passwort, dann „Ich habe mein Passwort '
    + 'vergessen“. Nach einem Tag kannst du ein neues setzen; deine Nachrichten bleiben.',
  forgotCode: 'Du hast einen Wiederherstellungscode',
  forgotCodeHint: 'Er öffnet dein Konto sofort, und du setzt ein neues Passwort.',
  useCode: 'Wiederherstellungscode verwenden',
  forgotNeither: 'Du hast weder noch',
  forgotNeitherHint: 'Bitte die Leute, die diesen Server betreiben, deinen Namen wieder zu öffnen. '
    + 'Sie können deine Nachrichten nicht zurückholen, und deine Kontakte sehen einen neuen '
    + 'Sicherheitsschlüssel.',
  recoveryCode: 'Wiederherstellungscode',
  codeHint: '32 Buchstaben und Ziffern. Kleinschreibung, Leerzeichen und Striche spielen keine '
    + 'Rolle.',
  codeMissing: 'Gib deinen Wiederherstellungscode ein.',
  recoverTitle: 'Neues Passwort setzen',
  backToSignIn: 'Zurück zur Anmeldung',

  // Gates: screens that stand before everything else
  gates: {
    unsupported: { title: 'Sotto kann hier nicht laufen' },
    failed: { title: 'Sotto konnte nicht starten', action: 'Seite neu laden',
      text: 'Beim Start der Seite ist etwas schiefgegangen. Lade sie neu; wenn das nicht hilft, '
        + 'sag es den Leuten, die diesen Server betreiben.' },
    revoked: { title: 'Dieser Browser wurde entfernt', action: 'Neu anmelden',
      text: 'Dieser Browser wurde aus dem Konto entfernt; seine Schlüssel und Nachrichten wurden '
        + 'hier gelöscht.',
      advice: 'Wenn du dich anmeldest, kommen deine Unterhaltungen aus dem Archiv oder von deinen '
        + 'anderen Geräten zurück. Wenn nicht du ihn entfernt hast, war es jemand, der dein '
        + 'Passwort kennt: Melde dich an und ändere es.' },
    'storage-refused': { title: 'Dieser Browser lässt Sotto nichts aufheben',
      action: 'Noch einmal versuchen',
      advice: 'Sobald er es tut, melde dich an: Deine Unterhaltungen werden aus dem Archiv oder '
        + 'von deinen anderen Geräten wiederhergestellt.' },
    'storage-wiped': { title: 'Dieser Browser hat gelöscht, was Sotto aufgehoben hatte',
      action: 'Neu anmelden und wiederherstellen',
      advice: 'Dein Konto ist nicht verloren. Deine anderen Geräte behalten, was sie haben, und '
        + 'deine Kontakte sehen ein neues Gerät, keine neue Sicherheitsnummer.' },
    'server-changed': { title: 'Das ist nicht der Server, den dieser Browser kennt',
      action: 'Diesem Server ab jetzt vertrauen',
      confirm: 'Die Leute, die diesen Server betreiben, haben mir gesagt, dass sich sein Schlüssel '
        + 'geändert hat' },
  },
  offeredFingerprint: 'Fingerabdruck',

  // News of the own account
  offerRecovery: 'Hol dir einen Wiederherstellungscode, damit dich ein vergessenes Passwort nie '
    + 'aussperrt.',
  offerAccept: 'Code holen',
  offerLater: 'Später',
  offerHistory: 'Dein Archiv ist ausgeschaltet, darum hat dieser Browser keine deiner früheren '
    + 'Nachrichten. Deine anderen Geräte können sie übergeben.',
  offerHistoryAccept: 'Holen',
  restoring: (done, total) => total > 0
    ? `Deine Nachrichten werden wiederhergestellt: ${Math.floor(100 * done / total)} %. Du kannst `
      + 'Sotto schon benutzen.'
    : 'Im Archiv wird nach deinen Nachrichten gesehen. Du kannst Sotto schon benutzen.',
  restoringLabel: 'Wiederhergestellte Nachrichten',
  takingOver: (done, total) => `Der Verlauf wird übergeben: ${done} von ${total} Nachrichten. Lass `
    + 'beide Browser offen; du kannst Sotto schon benutzen.',
  takingOverLabel: 'Übergebene Nachrichten',
  historyAskedBy: name => `${oneDevice(name)} bittet diesen Browser um deinen Nachrichtenverlauf. `
    + 'Stimm nur zu, wenn du dich dort gerade angemeldet hast.',
  agree: 'Zustimmen',
  resetMine: time => 'Du hast beantragt, ein neues Passwort ohne das alte zu setzen. Das geht ab '
    + `dem ${time}. Wer das Passwort kennt oder den Wiederherstellungscode hat, kann das `
    + 'abbrechen.',
  resetReady: 'Du kannst jetzt dein neues Passwort setzen.',
  resetByOther: (name, time) => `${oneDevice(name)} hat beantragt, ein neues Passwort ohne das `
    + `alte zu setzen; das geht ab dem ${time}. Wenn das nicht du warst, brich es ab und entferne `
    + 'jenes Gerät.',
  resetSet: 'Setzen',
  resetShow: 'Anzeigen',
  resetCancel: 'Abbrechen',
  pastNews: {
    'archive-full': 'Dein Archiv auf dem Server ist voll. Neue Nachrichten bleiben nur in deinen '
      + 'Browsern.',
    'archive-broken': 'Der Server hat einen Teil deines Archivs verloren oder verändert. Was bis '
      + 'dahin wiederhergestellt wurde, bleibt.',
    'history-done': 'Der Nachrichtenverlauf wurde übergeben.',
    'history-declined': 'Auf dem anderen Gerät wurde abgelehnt, den Verlauf zu übergeben.',
    'history-empty': 'Das andere Gerät hat zugestimmt und hat keine Nachrichten, die diesem '
      + 'fehlen.',
  },
  showHistorySettings: 'Einstellungen zum Verlauf',

  // Account menu
  account: user => `Konto: ${user}`,
  switchTo: user => `Zu ${user} wechseln`,
  addAccount: 'Weiteres Konto hinzufügen',
  settings: 'Einstellungen',
  signOut: 'Abmelden',
});
