import { assert, assertEquals, test } from '../harness.js';
import { desk, refused } from './desk.js';
import { texts } from '/ui/texts.js';

const SIGN_IN = { mode: 'sign-in', user: 'alice', password: 'any', repeat: '' };
const CREATE = { mode: 'create', user: 'alice', password: 'mauve kettle eleven',
  repeat: 'mauve kettle eleven' };
const DEVICES = [{ id: 'd1', name: 'Old telephone', addedAt: 1, lastSeen: 0 }];

test('recoveryCodeIsOfferedAfterCreatingAndNotAfterSigningIn', async () => {
  const created = desk();
  await created.actions.submitAccount(CREATE);
  assert(created.state.recoveryOffered);
  created.actions.refuseRecoveryOffer();
  assert(!created.state.recoveryOffered);
  const signedIn = desk();
  await signedIn.actions.submitAccount(SIGN_IN);
  assert(!signedIn.state.recoveryOffered);
});

test('whoSignsInOnANewBrowserIsOfferedTheHistory', async () => {
  const known = desk();
  await known.actions.submitAccount(SIGN_IN);
  assert(!known.state.historyOffered, 'there are conversations');
  const fresh = desk();
  fresh.dispatch({ type: 'conversations', list: [] });
  await fresh.actions.submitAccount(SIGN_IN);
  assert(fresh.state.historyOffered);
  fresh.dispatch({ type: 'history', done: 0, total: 9, agreed: true });
  assert(!fresh.state.historyOffered);
});

test('fullListOfDevicesIsAskedAboutAndTheChosenOneGoes', async () => {
  const it = desk({ signIn: ({ replace }) => {
    if (!replace) throw refused('Full.', { code: 'devices-full', values: { devices: DEVICES } });
  } });
  assertEquals(false, await it.actions.submitAccount(SIGN_IN));
  assertEquals([DEVICES, 'Full.'], [it.state.form.devices, it.state.form.error]);
  assert(await it.actions.submitAccount({ ...SIGN_IN, replace: 'd1' }));
  assertEquals(['signIn', { user: 'alice', password: 'any', replace: 'd1' }], it.calls.at(-1));
  assertEquals(null, it.state.form.devices);
});

test('nameThatWasOpenedAgainBeginsAnewOnlyWhenSaidSo', async () => {
  const it = desk({ createAccount: ({ anew }) => {
    if (!anew) throw refused('Opened again.', { code: 'account-reopened' });
  } });
  await it.actions.submitAccount(CREATE);
  assertEquals([true, 'Opened again.'], [it.state.form.reopened, it.state.form.error]);
  assert(await it.actions.submitAccount({ ...CREATE, anew: true }));
  assertEquals({ user: 'alice', password: CREATE.password, anew: true }, it.calls.at(-1)[1]);
});

test('recoveryNeedsACodeAndAGoodNewPassword', async () => {
  const recover = { ...CREATE, mode: 'recover', code: '7G3K' };
  for (const [change, text, field] of [
    [{ code: ' ' }, texts.codeMissing, 'code'],
    [{ password: 'short' }, texts.passwordProblems.short, 'password'],
    [{ repeat: 'other' }, texts.passwordsDiffer, 'repeat']]) {
    const it = desk();
    await it.actions.submitAccount({ ...recover, ...change });
    assertEquals([[], text, field], [it.calls, it.state.form.error, it.state.form.field]);
  }
  const it = desk();
  assert(await it.actions.submitAccount(recover));
  assertEquals([['recover', { user: 'alice', code: '7G3K', password: CREATE.password }]], it.calls);
});

test('whoAddsAnAccountCanGoBack', async () => {
  const it = desk({ addAccount: () =>
    it.dispatch({ type: 'account', phase: 'signed-out', users: ['alice'] }) });
  await it.actions.addAccount();
  assertEquals('alice', it.state.cameFrom);
  await it.actions.backToAccount('alice');
  assertEquals(['switchAccount', 'alice'], it.calls.at(-1));
  it.dispatch({ type: 'account', phase: 'signed-in', user: 'alice' });
  assertEquals(null, it.state.cameFrom);
});

test('requestForHistoryStaysUntilItsAnswerArrived', async () => {
  const it = desk({ answerHistory: refused('No connection.') });
  it.dispatch({ type: 'history-asked', device: 'd2', name: 'Telephone' });
  it.dispatch({ type: 'history-asked', device: 'd2', name: 'Telephone' });
  await it.actions.answerHistory('d2', true);
  assertEquals([1, 'No connection.'],
    [it.state.historyAsked.length, it.state.alerts[0].text]);
  const answered = desk();
  answered.dispatch({ type: 'history-asked', device: 'd2', name: 'Telephone' });
  await answered.actions.answerHistory('d2', false);
  assertEquals([[], ['answerHistory', 'd2', false]],
    [answered.state.historyAsked, answered.calls.at(-1)]);
});

test('goneBrowserLeadsToSigningInUnderItsName', () => {
  const it = desk();
  it.dispatch({ type: 'account', phase: 'revoked', user: 'alice' });
  it.actions.proceed();
  assertEquals(['signed-out', ['alice'], 'sign-in'],
    [it.state.account.phase, it.state.account.users, it.state.form.mode]);
});
