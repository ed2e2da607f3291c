import { assertEquals, test } from '../harness.js';
import { initialState, reduce } from '/state/state.js';
import { archivedOf, listed, unreadTotal } from '/state/conversations.js';
import { choicesFor, neighbour } from '/state/switcher.js';

function world(list, open = null) {
  const rows = list.map(row => ({ unread: 0, draft: '', ...row }));
  return [{ type: 'account', phase: 'signed-in', user: 'alice' },
    { type: 'conversations', list: rows }, { type: 'opened', conversation: open }]
    .reduce(reduce, initialState);
}

const ids = conversations => conversations.map(({ id }) => id);

const FOUR = [
  { id: 'a', user: 'ann', lastAt: 40 }, { id: 'b', user: 'bob', lastAt: 30, unread: 2 },
  { id: 'c', user: 'carol', lastAt: 20 }, { id: 'd', user: 'dan', lastAt: 10, unread: 1 }];

test('pinnedConversationsComeFirstAndArchivedOnesStandApart', () => {
  const state = world([{ id: 'old', user: 'x', lastAt: 1, pinned: true },
    { id: 'away', user: 'y', lastAt: 9, archived: true }, { id: 'new', user: 'z', lastAt: 5 },
    { id: 'asked', kind: 'group', name: 'g', group: { status: 'invited' }, archived: true }]);
  assertEquals(['old', 'new', 'asked'], ids(listed(state)));
  assertEquals(['away'], ids(archivedOf(state)));
});

test('mutedAndArchivedConversationsDoNotCount', () => {
  assertEquals(1, unreadTotal(world([{ id: 'a', user: 'ann', unread: 1 },
    { id: 'b', user: 'bob', unread: 20, muted: true },
    { id: 'c', user: 'carol', unread: 300, archived: true }])));
});

test('stepsFollowTheListRoundItsEnds', () => {
  for (const [open, step, expected] of [['a', 1, 'b'], ['a', -1, 'd'], ['d', 1, 'a'],
    ['c', -1, 'b'], [null, 1, 'a'], [null, -1, 'd'], ['gone', 1, 'a']]) {
    assertEquals(expected, neighbour(world(FOUR, open), step), `${open} ${step}`);
  }
  assertEquals(null, neighbour(world([]), 1));
  assertEquals(null, neighbour(world(FOUR.slice(0, 1), 'a'), -1));
});

test('stepsToWhatIsUnreadPassOverReadAndMutedOnes', () => {
  for (const [open, step, expected] of [['a', 1, 'b'], ['b', 1, 'd'], ['d', 1, 'b'],
    ['a', -1, 'd'], [null, 1, 'b'], [null, -1, 'd']]) {
    assertEquals(expected, neighbour(world(FOUR, open), step, true), `${open} ${step}`);
  }
  const quiet = FOUR.map(row => ({ ...row, muted: row.id === 'd' }));
  assertEquals('b', neighbour(world(quiet, 'c'), 1, true));
  assertEquals(null, neighbour(world(quiet, 'b'), 1, true), 'only the open one is unread');
});

test('namesThatBeginSoAreFoundFirstThenWordsThenTheRest', () => {
  const state = world([{ id: '1', user: 'urban' }, { id: '2', name: 'The Band', kind: 'group' },
    { id: '3', user: 'Bandit', archived: true }, { id: '4', user: 'husband', lastAt: 9 },
    { id: '5', name: null, kind: 'group' }, { id: '6', user: 'zoe' }]);
  assertEquals(['3', '2', '4'], ids(choicesFor(state, ' BAND ')));
  assertEquals([], choicesFor(state, 'nobody'));
});

test('nothingTypedOffersWhatIsUnreadAndThenTheLatest', () => {
  assertEquals(['b', 'd', 'c'], ids(choicesFor(world(FOUR, 'a'), '')));
  const many = Array.from({ length: 40 }, (_, i) => ({ id: `${i}`, user: `u${i}`, lastAt: -i }));
  assertEquals(12, choicesFor(world(many), '').length);
  assertEquals(12, choicesFor(world(many), 'u').length);
});
