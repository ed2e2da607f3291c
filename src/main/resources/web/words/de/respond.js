/** Answering messages, and changing them. */
export const respondTexts = Object.freeze({
  // A message's menu
  reply: 'Antworten',
  react: 'Reagieren…',
  quickReactions: 'Reagieren',
  reactWith: emoji => `Mit ${emoji} reagieren`,
  takeBack: emoji => `${emoji} zurücknehmen`,
  edit: 'Bearbeiten',
  deleteForAll: 'Für alle löschen',
  deleteForAllTitle: 'Für alle löschen?',
  deleteForAllText: 'Die Nachricht verschwindet für alle aus dieser Unterhaltung. Vielleicht hat '
    + 'sie schon jemand gelesen oder eine Kopie davon.',

  // Over the box
  replyingTo: from => `Antwort an ${from}`,
  replyingToYou: 'Antwort an dich selbst',
  dropReply: 'Nicht antworten',
  editing: 'Wird bearbeitet',
  stopEditing: 'Bearbeiten beenden',
  save: 'Speichern',
  editHint: 'Eingabe speichert, Esc lässt die Nachricht, wie sie war',
  peopleToMention: 'Personen',

  // In the timeline
  quoteFrom: 'Als Antwort auf',
  quoteOfNothing: 'Diese Nachricht ist nicht in diesem Browser',
  quoteOfDeleted: 'Gelöschte Nachricht',
  unfold: 'Alles zeigen',
  edited: 'bearbeitet',
  deletedByYou: 'Du hast diese Nachricht gelöscht',
  deletedBy: from => `${from} hat diese Nachricht gelöscht`,
  reactions: 'Reaktionen',
  reaction: ({ emoji, users, mine }, named) => {
    const more = users.length - named.length;
    const names = more > 0 ? `${named.join(', ')} und ${more} weitere` : named.join(', ');
    return `${emoji} ${users.length}: ${names}${mine ? '. Auch deine' : ''}`;
  },
  moreReactions: count => `${count} mehr`,
  moreReactionsLabel: count => `${count} weitere Reaktionen`,

  // Elsewhere
  mentionMark: 'du wirst erwähnt',
  mentionedYou: 'Hat dich erwähnt',
  mentionedYouBy: from => `${from} hat dich erwähnt`,
});
