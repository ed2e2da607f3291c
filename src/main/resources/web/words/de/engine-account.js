/** What the engine says to people about their own account and its devices. */

export const ACCOUNT_REFUSALS = {
  'not-listed': 'Der Server kennt diesen Browser nicht mehr. Melde dich neu an.',
  'device-revoked': 'Dieser Browser wurde aus dem Konto entfernt.',
  'revoked': 'Dieser Browser wurde auf einem anderen Gerät aus deinem Konto entfernt. Seine '
    + 'Schlüssel und Nachrichten dieses Kontos wurden hier gelöscht. Melde dich an, um ihn wieder '
    + 'zu einem Gerät zu machen.',
  'revoked-unproven': 'Der Server sagt, dass dieser Browser aus deinem Konto entfernt wurde, kann '
    + 'aber nicht zeigen, dass es eines deiner Geräte war. Deine Schlüssel und Nachrichten bleiben '
    + 'hier. Sieh in einem anderen Browser unter Einstellungen → Geräte nach; wenn dieser Browser '
    + 'dort noch steht, sag es der Person, die den Server betreibt.',
  'devices-full': 'Das Konto hat so viele Geräte, wie es haben kann. Wähle eines, das geht; es '
    + 'wird abgemeldet und gelöscht.',
  'devices-used-up': 'Das Konto hatte 1.000 Geräte und kann kein weiteres haben. Mach mit denen '
    + 'weiter, die es hat.',
  'last-device': 'Das ist das einzige Gerät deines Kontos. Lösche nur die Daten in diesem Browser, '
    + 'oder lösche das Konto.',
  'device-name-invalid': 'Ein Gerät braucht einen Namen mit 1 bis 64 Zeichen.',
  'vault-refused': 'Was der Server für dich aufhebt, lässt sich nicht öffnen oder ist nicht von '
    + 'diesem Konto. Nichts wurde geändert. Versuch es später noch einmal; wenn es so bleibt, sag '
    + 'es der Person, die den Server betreibt.',
  'vault-old': 'Der Server hat einen alten Tresor oder eine alte Liste deiner Geräte gezeigt. '
    + 'Nichts wurde geändert. Sag es der Person, die den Server betreibt.',
  'own-list-refused': 'Der Server hat eine Liste deiner Geräte gezeigt, die alt ist oder die dein '
    + 'Konto nicht unterschrieben hat. Nichts wurde geändert. Sag es der Person, die den Server '
    + 'betreibt.',
  'own-keys-full': 'Geräte dieses Kontos wurden so oft entfernt, dass es keine weiteren Schlüssel '
    + 'haben kann. Sag es der Person, die den Server betreibt.',
  'account-busy': 'Ein anderes deiner Geräte ändert gerade das Konto. Versuch es gleich noch '
    + 'einmal.',
  'account-reopened': 'Die Person, die den Server betreibt, hat diesen Namen wieder geöffnet. Du '
    + 'kannst unter ihm neu beginnen: Deine Kontakte sehen dann eine neue Sicherheitsnummer, und '
    + 'was vorher hier war, bleibt verloren.',
  'code-invalid': 'Das ist kein Wiederherstellungscode, oder es ist ein Fehler darin. Vergleiche '
    + 'ihn mit deinem Papier.',
  'recovery-failed': 'Der Benutzername oder der Wiederherstellungscode ist falsch, oder es wurde '
    + 'keiner gesetzt. Prüfe beides und versuch es noch einmal.',
  'reset-refused': 'Die Zeit für einen Neubeginn ist noch nicht gekommen, oder er wurde abgesagt.',
};

export const ACCOUNT_ALARMS = {
  'sync-lost': 'Der Server hat verloren oder verändert, was deine Geräte teilen. Vielleicht werden '
    + 'deine Kontakte als nicht überprüft angezeigt; vergleiche die Sicherheitsnummern noch '
    + 'einmal.',
};

/** What is different between two lists of the own devices; `{device}` is one of these two. */
export const OWN_DEVICES = {
  named: 'Das Gerät „{name}“',
  unnamed: 'Ein Gerät',
  added: '{device} wurde deinem Konto hinzugefügt. Wenn das nicht du warst, entferne es unter '
    + 'Einstellungen → Geräte und ändere dein Passwort.',
  removed: '{device} wurde aus deinem Konto entfernt.',
  newKey: 'Eines deiner Geräte hat deinem Konto einen neuen Sicherheitsschlüssel gegeben. Wenn das '
    + 'nicht du warst, sag es der Person, die den Server betreibt.',
};

/** What a browser is called until its user gives it another name. */
export const DEVICE_NAMES = {
  browser: 'Browser',
  on: '{browser} unter {system}',
};
