import { assertEquals, test } from '../harness.js';
import { excerptOf } from '/state/message-search.js';

test('matchStandsInItsSurroundings', () => {
  assertEquals({ before: 'Did you get the ', match: 'Keys', after: ' for it?' },
    excerptOf('Did you get the Keys for it?', ' keys '));
});

test('longTextIsCutAroundTheMatch', () => {
  const { before, match, after } = excerptOf(`${'a'.repeat(500)}needle${'b'.repeat(500)}`, 'needle');
  assertEquals([`…${'a'.repeat(36)}`, 'needle', 118], [before, match, after.length]);
});

test('textWithoutTheWordsInOnePieceBeginsAtItsBeginning', () => {
  assertEquals({ before: 'the boat is new', match: '', after: '' },
    excerptOf('the boat is new', 'new boat'));
});

test('lettersThatBecomeTwoMoveNothing', () => {
  assertEquals({ before: 'İ key and more', match: '', after: '' },
    excerptOf('İ key and more', 'key'));
});

test('cutThroughASignLeavesNoHalf', () => {
  const { before } = excerptOf(`${'x'.repeat(9)}👋${'y'.repeat(35)}needle`, 'needle');
  assertEquals(true, before.isWellFormed());
});
