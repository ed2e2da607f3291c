/** Every text that the page shows, in its language; the texts themselves are in words/. */
import { words } from '../words/words.js';

export const texts = words.page;

/** The text with a key such as "lock.verified". Throws for a key that does not exist. */
export function textOf(key) {
  const value = key.split('.').reduce((found, step) => found?.[step], texts);
  if (typeof value !== 'string') {
    throw new Error(`no text named ${key}`);
  }
  return value;
}
