/** The part of the texts that is about searching messages; `texts` holds them all. */
import { numberName } from '../numbers.js';

export const messageSearchTexts = Object.freeze({
  searchMessages: 'Nachrichten durchsuchen',
  searchResults: 'Gefundene Nachrichten',
  searching: 'Wird gesucht…',
  searchingOf: ({ done, total }) =>
    `Wird gesucht… ${numberName(done)} von ${numberName(total)} Nachrichten`,
  nothingFound: text => `Keine Nachricht in diesem Browser enthält „${text}“.`,
  foundCount: count => count === 1 ? '1 Nachricht gefunden' : `${count} Nachrichten gefunden`,
  foundMost: count => `Die neuesten ${count} sind zu sehen. Gib mehr ein, um weniger zu finden.`,
  foundSoFar: 'Ältere Nachrichten werden noch wiederhergestellt und noch nicht durchsucht.',
  notInThisBrowser: 'Diese Unterhaltung ist nicht mehr hier.',
});
