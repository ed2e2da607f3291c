import { assert, assertEquals, test } from '../harness.js';
import { desk, refused } from './desk.js';
import { texts } from '/ui/texts.js';

const NEW = 'mauve kettle eleven';
const DEVICE = { id: 'd2', name: 'Telephone' };

/** A desk with the settings open at a section. */
async function settings(section, answers) {
  const it = desk(answers);
  await it.actions.showSettings(section);
  it.calls.length = 0;
  return it;
}

test('eachSectionLoadsWhatItShows', async () => {
  for (const [section, asked] of [['devices', ['devices']], ['history', ['archive']],
    ['password', []], ['recovery', []], ['account', []],
    ['privacy', ['privacy']], ['server', ['witness']], ['general', []], [null, []]]) {
    const it = desk({ devices: [], archive: {}, witness: {} });
    await it.actions.showSettings(section);
    assertEquals(asked, it.calls.map(call => call[0]), section ?? 'none');
  }
});

test('generalTellsWhatThisBrowserKeeps', async () => {
  const it = await settings('general');
  assertEquals(1_234_567, it.state.dialog.storage.usage);
});

test('withoutAPasswordNothingIsAskedOfTheEngine', async () => {
  const it = await settings('devices', { devices: [] });
  const { actions } = it;
  for (const act of [() => actions.revokeDevice(DEVICE, ''),
    () => actions.removeThisBrowser('d1', ''), () => actions.setRecoveryCode(''),
    () => actions.dropRecoveryCode(''), () => actions.cancelReset(''),
    () => actions.deleteAccount('alice', ''),
    () => actions.changePassword({ password: '', newPassword: NEW, repeat: NEW })]) {
    await act();
    assertEquals([[], texts.passwordMissing], [it.calls, it.state.dialog.error]);
  }
});

test('removedDeviceIsTold', async () => {
  const it = await settings('devices', { devices: [] });
  it.actions.askInSettings('remove', 'd2');
  await it.actions.revokeDevice(DEVICE, 'pw');
  assertEquals([['revokeDevice', 'd2', 'pw'], ['devices']], it.calls);
  assertEquals([texts.deviceRemoved('Telephone'), null],
    [it.state.dialog.result, it.state.dialog.asking]);
});

test('removalThatEndsAfterTheSettingsWereClosedIsToldOverThePage', async () => {
  const it = await settings('devices', { devices: [],
    revokeDevice: () => it.actions.closeDialog() });
  await it.actions.revokeDevice(DEVICE, 'pw');
  assertEquals([texts.deviceRemoved('Telephone')], it.state.told.map(({ text }) => text));
  const failed = await settings('devices', { devices: [], revokeDevice: () => {
    failed.actions.closeDialog();
    throw refused('No connection.');
  } });
  await failed.actions.revokeDevice(DEVICE, 'pw');
  assertEquals('No connection.', failed.state.alerts[0].text);
});

test('oneThingAtATime', async () => {
  let done;
  const it = await settings('devices', { devices: [],
    revokeDevice: () => new Promise(resolve => { done = resolve; }) });
  const first = it.actions.revokeDevice(DEVICE, 'pw');
  assertEquals(false, await it.actions.setArchive(false) ?? false);
  assertEquals(['revokeDevice'], it.calls.map(call => call[0]));
  done();
  await first;
});

test('deviceNameIsCheckedBeforeItIsSent', async () => {
  const it = await settings('devices', { devices: [] });
  for (const name of ['  ', 'n'.repeat(65)]) {
    await it.actions.renameDevice('d2', name);
    assertEquals([[], texts.deviceNameProblem, 'device d2'],
      [it.calls, it.state.dialog.error, it.state.dialog.place]);
  }
  await it.actions.renameDevice('d2', ` ${'n'.repeat(64)} `);
  assertEquals(['renameDevice', 'd2', 'n'.repeat(64)], it.calls[0]);
});

test('listOfDevicesThatChangedIsStale', async () => {
  const it = await settings('devices', { devices: [] });
  it.dispatch({ type: 'devices-changed', text: 'A device was added.' });
  assert(it.state.dialog.devices.stale);
  assertEquals('A device was added.', it.state.told[0].text);
  await it.actions.loadDevices();
  assert(!it.state.dialog.devices.stale);
});

test('archiveThatAnotherDeviceSwitchedIsAskedForAnew', async () => {
  const it = await settings('history', { archive: { on: true, bytes: 1, quota: 9 } });
  it.dispatch({ type: 'archive', state: 'idle' });
  assert(!it.state.dialog.archive.stale);
  it.dispatch({ type: 'archive', state: 'off' });
  assert(it.state.dialog.archive.stale);
});

