import { recoveryCodeText } from '/crypto/recovery-code.js';
import { assert, assertEquals } from '../harness.js';
import { listUnderAnotherKey } from './browsers.js';
import { copyOf, restoreFrom } from './in-page-copy.js';
import {
  codeOf, emptyBrowser, metaOf, newestOwnKey, signIn, signInElsewhere, stateOf, toldOf, within,
} from './own-devices.js';
import { PASSWORD, Person, pair, scenario, until } from './people.js';

/** Well formed, and nobody's. */
const WRONG_CODE = await recoveryCodeText(new Uint8Array(16));
const NEW = 'quite another passphrase than before';

async function two() {
  const all = await pair();
  const phone = await signInElsewhere(all.alice, 'phone');
  return { ...all, phone, account: all.server.users.get(all.alice.user) };
}

scenario('oldPasswordAndOldVaultAreGoneAfterAChange', async () => {
  const { alice, phone, account } = await two();
  const { vault } = account;
  for (const newPassword of ['short', alice.user + ' is my name', 'passwordpassword']) {
    assert(/^password-/.test(await codeOf(() =>
      alice.engine.changePassword({ password: PASSWORD, newPassword, newAccountKey: false }))));
  }
  assertEquals('sign-in-failed', await codeOf(() => alice.engine.changePassword(
    { password: 'not her password', newPassword: NEW, newAccountKey: false })));
  assertEquals(vault, account.vault);
  await alice.engine.changePassword({ password: PASSWORD, newPassword: NEW, newAccountKey: false });
  assert(vault !== account.vault);
  await phone.until(() => phone.phase === 'needs-password');
  assertEquals('sign-in-failed', await codeOf(() => signIn(phone)));
  await signIn(phone, { password: NEW });
  await phone.until(() => phone.status === 'connected');
  assertEquals(2, account.deviceList.version);
  const third = await emptyBrowser(alice, 'third');
  assertEquals('sign-in-failed', await codeOf(() => signIn(third)));
  await signIn(third, { password: NEW });
});

scenario('deviceThatWasAwayWhileThePasswordChangedComesBackWithTheNewOne', async () => {
  const { alice, bob, phone, id } = await two();
  await alice.engine.sendText(id, 'before');
  await bob.until(() => bob.texts.includes('before'));
  phone.engine.close();
  await alice.engine.changePassword({ password: PASSWORD, newPassword: NEW, newAccountKey: true });
  await alice.engine.sendText(id, 'while the phone was away');
  const back = await phone.reload();
  await back.until(() => back.phase === 'needs-password');
  await signIn(back, { password: NEW });
  await back.until(() => back.texts.includes('while the phone was away'));
  await back.until(() => toldOf(back).some(text => text.includes('new security key')));
  assert(!toldOf(alice).some(text => text.includes('new security key')), 'who did it knows');
  assertEquals([], back.alarms);
  await bob.engine.sendText(id, 'under the old key?');
  await bob.until(() => [...bob.conversations.values()].some(({ keyChanged }) => keyChanged));
});

scenario('deviceThatMissedANewAccountKeyTakesTheListThatTheVaultNames', async () => {
  const { alice, bob, phone, id } = await two();
  phone.engine.close();
  for (const [password, newPassword] of [[PASSWORD, `${NEW} one`], [`${NEW} one`, NEW]]) {
    await alice.engine.changePassword({ password, newPassword, newAccountKey: true });
  }
  const back = await phone.reload();
  await back.until(() => back.phase === 'needs-password');
  await signIn(back, { password: NEW });
  await until(async () => (await metaOf(back, 'account')).deviceList.version === 4, 'the list');
  assertEquals([], back.alarms);
  await until(async () => (await newestOwnKey(back)).id === 3, 'the newest own key');
  await back.engine.startConversation(bob.user);
  await back.engine.sendText(id, 'I am back');
  await alice.until(() => alice.texts.includes('I am back'));
});

scenario('newAccountKeyThatNoOwnDeviceAnnouncedIsAnAlarm', async () => {
  const { server, alice, phone, account } = await two();
  const announced = await listUnderAnotherKey(account, phone);
  const { signature } = await listUnderAnotherKey(account, phone).then(list => list.keyChange);
  const { keyChange, ...bare } = announced;
  const lists = [bare, { ...announced, keyChange: { ...keyChange, signature } },
    { ...announced, keyChange: { ...keyChange, device: 'c'.repeat(32) } }];
  for (const [i, deviceList] of lists.entries()) {
    server.accounts.onPush = (state, device) =>
      (device.account === account ? { ...state, deviceList } : state);
    server.accounts.push(account);
    await alice.until(() => alice.alarms.length === i + 1, `alarm ${i}`);
    assert(alice.alarms.at(-1).includes('your own devices'), alice.alarms.at(-1));
    assertEquals(2, (await metaOf(alice, 'account')).deviceList.version);
  }
  server.accounts.onPush = (state, device) =>
    (device.account === account ? { ...state, deviceList: announced } : state);
  server.accounts.push(account);
  await alice.until(() => toldOf(alice).some(text => text.includes('new security key')));
  assertEquals(3, alice.alarms.length);
});

