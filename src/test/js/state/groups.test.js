import { assert, assertEquals, test } from '../harness.js';
import { canReload, conversationWith, listed, lockOf } from '/state/conversations.js';
import {
  groupNameProblem, headcount, invitationProblem, mayChange, otherAdmins, peopleToInvite,
  sendingStop, typedNames, verifiedPeople,
} from '/state/groups.js';
import { initialState, reduce } from '/state/state.js';

const BOB = { id: 'c1', kind: 'person', name: 'bob', user: 'bob', draft: '', unread: 0,
  verified: false, keyChanged: false };

function member(user, role = 'member') {
  return { user, role, leaving: false, self: user === 'alice' };
}

function crew(fields = {}) {
  return { id: 'ab', status: 'member', isAdmin: true, invitedBy: null, blockedBy: [], missed: [],
    alarm: null,
    members: [member('alice', 'admin'), member('bob'), member('carol', 'invited')], ...fields };
}

function talk(fields = {}, id = 'group:ab', name = 'Crew') {
  return { id, kind: 'group', name, draft: '', unread: 0, group: crew(fields) };
}

const signedIn = after(initialState,
  { type: 'account', phase: 'signed-in', user: 'alice' },
  { type: 'conversations', list: [BOB, talk()] });

function after(state, ...events) {
  return events.reduce(reduce, Object.freeze(state));
}

test('groupsAndPeopleAreOneListByTheirNewestMessage', () => {
  const list = [{ ...BOB, lastAt: 20 }, { ...talk(), lastAt: 30 }, talk({}, 'group:cd', null),
    talk({}, 'group:ce', 'Abc')];
  const state = after(signedIn, { type: 'conversations', list });
  assertEquals(['group:ab', 'c1', 'group:cd', 'group:ce'], listed(state).map(c => c.id));
});

test('groupNamedLikeAPersonIsNotTheConversationWithThem', () => {
  const list = [talk({}, 'group:ab', 'bob'), talk({}, 'group:cd', undefined)];
  const state = after(signedIn, { type: 'conversations', list });
  assertEquals([null, null],
    [conversationWith(state, 'bob'), conversationWith(state, undefined)]);
  assertEquals('c1', conversationWith(signedIn, 'bob').id);
});

test('lockOfAGroupTellsItsTrouble', () => {
  assertEquals('encrypted', lockOf(talk()));
  assertEquals('changed', lockOf(talk({ blockedBy: ['bob'] })));
  assertEquals('alarm', lockOf(talk({ blockedBy: ['bob'], alarm: 'Two histories.' })));
});

test('whatKeepsATextFromBeingSentIsNamed', () => {
  for (const [fields, stop] of [[{}, null], [{ status: 'invited' }, 'invited'],
    [{ status: 'waiting' }, 'waiting'], [{ status: 'left' }, 'left'],
    [{ joining: true, blockedBy: ['bob'] }, 'joining'],
    [{ joining: true, alarm: 'Two histories.' }, 'alarm'],
    [{ status: 'removed', blockedBy: ['bob'] }, 'removed'], [{ blockedBy: ['bob'] }, 'blocked'],
    [{ status: 'removed', alarm: 'Two histories.' }, 'alarm'], [{ status: 'lost' }, 'lost'],
    [{ isAdmin: false, missed: ['bob'] }, 'missed'], [{ missed: ['bob'] }, null],
    [{ isAdmin: false, missed: ['bob'], blockedBy: ['bob'] }, 'blocked']]) {
    assertEquals(stop, sendingStop(talk(fields)), JSON.stringify(fields));
  }
  assertEquals(null, sendingStop(BOB));
  assertEquals('changed', sendingStop({ ...BOB, keyChanged: true }));
});

test('otherAdminsAreThoseWhoCanBeAsked', () => {
  const members = [member('alice', 'admin'), member('bob', 'admin'), member('carol')];
  assertEquals(['bob'], otherAdmins(crew({ members })));
});

test('onlyAnAdminWhoIsInTheGroupChangesIt', () => {
  assert(mayChange(crew()));
  assert(!mayChange(crew({ isAdmin: false })));
  for (const status of ['invited', 'waiting', 'left', 'removed']) {
    assert(!mayChange(crew({ status })), status);
  }
});

test('invitedPeopleAreNotCountedAsMembers', () => {
  assertEquals({ members: 2, invited: 1 }, headcount(crew()));
});

test('groupNameIsOneTo64VisibleCharacters', () => {
  for (const [name, problem] of [['Crew', null], [' Crew ', null], ['👍'.repeat(64), null],
    ['👍'.repeat(65), 'long'], ['', 'missing'], [' \t\n', 'missing'], ['a\u0000b', 'control'],
    ['a\u0085b', 'control'], ['a\nb', 'control'], ['<b>x</b> \u202e', null]]) {
    assertEquals(problem, groupNameProblem(name), JSON.stringify(name));
  }
});

test('namesAreFoundHoweverTheyAreParted', () => {
  assertEquals(['bob', 'carol', 'dora.k', 'erin', 'finn'],
    typedNames(' Bob,carol\n;dora.k\t erin\u00a0finn ,, bob '));
  assertEquals([], typedNames(' ,\n'));
});

test('peopleWhoCannotBeInvitedAreNamed', () => {
  const problem = (names, group = crew()) => invitationProblem(group, names);
  const many = count => Array.from({ length: count }, (_, i) => `user${i}`);
  assertEquals(null, problem(['dora', 'erin']));
  assertEquals('none', problem([]).problem);
  assertEquals({ problem: 'invalid', names: ['x', '<b>'] }, problem(['dora', 'x', '<b>']));
  assertEquals({ problem: 'already', names: ['bob', 'carol'] }, problem(['bob', 'dora', 'carol']));
  assertEquals(null, problem(many(32)));
  assertEquals('at-once', problem(many(33)).problem);
  const large = count => crew({ members: many(count).map(name => member(`old-${name}`)) });
  assertEquals(null, problem(many(32), large(168)));
  assertEquals('full', problem(many(32), large(169)).problem);
});

test('thoseOnlineWhoAreNotInTheGroupAreOffered', () => {
  const state = after(signedIn,
    { type: 'online', users: ['alice', 'bob', 'carol', 'dora', 'erin', 'finn'], more: false });
  assertEquals(['dora', 'finn'], peopleToInvite(state, crew(), 'Erin, '));
  assertEquals([], peopleToInvite(signedIn, crew(), ''), 'nobody is known to be online');
});

test('verifiedAreThoseWhoseKeyIsStillTheOneThatWasCompared', () => {
  const list = [{ ...BOB, verified: true }, talk({}, 'group:ab', 'carol'),
    { ...BOB, id: 'c2', user: 'dora', verified: true, keyChanged: true }];
  const state = after(signedIn, { type: 'conversations', list });
  assertEquals(['bob'], [...verifiedPeople(state)]);
});

test('answerToAnInvitationIsBusyThenDoneOrRefused', () => {
  const busy = after(signedIn, { type: 'answering', conversation: 'group:ab' });
  assertEquals({ busy: true, error: null }, busy.answers['group:ab']);
  assert(!canReload(busy));
  const refused = after(busy, { type: 'answered', conversation: 'group:ab', text: 'It is gone.' });
  assertEquals({ busy: false, error: 'It is gone.' }, refused.answers['group:ab']);
  const done = after(busy, { type: 'answered', conversation: 'group:ab' });
  assertEquals({ busy: false, error: null }, done.answers['group:ab']);
  assert(canReload(done));
  const other = after(refused, { type: 'account', phase: 'signed-in', user: 'bob' });
  assertEquals({}, other.answers);
});
