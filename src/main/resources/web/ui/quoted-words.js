/** A message in a few words: where it is quoted, and where it was deleted. */
import { plainName } from '../state/file-names.js';
import { plainWords } from '../state/markup.js';
import { texts } from './texts.js';

const WORDS_MAX = 160;

/** @param message, or what a message that answers it tells of it: `text` is null if it is not here */
export function quotedWords({ kind, text, file, from }) {
  if (kind === 'hidden') return texts.hiddenMessage(from);
  if (kind === 'deleted') return texts.quoteOfDeleted;
  if (text === null) return texts.quoteOfNothing;
  // Of a file that is not loaded here, what answers it tells the name alone.
  const words = kind === 'file' && !file ? plainName(text) : text;
  return plainWords(words, WORDS_MAX) || (file ? plainName(file.name) : words.slice(0, WORDS_MAX));
}

export function deletedWords({ mine, from }) {
  return mine ? texts.deletedByYou : texts.deletedBy(from);
}
