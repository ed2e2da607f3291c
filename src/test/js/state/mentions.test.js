import { assert, assertEquals, test } from '../harness.js';
import {
  hasMention, isMentioned, mentionTyped, peopleIn, peopleToMention, splitMentions,
} from '/state/mentions.js';
import { initialState, reduce } from '/state/state.js';

const PEOPLE = new Set(['alice', 'bob', 'bob.smith', 'a-b_c', 'dot.']);
const GROUP = { id: 'g', kind: 'group', unread: 0, lastOrdinal: 3,
  group: { members: ['bob', 'alice', 'abe', 'zabe'].map(user => ({ user })) } };

function named(text) {
  const parts = splitMentions(text, PEOPLE);
  assertEquals(text, parts.map(part => part.text).join(''));
  return parts.filter(part => part.user).map(part => [part.user, part.text]);
}

test('nameBehindAnAtIsAMention', () => {
  assertEquals([['alice', '@alice']], named('@alice'));
  assertEquals([['bob', '@bob'], ['alice', '@ALICE'], ['a-b_c', '@a-b_c']],
    named('(@bob), @ALICE: @a-b_c!'));
  assertEquals([['bob', '@bob']], named('see @bob.'));
  assertEquals([['bob', '@bob']], named('@bob...'));
  assertEquals([['bob.smith', '@bob.smith']], named('@bob.smith.'));
  assertEquals([['dot.', '@dot.']], named('@dot.'));
  assertEquals([['bob', '@bob'], ['bob', '@bob']], named('@@bob @bob’s'));
});

test('withinAWordOrAMailAddressAndOfNobodyHereItIsNone', () => {
  for (const text of ['bob', 'a@bob', 'é@bob', '1@bob', '@bobby', '@bobé', '@carol', '@', '@ bob',
    '@bob.jones', 'mail alice@bob.example', '@constructor', `@${'a'.repeat(100)}`]) {
    assertEquals([], named(text), text);
  }
});

test('inCodeAndInLinksNobodyIsMentioned', () => {
  for (const text of ['hi @bob', '**@bob**', '- one\n- @bob', '> @bob', '~@bob']) {
    assert(isMentioned(text, 'bob', PEOPLE), text);
  }
  for (const text of ['`@bob`', '```\n@bob\n```', 'https://a.example/@bob', '[@bob](https://a.example)',
    'hi @alice', 'bob']) {
    assert(!isMentioned(text, 'bob', PEOPLE), text);
  }
});

test('soManyMentionsOfOneTextAreTold', () => {
  assertEquals(200, named('@bob '.repeat(200)).length);
  assertEquals(200, named('@nobody @bob '.repeat(5000)).length);
});

test('longTextsOfAtsAreReadInTime', () => {
  const began = performance.now();
  for (const piece of ['@', '@a', '@bob', '@a.', '@'.repeat(40) + 'a ', '@-_.']) {
    splitMentions(piece.repeat(65_536 / piece.length), PEOPLE);
  }
  assert(performance.now() - began < 5000);
});

test('nameThatIsTypedIsSeenAtTheCaret', () => {
  assertEquals({ from: 3, name: 'bo' }, mentionTyped('hi @Bo and', 6));
  assertEquals({ from: 0, name: '' }, mentionTyped('@', 1));
  for (const text of ['a@bo', 'bo', '@bo x', `@${'a'.repeat(40)}`]) {
    assertEquals(null, mentionTyped(text, text.length), text);
  }
});

test('thoseWhoseNameBeginsSoComeFirstAndNeverTheWriter', () => {
  assertEquals(['abe', 'zabe'], peopleToMention(GROUP, 'alice', 'ab', 8));
  assertEquals(['abe', 'bob'], peopleToMention(GROUP, 'alice', '', 2));
  assertEquals(['bob'], peopleToMention({ user: 'bob' }, 'alice', '', 8));
  assertEquals([], peopleToMention({ user: 'bob' }, 'alice', 'bob', 8));
  assertEquals(['abe', 'zabe'], peopleToMention(GROUP, 'alice', 'abe', 8));
  assertEquals(['bob', 'alice'], [...peopleIn({ user: 'bob' }, 'alice')]);
});

test('newMessageThatNamesMeIsNotedUntilItIsRead', () => {
  const state = [{ type: 'account', phase: 'signed-in', user: 'alice' },
    { type: 'conversations', list: [GROUP] }].reduce(reduce, initialState);
  const upserts = (...messages) => reduce(state, { type: 'messages', conversation: 'g',
    upserts: messages.map(message => ({ kind: 'text', text: '@alice', ordinal: 4, ...message })) });
  const noted = upserts({ id: 'x' }, { id: 'y', ordinal: 5, text: 'nothing' });
  assertEquals({ g: 4 }, noted.mentioned);
  assertEquals({ g: 4 }, upserts({ id: 'x', kind: 'file' }).mentioned);
  assert(hasMention(noted, { id: 'g', unread: 2, firstUnreadOrdinal: 4 }));
  assert(!hasMention(noted, { id: 'g', unread: 1, firstUnreadOrdinal: 5 }));
  assert(!hasMention(noted, { id: 'g', unread: 0 }));
  for (const old of [{ ordinal: 3 }, { mine: true }, { kind: 'deleted', text: '' },
    { text: '@bob' }, { removed: true, kind: undefined, text: undefined }]) {
    assertEquals({}, upserts(old).mentioned, JSON.stringify(old));
  }
});
