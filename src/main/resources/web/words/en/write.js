/** How a message is written and shown. */
export const writeTexts = Object.freeze({
  codeBlock: 'Code',
  copyCodeBlock: 'Copy',
  copyFailed: 'This browser did not let Sotto copy. Select the text and copy it yourself.',
  copied: 'Copied',
  copyMessage: 'Copy',
  messageActions: 'Message actions',

  // Emoji
  emojiFile: '/emoji.txt',
  emoji: 'Emoji',
  searchEmoji: 'Search emoji',
  emojiFound: count => count === 0 ? 'No emoji has this name.'
    : count === 1 ? '1 emoji found' : `${count} emoji found`,
  emojiFailed: 'The list of emoji could not be loaded. Try again when the server can be reached.',
  emojiRecent: 'Used lately',
  emojiCategories: {
    'Smileys & Emotion': 'Smileys',
    'People & Body': 'People',
    'Animals & Nature': 'Animals and nature',
    'Food & Drink': 'Food and drink',
    'Travel & Places': 'Travel and places',
  },
});
