import { assert, assertEquals, test } from '../harness.js';
import { passphraseOf } from '/state/passphrase.js';

const numbers = (...values) => array => {
  array[0] = values.shift();
  return array;
};

test('passphraseIsSixWords', () => {
  assertEquals('a b c a b c', passphraseOf(['a', 'b', 'c'], numbers(0, 1, 2, 3, 4, 5)));
});

test('numberThatWouldFavourTheFirstWordsIsThrownAway', () => {
  const words = Array.from({ length: 7776 }, (_, i) => `w${i}`);
  assertEquals('w7775 w0 w1 w2 w3 w4',
    passphraseOf(words, numbers(62_208, 65_535, 62_207, 0, 1, 2, 3, 4)));
});

test('shippedWordsAreTheWholeListEachOnce', async () => {
  const words = (await (await fetch('/words.txt')).text()).trimEnd().split('\n');
  assertEquals([7776, 7776], [words.length, new Set(words).size]);
  assert(words.every(word => /^[a-z-]{3,9}$/.test(word)));
});

test('twoPassphrasesDiffer', () => {
  const words = Array.from({ length: 7776 }, (_, i) => `w${i}`);
  assert(passphraseOf(words) !== passphraseOf(words));
});
