import { assert, assertEquals, test } from '../harness.js';
import { desk, refused } from './desk.js';
import { textOf, texts } from '/ui/texts.js';

const GOOD = { mode: 'create', user: 'Alice ', password: 'mauve kettle eleven',
  repeat: 'mauve kettle eleven' };

test('accountIsCreatedWithTheCanonicalName', async () => {
  const { actions, calls, state } = desk();
  assert(await actions.submitAccount(GOOD));
  assertEquals([['createAccount', { user: 'alice', password: GOOD.password }]], calls);
  assertEquals(false, state.form.busy);
});

test('weakInputIsRefusedBeforeAnythingIsSent', async () => {
  for (const [change, text, field] of [
    [{ user: 'a' }, texts.nameInvalid, 'user'],
    [{ password: '' }, texts.passwordMissing, 'password'],
    [{ password: 'short' }, texts.passwordProblems.short, 'password'],
    [{ password: 'alice alice alice' }, texts.passwordProblems['holds-name'], 'password'],
    [{ password: 'password123' }, texts.passwordProblems.common, 'password'],
    [{ repeat: 'mauve kettle' }, texts.passwordsDiffer, 'repeat']]) {
    const it = desk();
    await it.actions.submitAccount({ ...GOOD, ...change });
    assertEquals([], it.calls);
    assertEquals([text, field], [it.state.form.error, it.state.form.field]);
  }
});

test('signInTakesAnyPasswordAsItIs', async () => {
  const { actions, calls } = desk();
  await actions.submitAccount({ mode: 'sign-in', user: 'alice', password: 'old', repeat: '' });
  assertEquals([['signIn', { user: 'alice', password: 'old' }]], calls);
});

test('refusalOfTheEngineBecomesWords', async () => {
  const it = desk({ createAccount: refused('This name is taken. Choose another one.') });
  assertEquals(false, await it.actions.submitAccount(GOOD));
  assertEquals('This name is taken. Choose another one.', it.state.form.error);
  assertEquals(false, it.state.form.busy);
});

test('tooLongMessageIsNotSentAndTold', async () => {
  const it = desk();
  await it.actions.send('c1', 'é'.repeat(32_768));
  assertEquals(['sendText', 'saveDraft'], it.calls.map(call => call[0]));
  await it.actions.send('c1', `${'é'.repeat(32_768)}x`);
  assertEquals(2, it.calls.length);
  assertEquals(texts.messageTooLong, it.state.composerErrors.c1);
  assertEquals(65_537, new TextEncoder().encode(it.state.drafts.c1).length);
});

test('whoWritesIsNotKeptWaitingForTheNextAttemptToConnect', async () => {
  const it = desk();
  for (const status of ['reconnecting', 'offline', 'connected']) {
    it.dispatch({ type: 'connection', status });
    await it.actions.send('c1', status);
  }
  assertEquals([true], it.calls.filter(([name]) => name === 'setVisible').map(call => call[1]));
});

test('refusedMessageIsToldAtItsComposerAndItsDraftStays', async () => {
  const it = desk({ sendText: refused('The disk is full.') });
  await it.actions.send('c1', 'hello');
  assertEquals(['The disk is full.', 'hello'],
    [it.state.composerErrors.c1, it.state.drafts.c1]);
  assertEquals(['sendText'], it.calls.map(call => call[0]));
});

test('draftTypedWhileSendingIsTheOneThatIsKept', async () => {
  const it = desk({ sendText: () => it.actions.draft('c1', 'the next') });
  await it.actions.send('c1', 'hello');
  assertEquals(['saveDraft', 'c1', 'the next'], it.calls.at(-1));
});

test('openingLoadsTheLatestMessagesOnce', async () => {
  const it = desk({ loadMessages: [] });
  await Promise.all([it.actions.open('c1'), it.actions.open('c1')]);
  await it.actions.open('c1');
  assertEquals([['loadMessages', 'c1', { before: undefined, limit: 20 }]], it.calls);
});

