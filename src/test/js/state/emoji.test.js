import { assert, assertEquals, test } from '../harness.js';
import {
  nameTyped, quickest, readEmoji, searchEmoji, withRecent, withUse,
} from '/state/emoji.js';

const SOME = readEmoji('# about\n= Faces\n😀 grinning smile happy\n😄 smile happy\n'
  + '😺 smiley_cat\n= Other\n👍 +1 thumbsup ok\n❤️ heart red love\n'
  + '💔 broken_heart\n🇩🇪 de germany flag\n');

const found = typed => searchEmoji(SOME, typed, 9).map(({ emoji }) => emoji).join(' ');

const ENGLISH = '/emoji.txt';
const GERMAN = '/emoji-de.txt';

async function all(file) {
  return readEmoji(await (await fetch(file)).text());
}

test('linesAreReadWithTheirCategory', () => {
  assertEquals({ emoji: '😄', name: 'smile', words: ['happy'], category: 'Faces' }, SOME[1]);
  assertEquals('Other', SOME[3].category);
  assertEquals(7, SOME.length);
});

test('searchFindsNamesAndWordsTheBestFirst', () => {
  assertEquals('😄 😀 😺', found('smile'));
  assertEquals('❤️ 💔', found('heart'));
  assertEquals('💔', found('broken heart'));
  assertEquals('💔', found('BROKEN_h'));
  assertEquals('👍', found('+1'));
  assertEquals('👍', found('thumb'));
  assertEquals('🇩🇪', found('germ fl'));
  for (const nothing of ['', ' ', ':', '__', 'zzz', '.*', '[', 'smile zzz']) {
    assertEquals('', found(nothing), nothing);
  }
});

test('nameBeforeTheCaretIsFound', () => {
  const typed = (text, caret = text.length) => nameTyped(text, caret);
  assertEquals({ from: 3, name: 'sm', closed: false }, typed('hi :sm'));
  assertEquals({ from: 0, name: '+1', closed: true }, typed(':+1:'));
  assertEquals({ from: 2, name: 'ab', closed: false }, typed('x\n:abc', 5));
  for (const text of ['', ':', ':s', 'at 10:30', 'a:b', 'https://x', '::', ': sm', ':)', ':-)',
    ':D', ':smile: ', `:${'x'.repeat(40)}`]) {
    assertEquals(null, typed(text), text);
  }
});

test('usedLatelyComeOnceTheLastFirst', () => {
  assertEquals(['b', 'a', 'c'], withRecent(['a', 'b', 'c'], 'b'));
  const many = Array.from({ length: 30 }, (_, i) => String(i)).reduce(withRecent, []);
  assertEquals(24, many.length);
  assertEquals('29', many[0]);
});

async function assertWhole(file, bytesMax) {
  const text = await (await fetch(file)).text();
  assert(new TextEncoder().encode(text).length < bytesMax);
  const emoji = await all(file);
  assert(emoji.length > 1800, `${emoji.length}`);
  assertEquals(9, new Set(emoji.map(({ category }) => category)).size);
  assertEquals(emoji.length, new Set(emoji.map(one => one.emoji)).size);
  assertEquals(emoji.length, new Set(emoji.map(({ name }) => name)).size);
  for (const one of emoji) {
    assert(/^[\p{L}\p{N}_+-]+$/u.test(one.name), one.name);
    assert(/\P{ASCII}/u.test(one.emoji), one.name);
  }
  return emoji;
}

function assertFirst(emoji, expected) {
  for (const [name, first] of Object.entries(expected)) {
    assertEquals(first, searchEmoji(emoji, name, 1)[0].emoji);
  }
}

test('shippedListIsSmallAndWhole', async () => {
  const emoji = await assertWhole(ENGLISH, 60_000);
  assertFirst(emoji, { tada: '🎉', '+1': '👍', joy: '😂', heart: '❤️', thu: '👍' });
});

test('germanListHasTheSameEmojiInGerman', async () => {
  const emoji = await assertWhole(GERMAN, 90_000);
  assertFirst(emoji, { konfettibombe: '🎉', '+1': '👍', daumen: '👍', 'rotes herz': '❤️' });
  const english = await all(ENGLISH);
  assertEquals(english.length, emoji.length);
  assertEquals([], english.filter((one, i) =>
    one.emoji !== emoji[i].emoji || one.category !== emoji[i].category));
});

test('searchIsQuickEnoughForEveryKey', async () => {
  const emoji = await all(GERMAN);
  const times = Array.from({ length: 50 }, () => {
    const began = performance.now();
    searchEmoji(emoji, 's', 120);
    return performance.now() - began;
  });
  // The quickest: what else the machine does meanwhile is no matter of the search.
  assert(Math.min(...times) < 20, `${times} ms`);
});

test('mostUsedAreOfferedFirstAndNoneTwice', () => {
  assertEquals(6, quickest([]).length);
  const uses = ['🦖', '👍', '👍'].reduce(withUse, []);
  assertEquals([{ emoji: '👍', count: 2 }, { emoji: '🦖', count: 1 }], uses);
  assertEquals(['👍', '🦖', '❤️', 6, 6], [...quickest(uses).slice(0, 3), quickest(uses).length,
    new Set(quickest(uses)).size]);
  const many = Array.from({ length: 99 }, (_, i) => `e${i}`).reduce(withUse, uses);
  assertEquals([24, '👍'], [many.length, many[0].emoji]);
});