test('newPasswordIsCheckedLikeThatOfANewAccount', async () => {
  const it = await settings('password');
  const asked = { password: 'old', newPassword: NEW, repeat: NEW, newAccountKey: true };
  for (const [change, text, field] of [
    [{ newPassword: 'short' }, texts.passwordProblems.short, 'password'],
    [{ newPassword: 'alice alice' }, texts.passwordProblems['holds-name'], 'password'],
    [{ repeat: 'other' }, texts.passwordsDiffer, 'repeat']]) {
    assertEquals(false, await it.actions.changePassword({ ...asked, ...change }));
    assertEquals([text, field], [it.state.dialog.error, it.state.dialog.field]);
    if (change.newPassword) {
      assertEquals(false, await it.actions.reset({ repeat: NEW, ...change }));
    }
  }
  assertEquals([], it.calls);
  assert(await it.actions.changePassword(asked));
  assertEquals([['changePassword',
    { password: 'old', newPassword: NEW, newAccountKey: true }]], it.calls);
  assertEquals(texts.passwordAndKeyChanged, it.state.dialog.result);
});

test('codeIsShownUntilItIsTypedBackRightly', async () => {
  const it = await settings('recovery', { setRecoveryCode: { code: 'ABCD-EFGH' },
    checkRecoveryCode: typed => typed === 'abcd efgh' });
  await it.actions.setRecoveryCode('pw');
  assertEquals('ABCD-EFGH', it.state.dialog.code);
  await it.actions.checkRecoveryCode('abcd');
  assertEquals(['ABCD-EFGH', texts.codeDiffers], [it.state.dialog.code, it.state.dialog.error]);
  await it.actions.checkRecoveryCode('abcd efgh');
  assertEquals([null, texts.codeChecked], [it.state.dialog.code, it.state.dialog.result]);
});

test('codeIsGoneWithTheSection', async () => {
  const it = await settings('recovery', { setRecoveryCode: { code: 'ABCD' }, devices: [] });
  await it.actions.setRecoveryCode('pw');
  await it.actions.showSection('devices');
  assertEquals(null, it.state.dialog.code);
});

test('accountIsDeletedOnlyUnderItsTypedName', async () => {
  const it = await settings('account');
  await it.actions.deleteAccount('alicia', 'pw');
  assertEquals([[], texts.deleteNameDiffers, 'name'],
    [it.calls, it.state.dialog.error, it.state.dialog.field]);
  await it.actions.deleteAccount('alice ', 'pw');
  assertEquals([['deleteAccount', 'pw']], it.calls);
});

test('archiveInTroubleIsToldOnce', () => {
  const it = desk();
  const full = { type: 'archive', state: 'full', done: 0, total: 0 };
  it.dispatch({ type: 'archive', state: 'restoring', done: 1, total: 9 });
  it.dispatch(full);
  it.dispatch(full);
  assertEquals(['archive-full'], it.state.told.map(({ about }) => about));
});

test('answerAboutHistoryIsTold', () => {
  const it = desk();
  it.dispatch({ type: 'history', done: 0, total: 0, agreed: false });
  it.dispatch({ type: 'history', done: 0, total: 0, agreed: true });
  assertEquals(['history-declined', 'history-empty'], it.state.told.map(({ about }) => about));
  it.dispatch({ type: 'history', done: 0, total: 9, agreed: true });
  assertEquals([2, { done: 0, total: 9 }], [it.state.told.length, it.state.history]);
  it.dispatch({ type: 'history', done: 9, total: 9 });
  it.dispatch({ type: 'history', done: 9, total: 9 });
  assertEquals(['history-declined', 'history-empty', 'history-done'],
    it.state.told.map(({ about }) => about));
});

test('requestsForHistoryThatAreOverAreGone', () => {
  const it = desk();
  it.dispatch({ type: 'history-asked', device: 'd2', name: 'Telephone' });
  it.dispatch({ type: 'history-asked', device: null, name: null });
  assertEquals([], it.state.historyAsked);
});

test('progressThatIsCompleteIsOver', () => {
  const it = desk();
  for (const type of ['history', 'revoking']) {
    it.dispatch({ type, done: 3, total: 9, all: 9 });
    assertEquals(3, it.state[type].done);
    it.dispatch({ type, done: 9, total: 9, all: 9 });
    assertEquals(null, it.state[type]);
  }
});

test('whoLeavesAnAccountIsToldAtTheStartUntilSomebodyComesIn', async () => {
  const leave = () => it.dispatch({ type: 'account', phase: 'signed-out', users: [] });
  const it = await settings('devices',
    { removeThisBrowser: leave, eraseBrowser: leave, deleteAccount: leave, signOut: leave });
  const ways = [
    [() => it.actions.removeThisBrowser('d1', 'pw'), texts.browserRemoved],
    [() => it.actions.eraseBrowser(), texts.browserErased],
    [() => it.actions.signOut(), texts.signedOut],
    [() => it.actions.deleteAccount('alice', 'pw'), texts.accountDeleted],
  ];
  for (const [go, farewell] of ways) {
    it.dispatch({ type: 'account', phase: 'signed-in', user: 'alice' });
    assertEquals(null, it.state.farewell);
    await it.actions.showSettings('account');
    await go();
    assertEquals(farewell, it.state.farewell);
  }
  it.dispatch({ type: 'form-busy' });
  assertEquals(null, it.state.farewell);
});