test('olderPagesAreReadBeforeTheFirstMessage', async () => {
  const page = Array.from({ length: 60 }, (_, i) => ({ id: `m${i}`, ordinal: 100 + i }));
  const it = desk({ loadMessages: (_, { before }) => before ? [] : page });
  await it.actions.open('c1');
  await it.actions.loadMessages('c1');
  await it.actions.loadMessages('c1');
  assertEquals([{ before: undefined, limit: 20 }, { before: 100, limit: 40 }],
    it.calls.map(call => call[2]));
});

test('everyUnreadMessageIsInTheFirstPage', async () => {
  const it = desk({ loadMessages: [] });
  it.dispatch({ type: 'conversation', conversation: { id: 'c1', user: 'bob', unread: 130 } });
  await it.actions.open('c1');
  assertEquals(150, it.calls[0][2].limit);
});

test('knownPersonIsOpenedEvenWithoutConnection', async () => {
  const it = desk({ startConversation: refused('No connection.') });
  await it.actions.talkTo('bob');
  assertEquals([[], ['c1']], [it.calls, it.went]);
});

test('unknownPersonIsAskedForAndOpened', async () => {
  const it = desk({ startConversation: 'c2' });
  it.actions.showDialog({ kind: 'new-conversation' });
  await it.actions.startConversation(' Carol ');
  assertEquals([['startConversation', 'carol']], it.calls);
  assertEquals([['c2'], null], [it.went, it.state.dialog]);
});

test('dialogStaysWithTheReasonWhenThereIsNoSuchPerson', async () => {
  const it = desk({ startConversation: refused('Nobody here has this name.') });
  it.actions.showDialog({ kind: 'new-conversation' });
  await it.actions.startConversation('carol');
  assertEquals('Nobody here has this name.', it.state.dialog.error);
  assertEquals(false, it.state.dialog.busy);
});

test('visibilityGoesBackWhenItIsRefused', async () => {
  const it = desk({ setVisibility: refused('No connection.') });
  it.dispatch({ type: 'visibility', value: 'all' });
  it.actions.showDialog({ kind: 'settings' });
  await it.actions.setVisibility('nobody');
  assertEquals(['all', 'No connection.'], [it.state.visibility, it.state.dialog.error]);
});

test('settingsShowWhatTheServerRecordedAndSaveItAnew', async () => {
  let asked = 0;
  const it = desk({ witness: () => ({ groups: 2, acknowledgedAt: ++asked, name: 'w.json',
    json: 'bytes' }) });
  await it.actions.showSettings('server');
  const shown = { busy: false, error: null, saved: null, groups: 2, acknowledgedAt: 1 };
  assertEquals(['settings', shown], [it.state.dialog.kind, it.state.dialog.witness]);
  assertEquals([], it.saved);
  await it.actions.saveWitness();
  assertEquals([['w.json', 'bytes']], it.saved);
  assertEquals({ ...shown, acknowledgedAt: 2, saved: 'w.json' }, it.state.dialog.witness);
});

test('recordThatCannotBeReadIsToldAndTriedAgain', async () => {
  let asked = 0;
  const it = desk({ witness: () => {
    if (++asked === 1) throw refused('Not now.');
    return { groups: 0, acknowledgedAt: null };
  } });
  await it.actions.showSettings('server');
  assertEquals({ busy: false, error: 'Not now.', saved: null }, it.state.dialog.witness);
  await it.actions.loadWitness();
  assertEquals([null, null], [it.state.dialog.witness.error,
    it.state.dialog.witness.acknowledgedAt]);
});

test('textsAreFoundByKeyAndAMissingOneIsAFault', () => {
  assertEquals('Sign in', textOf('signIn'));
  assertEquals('Nobody', textOf('visibility.nobody'));
  for (const key of ['nope', 'visibility', 'title', 'lock.nope.deeper']) {
    let failed = false;
    try {
      textOf(key);
    } catch {
      failed = true;
    }
    assert(failed, key);
  }
});
