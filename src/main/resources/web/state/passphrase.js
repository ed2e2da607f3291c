/** Makes passphrases of words that chance chooses. */

const WORDS = 6;
const UINT16_VALUES = 65_536;

/**
 * Chooses among the words, each with the same chance: a number above the last whole multiple of
 * their count is thrown away, since its remainder would favour the first words.
 *
 * @param words [text], at most 65,536
 * @param fill puts random numbers into a Uint16Array and returns it
 */
export function passphraseOf(words, fill = array => crypto.getRandomValues(array)) {
  const usable = UINT16_VALUES - UINT16_VALUES % words.length;
  const chosen = [];
  while (chosen.length < WORDS) {
    const [number] = fill(new Uint16Array(1));
    if (number < usable) chosen.push(words[number % words.length]);
  }
  return chosen.join(' ');
}
