import { assertEquals, test } from '../harness.js';
import { excerptOf, messageSearchChanges, noMessageSearch } from '/state/message-search.js';

test('matchStandsInItsSurroundings', () => {
  assertEquals({ before: 'Did you get the ', match: 'Keys', after: ' for it?' },
    excerptOf('Did you get the Keys for it?', ' keys '));
});

test('longTextIsCutAroundTheMatch', () => {
  assertEquals({ before: `…${'a'.repeat(36)}`, match: 'needle', after: `${'b'.repeat(118)}…` },
    excerptOf(`${'a'.repeat(500)}needle${'b'.repeat(500)}`, 'needle'));
});

test('wordsStayWhole', () => {
  const { before, match, after } =
    excerptOf(`${'0123456789 '.repeat(20)}a needle!${' 0123456789'.repeat(20)}`, 'need');
  assertEquals(['…0123456789 0123456789 0123456789 a ', 'need'], [before, match]);
  assertEquals(`le!${' 0123456789'.repeat(10)}…`, after);
  assertEquals({ before: `${'word '.repeat(31)}word…`, match: '', after: '' },
    excerptOf('word '.repeat(99), 'another'));
  assertEquals('…鍵'.length + 35, excerptOf('鍵'.repeat(99) + 'x', 'x').before.length);
});

test('lettersAreMarkedWholeInWhateverFormTheyAreWritten', () => {
  const marked = (text, searched) => {
    const { before, match, after } = excerptOf(text, searched);
    return `${before}[${match}]${after}`;
  };
  assertEquals('ein scho\u0308nes [Bo\u0308]otchen', marked('ein scho\u0308nes Bo\u0308otchen', 'bö'));
  assertEquals('[Ｋｅｙ]s', marked('Ｋｅｙs', 'KEY'));
  assertEquals('a [ﬁ]ne one', marked('a ﬁne one', 'i'));
  assertEquals('ΟΔ[ΟΣ] 👋', marked('ΟΔΟΣ 👋', 'ος'));
  assertEquals('👋[🔑]👋', marked('👋🔑👋', '🔑'));
});

test('textWithoutTheWordsInOnePieceBeginsAtItsBeginning', () => {
  assertEquals({ before: 'the boat is new', match: '', after: '' },
    excerptOf('the boat is new', 'new boat'));
});

test('lettersThatBecomeTwoMoveNothing', () => {
  assertEquals({ before: 'İ ', match: 'key', after: ' and more' },
    excerptOf('İ key and more', 'key'));
});

test('cutThroughASignLeavesNoHalf', () => {
  const { before } = excerptOf(`${'x'.repeat(9)}👋${'y'.repeat(35)}needle`, 'needle');
  assertEquals(`…${'y'.repeat(35)}`, before);
  assertEquals(true, excerptOf(`${'x'.repeat(159)}👋y`, '-').before.isWellFormed());
});

test('progressIsOfTheSearchThatGoesOnAndGoesWithItsEnd', () => {
  const after = (...events) => events.reduce(
    (state, event) => messageSearchChanges[event.type](state, event), noMessageSearch).finding;
  const busy = text => ({ type: 'finding-busy', text });
  const progress = text => ({ type: 'searching', text, done: 1, total: 2 });
  assertEquals({ done: 1, total: 2 }, after(busy('a'), progress('a')).progress);
  for (const events of [[busy('a'), progress('b')], [busy('a'), progress('a'), busy('ab')],
    [busy('a'), progress('a'), { type: 'finding-found', text: 'a', results: [] }, busy('b')]]) {
    assertEquals(null, after(...events).progress);
  }
});
