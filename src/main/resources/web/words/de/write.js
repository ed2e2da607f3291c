/** How a message is written and shown. */
export const writeTexts = Object.freeze({
  codeBlock: 'Code',
  copyCodeBlock: 'Kopieren',
  copyFailed: 'Dieser Browser lässt Sotto nicht kopieren. Markiere den Text und kopiere ihn '
    + 'selbst.',
  copied: 'Kopiert',
  copyMessage: 'Kopieren',
  messageActions: 'Aktionen der Nachricht',

  // Emoji
  emojiFile: '/emoji-de.txt',
  emoji: 'Emoji',
  searchEmoji: 'Emoji suchen',
  emojiFound: count => count === 0 ? 'Kein Emoji heißt so.'
    : count === 1 ? '1 Emoji gefunden' : `${count} Emoji gefunden`,
  emojiFailed: 'Die Liste der Emoji konnte nicht geladen werden. Versuch es noch einmal, wenn der '
    + 'Server erreichbar ist.',
  emojiRecent: 'Zuletzt benutzt',
  emojiCategories: {
    'Smileys & Emotion': 'Smileys',
    'People & Body': 'Menschen',
    'Animals & Nature': 'Tiere und Natur',
    'Food & Drink': 'Essen und Trinken',
    'Travel & Places': 'Reisen und Orte',
  },
});
