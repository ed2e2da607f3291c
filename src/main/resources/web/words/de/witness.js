/** What the page says of the file that shows an auditor what the server recorded. */

export const witnessTexts = {
  witnessTitle: 'Was der Server über mich aufgezeichnet hat',
  witnessHint: 'Diese Datei sagt, wie weit dieser Browser gelesen und was er dem Server bestätigt '
    + 'hat, unterschrieben mit seinem Schlüssel; keine Nachricht steht darin. Wer den Server '
    + 'prüft, sieht mit ihr, ob etwas, das du gesehen hast, geändert wurde oder verloren ging.',
  witnessScope: 'Sie umfasst',
  witnessLogs: groups => groups === 0 ? 'deine Nachrichten'
    : groups === 1 ? 'deine Nachrichten und 1 Gruppe' : `deine Nachrichten und ${groups} Gruppen`,
  witnessTime: 'Zuletzt bestätigt',
  witnessLoading: 'Wird nachgesehen…',
  witnessEmpty: 'Der Server hat von diesem Browser noch nichts aufgezeichnet. Das beginnt mit der '
    + 'ersten Nachricht.',
  witnessSave: 'Datei speichern',
  witnessSaved: name => `Als ${name} gespeichert.`,
};
