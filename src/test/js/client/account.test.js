import { AccountMethods } from '/client/account-methods.js';
import { openEngine } from '/client/engine.js';
import { stock } from '/client/prekeys.js';
import { UserError } from '/client/user-error.js';
import { fromBase64url } from '/crypto/bytes.js';
import { signingKeyPairFromSeed } from '/crypto/ed25519.js';
import { derivePasswordSecrets, openVault } from '/crypto/password.js';
import { parseStrict } from '/protocol/strict-json.js';
import { deleteDatabase } from '/store/database.js';
import {
  forgetAccount, knownAccounts, leaveAccount, rememberAccount,
} from '/store/known-accounts.js';
import { assert, assertEquals, assertThrows, test } from '../harness.js';
import { InPageServer } from './in-page-server.js';
import { HOST, PASSWORD, Person, dump, freshName, pair, scenario } from './people.js';

stock.oneTimeMax = 100;

async function codeOf(run) {
  const error = await assertThrows(run, UserError);
  assert(/^[A-Z].*\.$/.test(error.text) && !/undefined|[{}]/.test(error.text), error.text);
  return error.code;
}

test('switchesAreReadLastBecauseTheyMayBeChosenAnewMeanwhile', async () => {
  const asked = [];
  const opened = {
    requests: { blocked: async () => asked.push('blocked') && ['bob'] },
    ask: async command => asked.push(command) && { typing: true },
  };
  const methods = new AccountMethods(() => opened);
  assertEquals({ typing: true, blocked: ['bob'] }, await methods.privacy());
  assertEquals(['blocked', 'switches'], asked);
});

/** What the same browser would be without the account's data: another browser. */
async function lose(person) {
  person.engine.close();
  await deleteDatabase(person.user);
}

scenario('badNamesAndWeakPasswordsAreRefusedBeforeAnythingIsSent', async () => {
  const server = await InPageServer.start(HOST);
  const { engine } = await Person.open();
  const create = (user, password) => codeOf(() => engine.createAccount({ user, password }));
  for (const name of ['', 'a', 'Alice', '.alice', 'al ice', 'ä'.repeat(3), 'a'.repeat(33)]) {
    assertEquals('name-invalid', await create(name, PASSWORD));
  }
  assertEquals('password-short', await create('alice', 'short'));
  assertEquals('password-short', await create('alice', '😀'.repeat(9)));
  assertEquals('password-holds-name', await create('alice', 'I am Alice, really'));
  assertEquals('password-common', await create('alice', 'Password123'));
  assertEquals([], server.seen);
  assertEquals([], (await indexedDB.databases()).filter(({ name }) => name === 'sotto:alice'));
});

scenario('registrationSaysWhatTheProtocolDemandsAndKeepsNoPassword', async () => {
  const server = await InPageServer.start(HOST);
  const alice = await Person.create('alice');
  const [frame] = server.frames('register');
  assertEquals(['signed', ...Array(100).fill('one-time')], frame.prekeys.map(({ kind }) => kind));
  const { user } = alice;
  const { vaultKey } = await derivePasswordSecrets({ password: PASSWORD, serverHost: HOST, user });
  const vault = parseStrict(await openVault(vaultKey, HOST, user, fromBase64url(frame.vault)));
  assertEquals([2, 1, [1]],
    [vault.version, vault.deviceList.version, vault.ownKeys.map(({ id }) => id)]);
  const { publicKey } = await signingKeyPairFromSeed(fromBase64url(vault.accountSeed));
  assertEquals(fromBase64url(frame.deviceList.accountKey), publicKey);
  const kept = JSON.stringify(await dump(user), (_, value) =>
    (value instanceof Uint8Array ? String.fromCharCode(...value) : value));
  for (const secret of [
    PASSWORD, frame.authSecret, vault.accountSeed, vault.ownKeys[0].key,
  ]) {
    assert(!kept.includes(secret));
    assert(!kept.includes(String.fromCharCode(...new TextEncoder().encode(secret))));
  }
});

scenario('takenNameLeavesNothingBehind', async () => {
  await InPageServer.start(HOST);
  const alice = await Person.create('alice');
  await lose(alice);
  forgetAccount(alice.user);
  const other = await Person.open();
  assertEquals('name-taken', await codeOf(() =>
    other.engine.createAccount({ user: alice.user, password: PASSWORD })));
  assert(!knownAccounts().includes(alice.user));
  assertEquals([], (await indexedDB.databases()).filter(({ name }) => name.endsWith(alice.user)));
});

scenario('accountOfThisBrowserIsNotMadeTwice', async () => {
  await InPageServer.start(HOST);
  const alice = await Person.create('alice');
  await alice.engine.signOut();
  assertEquals('account-here', await codeOf(() =>
    alice.engine.createAccount({ user: alice.user, password: PASSWORD })));
});

