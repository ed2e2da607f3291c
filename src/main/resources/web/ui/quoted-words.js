/** A message in a few words: where it is quoted, and where it was deleted. */
import { plainWords } from '../state/markup.js';
import { texts } from './texts.js';

const WORDS_MAX = 160;

/** @param message, or what a message that answers it tells of it: `text` is null if it is not here */
export function quotedWords({ kind, text, file }) {
  if (kind === 'deleted') return texts.quoteOfDeleted;
  if (text === null) return texts.quoteOfNothing;
  return plainWords(text, WORDS_MAX) || file?.name || text.slice(0, WORDS_MAX);
}

export function deletedWords({ mine, from }) {
  return mine ? texts.deletedByYou : texts.deletedBy(from);
}
