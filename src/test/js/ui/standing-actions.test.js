import { assertEquals, test } from '../harness.js';
import { desk, refused } from './desk.js';

const PRIVACY = { readReceipts: true, typing: true, openToAll: false, blocked: ['mallory'] };

function asked(answers) {
  const it = desk({ privacy: PRIVACY, blockedPeople: PRIVACY.blocked, ...answers });
  it.dispatch({ type: 'conversation', conversation:
    { id: 'c2', user: 'nadia', standing: 'asked', draft: '', unread: 0, lastOrdinal: 1 } });
  return it;
}

test('acceptedRequestIsOpenedAndARefusalStandsBesideItsButtons', async () => {
  const it = asked();
  await Promise.all([it.actions.accept('c2'), it.actions.accept('c2')]);
  assertEquals([[['accept', 'c2']], ['c2']], [it.calls, it.went]);
  const refusing = asked({ accept: refused('The disk is full.') });
  await refusing.actions.accept('c2');
  assertEquals([[], { busy: false, error: 'The disk is full.' }],
    [refusing.went, refusing.state.answers.c2]);
});

test('requestIsDeclinedOnlyOnceItWasAskedAbout', async () => {
  const it = asked();
  it.actions.decline('c2');
  assertEquals([[], 'decline', 'nadia'], [it.calls, it.state.dialog.kind, it.state.dialog.user]);
  it.dispatch({ type: 'opened', conversation: 'c2' });
  await it.actions.declineNow('c2');
  assertEquals([[['decline', 'c2']], null, [null]], [it.calls, it.state.dialog, it.went]);
});

test('whoeverAsksIsDeclinedWhereTheyWouldBeBlockedSoThatItIsSaidWhatGoes', () => {
  const it = asked();
  it.actions.askBlock('nadia');
  assertEquals(['decline', 'c2'], [it.state.dialog.kind, it.state.dialog.conversation]);
  it.actions.askBlock('bob');
  assertEquals('block', it.state.dialog.kind);
});

test('refusedBlockIsToldWhereItWasAskedOrOverThePage', async () => {
  const it = asked({ block: refused('The disk is full.') });
  it.actions.askBlock('bob');
  await it.actions.block('bob');
  assertEquals(['The disk is full.', false], [it.state.dialog.error, it.state.dialog.busy]);
  const blocking = it.actions.block('bob');
  it.actions.closeDialog();
  await blocking;
  assertEquals(['The disk is full.'], it.state.alerts.map(({ text }) => text));
});

test('switchThatIsRefusedIsAsItWas', async () => {
  const it = asked({ setTyping: refused('The disk is full.') });
  await it.actions.showSettings('privacy');
  assertEquals(PRIVACY, it.state.privacy);
  await it.actions.setOpenToAll(true);
  await it.actions.setTyping(false);
  assertEquals([{ ...PRIVACY, openToAll: true }, 'The disk is full.'],
    [it.state.privacy, it.state.dialog.error]);
  await it.actions.unblockInSettings('mallory');
  assertEquals(['privacy', 'setOpenToAll', 'setTyping', 'unblock', 'blockedPeople'],
    it.calls.map(([name]) => name));
});

test('whoIsBlockedIsFollowedWithoutTheLeadingTabAndUndoesNoSwitch', async () => {
  const it = asked();
  it.dispatch({ type: 'privacy', ...PRIVACY, blocked: [], typing: false });
  await it.actions.followBlocked();
  assertEquals([{ ...PRIVACY, typing: false }, [['blockedPeople']]], [it.state.privacy, it.calls]);
});

test('whatCannotBeAskedAtTheStartIsToldInTheSettingsAlone', async () => {
  const refusal = refused('Nobody is signed in here.');
  const it = asked({ privacy: refusal, blockedPeople: refusal });
  await it.actions.followBlocked();
  assertEquals([], it.state.alerts);
  await it.actions.showSettings('privacy');
  assertEquals('Nobody is signed in here.', it.state.dialog.error);
});

test('timerIsSetOnceItIsOneAndHowItWentIsToldInTheDetails', async () => {
  const it = asked({ setDisappear: seconds => seconds });
  it.actions.showDialog({ kind: 'details', user: 'bob' });
  await it.actions.setOther('c1', '0', 'day');
  assertEquals([[], true], [it.calls, it.state.dialog.disappear.error !== null]);
  await it.actions.setOther('c1', '2', 'day');
  assertEquals([[['setDisappear', 'c1', 172_800]], { busy: false, error: null }],
    [it.calls, it.state.dialog.disappear]);
});

test('copyOfAGroupIsWithoutWhatBlockedMembersWroteAndOneOfATalkIsWhole', async () => {
  const messages = ['bob', 'mallory'].map((from, i) =>
    ({ id: `m${i}`, ordinal: i, from, sentAt: 0, kind: 'text', text: `of ${from}` }));
  const it = asked({ loadMessages: messages });
  it.dispatch({ type: 'conversation', conversation: { id: 'group:ab', kind: 'group', name: 'Crew',
    group: { status: 'member', members: [] }, draft: '', unread: 0 } });
  it.actions.showDialog({ kind: 'group', conversation: 'group:ab' });
  await it.actions.exportConversation('group:ab', 'data');
  it.actions.showDialog({ kind: 'details', user: 'bob' });
  await it.actions.exportConversation('c1', 'data');
  const saved = it.saved.map(([, made]) => JSON.parse(made));
  assertEquals([['of bob'], ['of bob', 'of mallory']],
    saved.map(one => one.messages.map(({ text }) => text)));
  assertEquals(false, it.calls.some(([name]) => name === 'privacy'));
  assertEquals([1, undefined], saved.map(({ leftOutOfBlocked }) => leftOutOfBlocked));
});
