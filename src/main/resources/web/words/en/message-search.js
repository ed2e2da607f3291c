/** The part of the texts that is about searching messages; `texts` holds them all. */
import { numberName } from '../numbers.js';

export const messageSearchTexts = Object.freeze({
  searchMessages: 'Search messages',
  searchResults: 'Found messages',
  searching: 'Searching…',
  searchingOf: ({ done, total }) =>
    `Searching… ${numberName(done)} of ${numberName(total)} messages`,
  nothingFound: text => `No message in this browser holds “${text}”.`,
  foundCount: count => count === 1 ? '1 message found' : `${count} messages found`,
  foundMost: count => `The newest ${count} are shown. Type more to find fewer.`,
  foundSoFar: 'Older messages are still being restored, and not searched yet.',
  notInThisBrowser: 'This conversation is not here any more.',
});
