import { assert, assertEquals, test } from '../harness.js';
import { roughDuration, typedDuration, wholeDuration } from '/state/durations.js';
import { writersIn } from '/state/passing.js';
import { initialState, reduce } from '/state/state.js';

const CREW = { id: 'crew', kind: 'group', name: 'Crew', draft: '', unread: 0, lastOrdinal: 4,
  group: { status: 'member', members: [] } };
const said = (ordinal, more) => ({ id: `m${ordinal}`, conversation: 'crew', ordinal, kind: 'text',
  from: 'bob', text: 'x', sentAt: 1, ...more });

function world(...events) {
  return [{ type: 'account', phase: 'signed-in', user: 'alice' },
    { type: 'conversations', list: [CREW] }, ...events].reduce(reduce, initialState);
}

const typing = (user, isWriting = true) =>
  ({ type: 'typing', conversation: 'crew', user, isWriting });
const messages = (...upserts) => ({ type: 'messages', conversation: 'crew', upserts });

test('writersStandInTheOrderInWhichTheyBegan', () => {
  const state = world(typing('dora'), typing('bob'), typing('dora'), typing('erin'),
    typing('erin', false), typing('nobody', false));
  assertEquals(['dora', 'bob'], writersIn(state, CREW));
  assert(reduce(state, typing('bob')) === state, 'nothing is drawn for the same once more');
});

test('whoSaysSomethingNewHasWritten', () => {
  const state = world(typing('bob'), typing('dora'));
  assertEquals(['dora'], writersIn(reduce(state, messages(said(5))), CREW));
  assertEquals(['bob', 'dora'], writersIn(reduce(state, messages(said(3, { edited: true }),
    { id: 'm4', removed: true })), CREW));
});

test('nobodyIsSeenWritingWithoutAConnectionOrWhoIsBlocked', () => {
  assertEquals([], writersIn(world(typing('bob'), { type: 'connection', status: 'offline' }), CREW));
  assertEquals(['dora'], writersIn(
    world(typing('bob'), typing('dora'), { type: 'privacy', blocked: ['bob'] }), CREW));
});

test('whatDisappearedIsNeitherShownNorAnsweredNorAskedAbout', () => {
  const page = { type: 'history-loaded', conversation: 'crew', limit: 60,
    messages: [said(1), said(2), said(3)] };
  const state = world(page, { type: 'replying', conversation: 'crew', message: said(2) },
    { type: 'dialog', dialog: { kind: 'image', message: said(1) } });
  const gone = reduce(state, { type: 'messages-gone', conversation: 'crew', ids: ['m1', 'm2'] });
  assertEquals([['m3'], {}, null],
    [gone.timelines.crew.messages.map(({ id }) => id), gone.replies, gone.dialog]);
  const found = [{ type: 'finding-busy', text: 'x' },
    { type: 'finding-found', text: 'x', results: [said(1), said(3)] },
    { type: 'messages-gone', conversation: 'crew', ids: ['m1', 'm2'] }].reduce(reduce, state);
  assertEquals(['m3'], found.finding.results.map(({ id }) => id));
  const other = reduce(state, { type: 'messages-gone', conversation: 'crew', ids: ['m3'] });
  assertEquals(['image', 'm2'], [other.dialog.kind, other.replies.crew.id]);
});

test('lengthsAreSaidInTheUnitThatFits', () => {
  assertEquals([[1, 'hour'], [4, 'week'], [90, 'minute'], [7, 'second'], [365, 'day']],
    [3600, 2_419_200, 5400, 7, 31_536_000].map(wholeDuration).map(({ count, unit }) =>
      [count, unit]));
  assertEquals([{ count: 3, unit: 'hour' }, { count: 2, unit: 'day' }, { count: 59, unit: 'minute' },
    { count: 1, unit: 'hour' }, null, null],
    [10_740_000, 150_000_000, 3_540_000, 3_595_000, 59_999, -5].map(roughDuration));
});

test('onlyATimeThatATimerCanHaveIsTaken', () => {
  assertEquals([180, 31_536_000, 5_400], [typedDuration('3', 'minute'), typedDuration('365', 'day'),
    typedDuration('1.5', 'hour')]);
  for (const [typed, unit] of [['', 'day'], ['0', 'day'], ['-1', 'day'], ['366', 'day'],
    ['x', 'day'], ['0.001', 'minute'], ['1e9', 'week'], ['4', 'second']]) {
    assertEquals(null, typedDuration(typed, unit), `${typed} ${unit}`);
  }
});