scenario('registrationWhoseAnswerIsLostIsFinishedByTryingAgain', async () => {
  const server = await InPageServer.start(HOST);
  const alice = await Person.open();
  alice.user = freshName('alice');
  const register = server._register;
  server._register = async frame => {
    const user = await register.call(server, frame);
    server._register = register;
    server.down();
    return user;
  };
  const account = { user: alice.user, password: PASSWORD };
  assertEquals('offline', await codeOf(() => alice.engine.createAccount(account)));
  server.up();
  await alice.engine.createAccount(account);
  await alice.until(() => alice.status === 'connected');
  assertEquals(1, server.frames('register').length);
});

scenario('registrationThatArrivedKeepsItsFirstPassword', async () => {
  const server = await InPageServer.start(HOST);
  const alice = await Person.open();
  alice.user = freshName('alice');
  const register = server._register;
  server._register = async frame => {
    await register.call(server, frame);
    server._register = register;
    server.down();
    return server.users.get(frame.user);
  };
  const { engine, user } = alice;
  assertEquals('offline', await codeOf(() => engine.createAccount({ user, password: PASSWORD })));
  server.up();
  const other = { user, password: `${PASSWORD} changed` };
  assertEquals('made-before', await codeOf(() => engine.createAccount(other)));
  await alice.until(() => alice.status === 'connected');
  assertEquals(['signed-in', 1], [alice.phase, server.frames('register').length]);
});

scenario('registrationThatNeverArrivedIsMadeAnew', async () => {
  const server = await InPageServer.start(HOST);
  server.down();
  const alice = await Person.open();
  const account = { user: freshName('alice'), password: PASSWORD };
  assertEquals('offline', await codeOf(() => alice.engine.createAccount(account)));
  server.up();
  await alice.engine.createAccount({ ...account, password: `${PASSWORD} changed` });
  await alice.until(() => alice.status === 'connected');
  alice.user = account.user;
});

scenario('signingOutAndInIsTheSameDeviceWithItsHistory', async () => {
  const { server, alice, bob, id } = await pair();
  await alice.engine.sendText(id, 'kept');
  await bob.until(() => bob.texts.length === 1);
  const { deviceId, token } = server.users.get(alice.user);
  await alice.engine.signOut();
  assertEquals('signed-out', alice.phase);
  assert(alice.events.at(-1).users.includes(alice.user));
  assertEquals(null, server.users.get(alice.user).token);
  assertEquals('signed-out', await codeOf(() => alice.engine.startConversation(bob.user)));
  assertEquals('sign-in-failed', await codeOf(() =>
    alice.engine.signIn({ user: alice.user, password: 'not the password' })));
  await alice.engine.signIn({ user: alice.user, password: PASSWORD });
  await alice.until(() => alice.status === 'connected');
  assert(token !== server.users.get(alice.user).token);
  assertEquals(deviceId, server.frames('login').at(-1).deviceId);
  assertEquals(['kept'], (await alice.engine.loadMessages(id, { limit: 5 })).map(m => m.text));
});

scenario('whoDoesNotHaveThePasswordIsNotTold', async () => {
  await InPageServer.start(HOST);
  const alice = await Person.create('alice');
  await lose(alice);
  const stranger = await Person.open();
  const signIn = password => codeOf(() => stranger.engine.signIn({ user: alice.user, password }));
  assertEquals('sign-in-failed', await signIn('another password'));
  const nobody = { user: freshName('nobody'), password: PASSWORD };
  assertEquals('sign-in-failed', await codeOf(() => stranger.engine.signIn(nobody)));
});

scenario('wipedStorageIsSaidOnce', async () => {
  await InPageServer.start(HOST);
  const alice = await Person.create('alice');
  await lose(alice);
  rememberAccount(alice.user);
  const back = await Person.open(alice.user);
  assertEquals('storage-wiped', back.phase);
  assert(back.events.at(-1).text.includes(alice.user));
  assertEquals('signed-out', (await Person.open()).phase);
});

scenario('refusedStorageIsSaidBeforeAnybodyReliesOnIt', async () => {
  leaveAccount();
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (value, ...rest) {
    return put.call(this, value instanceof CryptoKey ? null : value, ...rest);
  };
  try {
    assertEquals('storage-refused', (await Person.open()).phase);
  } finally {
    IDBObjectStore.prototype.put = put;
  }
});

scenario('pageWithoutCryptographyIsExplained', async () => {
  const events = [];
  const original = Object.getOwnPropertyDescriptor(globalThis, 'isSecureContext');
  Object.defineProperty(globalThis, 'isSecureContext', { value: false, configurable: true });
  try {
    const location = { protocol: 'http:', hostname: 'box', host: 'box' };
    await openEngine({ onEvent: event => events.push(event), location, bundle: null });
  } finally {
    Object.defineProperty(globalThis, 'isSecureContext', original);
  }
  assertEquals('unsupported', events.at(-1).phase);
  assert(events.at(-1).text.includes('https://'));
});

scenario('erasingLeavesNothing', async () => {
  const { server, alice, bob } = await pair();
  await alice.engine.eraseBrowser();
  assertEquals('signed-out', alice.phase);
  assertEquals(null, server.users.get(alice.user).token);
  assertEquals([], (await indexedDB.databases()).filter(({ name }) => name.endsWith(alice.user)));
  assert(!knownAccounts().includes(alice.user));
});