scenario('recoveryCodeOpensTheAccountWithANewPassword', async () => {
  const { alice, bob, account } = await two();
  await alice.until(() => stateOf(alice)?.recovery === false);
  const { code } = await alice.engine.setRecoveryCode(PASSWORD);
  await alice.until(() => stateOf(alice).recovery);
  assert(/^([0-9A-Z]{4}-){7}[0-9A-Z]{4}$/.test(code), code);
  assertEquals([true, true, false, false], await Promise.all([
    code, ` ${code.toLowerCase().replaceAll('-', ' ')} `, code.slice(0, -1), `0000${code.slice(4)}`,
  ].map(typed => alice.engine.checkRecoveryCode(typed))));
  const other = await emptyBrowser(alice, 'other');
  const recover = more => within(other, engine =>
    engine.recover({ user: alice.user, code, password: NEW, ...more }));
  assertEquals('code-invalid', await codeOf(() => recover({ code: 'no code' })));
  const { recovery } = account;
  account.recovery = null;
  assertEquals('recovery-failed', await codeOf(() => recover()));
  account.recovery = recovery;
  await recover();
  await other.until(() => other.status === 'connected');
  assertEquals(3, account.deviceList.devices.length);
  await alice.until(() => alice.phase === 'needs-password');
  assertEquals('sign-in-failed', await codeOf(() => signIn(alice)));
  await other.engine.startConversation(bob.user);
  assertEquals(true, await other.engine.checkRecoveryCode(code));
  await within(other, engine => engine.dropRecoveryCode(NEW));
  await other.until(() => stateOf(other).recovery === false);
  assertEquals(false, await other.engine.checkRecoveryCode(code));
});

scenario('browserThatIsSignedInIsRecoveredAsItIs', async () => {
  const { alice, phone, account } = await two();
  const { code } = await alice.engine.setRecoveryCode(PASSWORD);
  await within(phone, engine => engine.recover({ user: alice.user, code, password: NEW }));
  await alice.until(() => alice.phase === 'needs-password');
  assertEquals([2, 'connected'], [account.deviceList.version, phone.status]);
  assertEquals('recovery-failed', await codeOf(() => within(phone, engine => engine.recover(
    { user: alice.user, code: WRONG_CODE, password: NEW }))));
});

scenario('browserThatWasSignedOutIsRecoveredWithItsMessages', async () => {
  const { alice, bob, phone, account, id } = await two();
  const { code } = await alice.engine.setRecoveryCode(PASSWORD);
  await phone.engine.startConversation(bob.user);
  await phone.engine.sendText(id, 'kept');
  await bob.until(() => bob.texts.includes('kept'));
  await alice.engine.changePassword({ password: PASSWORD, newPassword: NEW, newAccountKey: false });
  await phone.until(() => phone.phase === 'needs-password');
  const { deviceId } = await metaOf(phone, 'account');
  await phone.engine.sendText(id, 'written meanwhile');
  await within(phone, engine => engine.recover({ user: alice.user, code, password: PASSWORD }));
  await phone.until(() => phone.status === 'connected');
  assert(account.revoked.has(deviceId));
  await bob.until(() => bob.texts.includes('written meanwhile'));
  assertEquals(['kept', 'written meanwhile'],
    (await phone.engine.loadMessages(id, { limit: 9 })).filter(({ kind }) => kind === 'text')
      .map(({ text }) => text));
  await bob.engine.sendText(id, 'welcome back');
  await phone.until(() => phone.texts.includes('welcome back'));
  assertEquals([], phone.alarms);
});

scenario('otherTabsGoOnAsTheDeviceThatWasRecovered', async () => {
  const { server, alice, bob, phone, id } = await two();
  const { code } = await alice.engine.setRecoveryCode(PASSWORD);
  const tab = await alice.tab();
  await phone.until(() => phone.status === 'connected');
  await within(phone, engine => engine.changePassword(
    { password: PASSWORD, newPassword: NEW, newAccountKey: false }));
  await alice.until(() => alice.phase === 'needs-password');
  const before = await metaOf(alice, 'account');
  await within(tab, engine => engine.recover({ user: alice.user, code, password: PASSWORD }));
  await tab.until(() => tab.status === 'connected');
  assert((await metaOf(alice, 'account')).deviceId !== before.deviceId);
  await alice.until(() => alice.status === 'connected');
  await alice.engine.sendText(id, 'from the first tab');
  await bob.until(() => bob.texts.includes('from the first tab'));
  tab.engine.close();
  await bob.engine.sendText(id, 'to the first tab');
  await alice.until(() => alice.texts.includes('to the first tab'));
  assertEquals(2, server.users.get(alice.user).devices.size);
});

