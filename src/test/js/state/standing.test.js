import { assert, assertEquals, test } from '../harness.js';
import { archivedOf, listed, requestsOf, unreadTotal } from '/state/conversations.js';
import { sendingStop } from '/state/groups.js';
import { shownResults } from '/state/message-search.js';
import { isOfBlocked } from '/state/standing.js';
import { initialState, reduce } from '/state/state.js';

const person = (id, standing, more = {}) =>
  ({ id, user: id, draft: '', unread: 0, lastOrdinal: 1, lastAt: 5, standing, ...more });
const CREW = { id: 'crew', kind: 'group', name: 'Crew', draft: '', unread: 0,
  group: { status: 'member', members: [] } };

function world(list, ...events) {
  return [{ type: 'account', phase: 'signed-in', user: 'alice' }, { type: 'conversations', list },
    ...events].reduce(reduce, initialState);
}

const idsOf = conversations => conversations.map(({ id }) => id);

test('whoAsksStandsApartWhateverElseIsTrue', () => {
  const state = world([person('bob', 'accepted'), person('nadia', 'asked', { archived: true }),
    person('omar', 'asked', { lastAt: 9 })]);
  assertEquals([['bob'], ['omar', 'nadia'], []],
    [idsOf(listed(state)), idsOf(requestsOf(state)), idsOf(archivedOf(state))]);
});

test('whoIsBlockedStaysInTheListAndWhoWasDeclinedDoesNot', () => {
  const declined = person('nadia', 'blocked', { lastAt: undefined, lastOrdinal: 0 });
  const state = world([person('mallory', 'blocked'), declined]);
  assertEquals([['mallory'], []], [idsOf(listed(state)), idsOf(archivedOf(state))]);
});

test('nothingOfWhoAsksOrIsBlockedIsUnread', () => {
  const list = ['accepted', 'asked', 'blocked'].map((s, i) => person(`p${i}`, s, { unread: 3 }));
  assertEquals(3, unreadTotal(world(list)));
});

test('nothingIsSentToWhomTheUserBlockedAndAnAnswerToWhoAsks', () => {
  assertEquals(['unwanted', null, null, 'changed'], [person('a', 'blocked', { keyChanged: true }),
    person('b', 'asked'), person('c', undefined), person('d', 'asked', { keyChanged: true })]
    .map(sendingStop));
});

test('membersAreHiddenInGroupsAlone', () => {
  const state = world([CREW, person('mallory', 'blocked')],
    { type: 'privacy', blocked: ['mallory'] }, { type: 'privacy', typing: false });
  assert(isOfBlocked(state, CREW, 'mallory'));
  assert(!isOfBlocked(state, CREW, 'bob'));
  assert(!isOfBlocked(state, state.conversations.mallory, 'mallory'));
  assert(!isOfBlocked(world([CREW]), CREW, 'mallory'), 'nothing was told yet');
  assertEquals({ blocked: ['mallory'], typing: false }, state.privacy);
});

test('whoLeavesTakesAllOfItAlong', () => {
  const state = world([CREW], { type: 'privacy', blocked: ['mallory'] }, { type: 'reveal', id: 'x' },
    { type: 'account', phase: 'signed-out' });
  assertEquals([{}, {}], [state.privacy, state.revealed]);
});

test('detailsOfWhoIsGoneClose', () => {
  const open = { type: 'dialog', dialog: { kind: 'details', user: 'bob' } };
  const told = list => world([person('bob', 'asked')], open, { type: 'conversations', list });
  assertEquals(null, told([CREW]).dialog);
  assertEquals('details', told([CREW, person('bob', 'accepted')]).dialog.kind);
});

test('whatABlockedMemberWroteIsNotFoundInGroups', () => {
  const results = [['crew', 'bob'], ['crew', 'carol'], ['bob', 'bob']]
    .map(([conversation, from]) => ({ conversation, from, id: `${conversation} ${from}` }));
  const found = state => shownResults(state)?.map(({ id }) => id);
  const state = world([CREW, person('bob', 'blocked')], { type: 'finding-busy', text: 'x' });
  assertEquals(null, shownResults(state));
  const answered = reduce(state, { type: 'finding-found', text: 'x', results });
  assertEquals(['crew carol', 'bob bob'], found({ ...answered, privacy: { blocked: ['bob'] } }));
  assertEquals(3, found(answered).length);
});
