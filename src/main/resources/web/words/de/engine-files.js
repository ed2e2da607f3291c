/** What the engine says about files. */

export const FILE_REFUSALS = {
  'file-empty': 'Diese Datei ist leer. Es gibt nichts zu senden.',
  'file-unreadable': 'Diese Datei konnte nicht gelesen werden. Vielleicht wurde sie verschoben '
    + 'oder geändert, seit du sie ausgewählt hast; wähle sie noch einmal aus.',
  'file-too-large': 'Diese Datei ist zu groß: Dieser Server nimmt Dateien bis {max}.',
  'files-full': 'Auf dem Server ist kein Platz mehr für deine Dateien. Lösche Nachrichten mit '
    + 'Dateien, die niemand mehr braucht, oder frag die Person, die den Server betreibt.',
  'no-files': 'Dieser Server nimmt keine Dateien.',
  'file-no-room': 'Dieser Browser hat keinen Platz mehr für diese Datei. Schaff etwas Platz und '
    + 'versuch es noch einmal.',
  'file-gone': 'Diese Datei ist nicht mehr auf dem Server: Sie wurde gelöscht, oder ihre Zeit war '
    + 'um. Bitte darum, dass sie noch einmal gesendet wird.',
  'file-wrong': 'Was der Server gesendet hat, ist nicht diese Datei; darum wird nichts davon '
    + 'gezeigt. Versuch es noch einmal; wenn es so bleibt, sag es der Person, die den Server '
    + 'betreibt.',
  'file-broken': 'Die Verbindung ist abgerissen. Versuch es noch einmal: Es geht weiter, wo es '
    + 'war.',
  'file-stopped': 'Angehalten.',
};

/** Why a file was not sent. */
export const FILE_NOT_SENT = {
  'file-too-large': FILE_REFUSALS['file-too-large'],
  'files-full': FILE_REFUSALS['files-full'],
  'no-files': FILE_REFUSALS['no-files'],
  'file-lost': 'Dieser Browser hat diese Datei nicht mehr. Lösche diese Nachricht und sende die '
    + 'Datei noch einmal.',
};
