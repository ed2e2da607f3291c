import { assertEquals, test } from '../harness.js';
import { initialState, reduce } from '/state/state.js';
import { createActions } from '/ui/actions.js';
import { texts } from '/ui/texts.js';
import { fakeNotifier } from './desk.js';

const ID = 'group:ab';
const MEMBERS = [{ user: 'alice', role: 'admin', leaving: false, self: true },
  { user: 'bob', role: 'member', leaving: false, self: false }];

/** The actions over an engine whose every method is noted, and refused or answered as said. */
function desk(answers = {}) {
  const calls = [];
  const engine = new Proxy({}, {
    get: (_, name) => async (...values) => {
      calls.push([name, ...values]);
      const answer = answers[name];
      if (answer instanceof Error) throw answer;
      return typeof answer === 'function' ? answer(...values) : answer;
    },
  });
  const it = { calls, state: initialState, went: [] };
  const dispatch = event => { it.state = reduce(it.state, event); };
  dispatch({ type: 'account', phase: 'signed-in', user: 'alice' });
  dispatch({ type: 'conversations', list: [{ id: ID, kind: 'group', name: 'Crew', draft: '',
    unread: 0, group: { id: 'ab', status: 'member', isAdmin: true, invitedBy: null,
      members: MEMBERS, blockedBy: [], missed: [], alarm: null } }] });
  it.actions = createActions({ engine: () => engine, state: () => it.state, dispatch,
    goTo: id => it.went.push(id), reload() {}, notifier: fakeNotifier() });
  return it;
}

/** A desk with the details of the group open; what opening asked is not among its calls. */
async function openDetails(answers) {
  const it = desk(answers);
  await it.actions.showGroup(ID);
  it.calls.length = 0;
  return it;
}

const refused = text => Object.assign(new Error('refused'), { code: 'x', text });

test('newGroupIsCreatedWithItsTrimmedNameAndOpened', async () => {
  const it = desk({ createGroup: 'group:cd' });
  it.actions.showDialog({ kind: 'new-group' });
  await it.actions.createGroup('  Ski week ');
  assertEquals([['createGroup', 'Ski week']], it.calls);
  assertEquals([['group:cd'], null], [it.went, it.state.dialog]);
});

test('badGroupNameIsRefusedBeforeAnythingIsSent', async () => {
  for (const [name, problem] of [[' ', 'missing'], ['x'.repeat(65), 'long'],
    ['a\u0007', 'control']]) {
    const it = desk();
    it.actions.showDialog({ kind: 'new-group' });
    await it.actions.createGroup(name);
    assertEquals([], it.calls);
    assertEquals([texts.groupNameProblems[problem], false],
      [it.state.dialog.error, it.state.dialog.busy]);
  }
});

test('severalPeopleAreInvitedInOneCall', async () => {
  const it = await openDetails();
  assertEquals(true, await it.actions.inviteMembers(ID, 'Carol, dora\nerin'));
  assertEquals([['inviteMembers', ID, ['carol', 'dora', 'erin']]], it.calls);
});

test('badInvitationIsToldWhereItWasTyped', async () => {
  const it = await openDetails();
  assertEquals(false, await it.actions.inviteMembers(ID, 'carol bob'));
  assertEquals([], it.calls);
  const { error, place, busy } = it.state.dialog;
  assertEquals([texts.invitationProblems.already('bob'), 'add', false], [error, place, busy]);
});

test('oneChangeOfAGroupIsAskedForAtATime', async () => {
  let done;
  const it = await openDetails({ renameGroup: () => new Promise(resolve => { done = resolve; }) });
  const renaming = it.actions.renameGroup(ID, 'Crew 2');
  assertEquals(false, await it.actions.setRole(ID, 'bob', 'admin'));
  assertEquals([['renameGroup', ID, 'Crew 2']], it.calls);
  done();
  await renaming;
  await it.actions.setRole(ID, 'bob', 'admin');
  assertEquals(['setRole', ID, 'bob', 'admin'], it.calls.at(-1));
});

test('refusedChangeKeepsItsQuestionAndSaysWhy', async () => {
  const it = await openDetails({ leaveGroup: refused('Name another admin first.') });
  it.actions.ask('leave');
  await it.actions.leaveGroup(ID);
  const { asking, error, place } = it.state.dialog;
  assertEquals([{ what: 'leave', user: null }, 'Name another admin first.', 'leave'],
    [asking, error, place]);
});

test('refusalOfAClosedDialogIsToldOverThePage', async () => {
  const it = await openDetails({ renameGroup: () => {
    it.actions.closeDialog();
    throw refused('No connection.');
  } });
  await it.actions.renameGroup(ID, 'Crew 2');
  assertEquals([null, ['No connection.']], [it.state.dialog, it.state.alerts.map(a => a.text)]);
});

test('whoHasNotSeenTheRemovalIsAskedForAgainAfterOne', async () => {
  const it = await openDetails({ loadUnseen: () => ({ removed: 'bob', unseen: [] }) });
  it.actions.ask('remove', 'bob');
  await it.actions.removeMember(ID, 'bob');
  assertEquals([['removeMember', ID, 'bob'], ['loadUnseen', ID]], it.calls);
  assertEquals([null, { removed: 'bob', unseen: [] }],
    [it.state.dialog.asking, it.state.dialog.unseen]);
});

test('leavingClosesTheDetails', async () => {
  const it = await openDetails();
  await it.actions.leaveGroup(ID);
  assertEquals([[['leaveGroup', ID]], null], [it.calls, it.state.dialog]);
});

test('acceptedGroupIsOpened', async () => {
  const it = desk();
  await Promise.all([it.actions.accept(ID), it.actions.accept(ID), it.actions.decline(ID)]);
  assertEquals([[['acceptInvitation', ID]], [ID]], [it.calls, it.went]);
});

test('refusedAnswerIsToldAtTheInvitation', async () => {
  const it = desk({ declineInvitation: refused('No connection.') });
  await it.actions.decline(ID);
  assertEquals({ busy: false, error: 'No connection.' }, it.state.answers[ID]);
  assertEquals([], it.went);
});

test('removingAgainIsOneQuestionAtATimeAndItsRefusalIsTold', async () => {
  const it = desk();
  await Promise.all([it.actions.removeAgain(ID, 'bob'), it.actions.removeAgain(ID, 'bob')]);
  assertEquals([[['removeMember', ID, 'bob']], false], [it.calls, it.state.answers[ID].busy]);
  const other = desk({ removeMember: refused('No connection.') });
  await other.actions.removeAgain(ID, 'bob');
  assertEquals({ busy: false, error: 'No connection.' }, other.state.answers[ID]);
});
