/** Keeping a copy of a conversation. */
import { numberName } from '../numbers.js';

export const exportTexts = {
  exportTitle: 'Eine Kopie aufheben',
  exportHint: 'Alle Nachrichten dieser Unterhaltung, die dieser Browser hat, in einer Datei. Die '
    + 'Datei ist nicht verschlüsselt: Wer sie bekommt, kann sie lesen.',
  exportPage: 'Zum Lesen oder Drucken speichern',
  exportData: 'Als Daten speichern (JSON)',
  exporting: count => count === 1 ? 'Bisher 1 Nachricht…'
    : `Bisher ${numberName(count)} Nachrichten…`,
  exported: (name, count) => count === 1 ? `1 Nachricht wurde als ${name} gespeichert.`
    : `${numberName(count)} Nachrichten wurden als ${name} gespeichert.`,
  exportEmpty: 'Es gibt noch keine Nachrichten zu speichern.',
  exportLeftOut: count => count === 1 ? 'Eine Nachricht fehlt hier: Sie verschwindet.'
    : `${numberName(count)} Nachrichten fehlen hier: Sie verschwinden.`,
  exportOfBlocked: count => count === 1
    ? 'Eine Nachricht fehlt hier: Sie ist von jemandem, der beim Speichern blockiert war.'
    : `${numberName(count)} Nachrichten fehlen hier: Sie sind von Leuten, die beim Speichern `
      + 'blockiert waren.',
  exportHeading: (count, user, time) =>
    `${numberName(count)} Nachrichten, gespeichert aus dem Browser von ${user}: ${time}.`,
};