scenario('codeStaysWhenThePasswordChanges', async () => {
  const { alice } = await two();
  const { code } = await alice.engine.setRecoveryCode(PASSWORD);
  await alice.engine.changePassword({ password: PASSWORD, newPassword: NEW, newAccountKey: true });
  assertEquals(true, await alice.engine.checkRecoveryCode(code));
  const other = await emptyBrowser(alice, 'other');
  await within(other, engine => engine.recover({ user: alice.user, code, password: PASSWORD }));
  await other.until(() => other.status === 'connected');
});

scenario('forgottenPasswordIsResetAfterTheWaitUnlessSomebodyCallsItOff', async () => {
  const { server, alice, phone, account } = await two();
  const { deviceId } = await metaOf(alice, 'account');
  const reset = () => alice.engine.reset({ newPassword: NEW });
  assertEquals('reset-refused', await codeOf(reset));
  await alice.engine.askReset();
  await phone.until(() => stateOf(phone)?.reset?.device === deviceId);
  assertEquals([false, true], [stateOf(phone).reset.isThis, stateOf(phone).reset.name !== '']);
  assertEquals('reset-refused', await codeOf(reset));
  assertEquals('sign-in-failed', await codeOf(() => phone.engine.cancelReset('not her password')));
  await phone.engine.cancelReset(PASSWORD);
  await alice.until(() => stateOf(alice).reset === null);
  server.accounts.resetWaitMs = 0;
  await alice.engine.askReset();
  await reset();
  await phone.until(() => phone.phase === 'needs-password');
  assertEquals('sign-in-failed', await codeOf(() => signIn(phone)));
  await signIn(phone, { password: NEW });
  await phone.until(() => toldOf(phone).some(text => text.includes('new security key')));
  assertEquals([3, null], [account.deviceList.version, account.recovery]);
  const third = await emptyBrowser(alice, 'third');
  await signIn(third, { password: NEW });
  await third.until(() => third.status === 'connected');
});

scenario('deletedAccountIsGoneHereAndThere', async () => {
  const { server, alice, phone } = await two();
  assertEquals('sign-in-failed',
    await codeOf(() => alice.engine.deleteAccount('not her password')));
  assert(server.users.has(alice.user));
  await alice.engine.deleteAccount(PASSWORD);
  assertEquals(['signed-out', false], [alice.phase, server.users.has(alice.user)]);
  assertEquals(undefined, await metaOf(alice, 'account'));
  await phone.until(() => phone.phase === 'needs-password');
});

scenario('nameThatTheOperatorOpenedAgainIsBegunAnew', async () => {
  const { server, alice, bob, id } = await two();
  await alice.engine.sendText(id, 'before');
  await bob.until(() => bob.texts.includes('before'));
  alice.engine.close();
  server.accounts.reopen(alice.user);
  const other = await emptyBrowser(alice, 'other');
  const create = more => within(other, engine =>
    engine.createAccount({ user: alice.user, password: NEW, ...more }));
  assertEquals('account-reopened', await codeOf(() => create()));
  assertEquals(undefined, await metaOf(other, 'account'));
  await create({ anew: true });
  await other.until(() => other.status === 'connected');
  const { deviceList } = server.users.get(alice.user);
  assertEquals([3, 1], [deviceList.version, deviceList.devices.length]);
  await bob.engine.sendText(id, 'who are you?');
  await bob.until(() => [...bob.conversations.values()].some(({ keyChanged }) => keyChanged));
  assertEquals([], other.alarms);
});

scenario('listThatARestoredServerHasLostIsPutBack', async () => {
  const { server, alice } = await pair();
  const copy = copyOf(server);
  const phone = await signInElsewhere(alice, 'phone');
  await until(async () => (await metaOf(alice, 'account')).deviceList.version === 2);
  phone.engine.close();
  await restoreFrom(server, copy);
  const account = server.users.get(alice.user);
  await until(() => account.deviceList.version === 2, 'the newer list is back');
  assertEquals([], alice.alarms.filter(text => text.includes('your own devices')));
  const back = await phone.reload();
  await back.until(() => back.phase === 'needs-password');
  await signIn(back);
  await back.until(() => back.status === 'connected');
});

scenario('severalAccountsInOneBrowser', async () => {
  const { alice } = await pair();
  await alice.engine.addAccount();
  assertEquals('signed-out', alice.phase);
  const second = await Person.create('second');
  second.engine.close();
  await alice.engine.switchAccount(alice.user);
  await alice.until(() => alice.status === 'connected' && alice.phase === 'signed-in');
  assertEquals('signed-out', await codeOf(() => alice.engine.switchAccount('nobody-here')));
  await alice.engine.switchAccount(second.user);
  await alice.until(() => alice.events.findLast(({ type }) => type === 'account').user
    === second.user);
});
