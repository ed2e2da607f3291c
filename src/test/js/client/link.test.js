import { randomBytes } from '/crypto/bytes.js';
import { generateSigningKeyPair } from '/crypto/ed25519.js';
import { Link } from '/client/link.js';
import { UserError } from '/client/user-error.js';
import { ConnectionLost, RequestRefused } from '/protocol/connection.js';
import { assert, assertEquals, assertThrows, test } from '../harness.js';
import { ServerConnection, ServerIdentity, installWebSocket } from '../protocol/server-side.js';
import { InPageServer } from './in-page-server.js';
import { HOST, PASSWORD, Person, freshName, pair, scenario, until } from './people.js';

function textsOf(person, type) {
  return person.events.filter(event => event.type === type);
}

scenario('endedTokenAsksForThePasswordAndKeepsWhatWasWritten', async () => {
  const { server, alice, bob, id } = await pair();
  server.users.get(alice.user).token = 'another';
  server.users.get(alice.user).connection.socket.close(1001);
  await alice.until(() => alice.phase === 'needs-password');
  await alice.engine.sendText(id, 'written while signed out');
  await alice.engine.saveDraft(id, 'half a thought');
  const wrong = { user: alice.user, password: 'not my password' };
  assertEquals('sign-in-failed',
    (await assertThrows(() => alice.engine.signIn(wrong), UserError)).code);
  assertEquals('needs-password', alice.phase);
  await alice.engine.signIn({ user: alice.user, password: PASSWORD });
  assertEquals('signed-in', alice.phase);
  await bob.until(() => bob.texts.includes('written while signed out'));
  assertEquals('half a thought', alice.conversations.get(id).draft);
});

/** The next connections of all break as soon as the first reply was said. */
function breakAfterFirstReplies(count) {
  const { replyFirst } = ServerConnection.prototype;
  let left = count;
  ServerConnection.prototype.replyFirst = async function (...args) {
    left--;
    if (left === 0) ServerConnection.prototype.replyFirst = replyFirst;
    await replyFirst.apply(this, args);
    this.socket.close(1001);
  };
}

scenario('connectionThatBreaksRightAfterItsFirstReplyIsMadeAnew', async () => {
  const { server, alice, bob, id } = await pair();
  breakAfterFirstReplies(3);
  server.users.get(alice.user).connection.socket.close(1001);
  await until(() => server.frames('resume', alice.user).length === 4);
  await alice.until(() => alice.status === 'connected');
  await alice.engine.sendText(id, 'once more');
  await bob.until(() => bob.texts.includes('once more'));
});

scenario('accountWhoseConnectionBreaksRightAfterItWasMadeIsThere', async () => {
  await InPageServer.start(HOST);
  const alice = await Person.open();
  alice.user = freshName('alice');
  breakAfterFirstReplies(1);
  await alice.engine.createAccount({ user: alice.user, password: PASSWORD });
  await alice.until(() => alice.status === 'connected');
  assertEquals('signed-in', alice.phase);
});

scenario('replacedConnectionDoesNotComeBackByItself', async () => {
  const { server, alice, bob } = await pair();
  server.users.get(alice.user).connection.socket.close(4409);
  await alice.until(() => alice.phase === 'replaced');
  alice.engine.setVisible(true);
  await new Promise(resolve => setTimeout(resolve, 700));
  assertEquals(0, server.frames('resume', alice.user).length);
  const back = await alice.reload();
  await back.until(() => back.status === 'connected');
});

scenario('serverWithAnotherKeyStopsEverythingUntilItIsTrusted', async () => {
  const { server, alice, bob } = await pair();
  const [known] = textsOf(alice, 'server');
  const genuine = server.identity;
  server.identity = await ServerIdentity.create(HOST);
  server.users.get(alice.user).connection.socket.close(1001);
  await alice.until(() => alice.phase === 'server-changed');
  assert(known.fingerprint !== textsOf(alice, 'server').at(-1).fingerprint);
  assertEquals([], server.frames('resume', alice.user));
  const attempt = { user: alice.user, password: PASSWORD };
  assertEquals('server-changed',
    (await assertThrows(() => alice.engine.signIn(attempt), UserError)).code);
  assertEquals([], server.frames('login', alice.user));
  await alice.engine.trustNewServer();
  await alice.until(() => alice.status === 'connected');
  server.identity = genuine;
  server.users.get(alice.user).connection.socket.close(1001);
  await alice.until(() => alice.phase === 'server-changed');
});

scenario('lostHistoryOfTheServerIsAnAlarm', async () => {
  const { server, alice, bob, id } = await pair();
  await alice.engine.sendText(id, 'one');
  await alice.until(() => alice.timeline[0].state === 'delivered');
  await until(() => server.users.get(alice.user).cursor === 2);
  const inbox = server.users.get(alice.user);
  inbox.entries.pop();
  inbox.hashes.pop();
  inbox.cursor = 1;
  inbox.connection.socket.close(1001);
  await alice.until(() => alice.alarms.length > 0);
  assert(/lost or changed/.test(alice.alarms[0]), alice.alarms[0]);
});

scenario('changedEntryIsAnAlarmAndNotAcknowledged', async () => {
  const { server, alice, bob, id } = await pair();
  server.onPush = entry => (entry.owner === bob.user ? { ...entry, time: entry.time + 1 } : entry);
  await alice.engine.sendText(id, 'one');
  await bob.until(() => bob.alarms.length > 0);
  assertEquals([0, []], [server.users.get(bob.user).cursor, bob.texts]);
  server.onPush = entry => entry;
  const back = await bob.reload();
  await back.until(() => back.texts.includes('one'));
});

scenario('changedCiphertextIsAnAlarm', async () => {
  const { server, alice, bob, id } = await pair();
  server.onPush = entry => {
    const ciphertext = entry.ciphertext.slice();
    ciphertext[ciphertext.length - 1] ^= 1;
    return { ...entry, ciphertext };
  };
  await alice.engine.sendText(id, 'one');
  await bob.until(() => bob.alarms.length > 0);
  assertEquals([], bob.texts);
});

scenario('cutOffIsToldInTheConversationAndTheChainGoesOn', async () => {
  const { server, alice, bob, id } = await pair();
  await alice.engine.sendText(id, 'one');
  await alice.until(() => alice.timeline[0].state === 'delivered');
  await until(() => server.users.get(bob.user).cursor === 1);
  bob.engine.close();
  await alice.engine.sendText(id, 'gone');
  const inbox = server.users.get(bob.user);
  await until(() => inbox.entries.length === 2);
  const before = server.pushTo.bind(server);
  server.pushTo = async device => {
    const { connection, account } = device;
    if (account === inbox && connection && connection.pushed === 1) {
      connection.pushed = 2;
      await connection.push('cut-off', inbox.logPoint(2));
    }
    return before(device);
  };
  const back = await bob.reload();
  await back.until(() => back.timeline.some(({ kind }) => kind === 'notice'));
  await alice.engine.sendText(id, 'two');
  await back.until(() => back.texts.includes('two'));
  assertEquals([], back.alarms);
});

scenario('newBundleOnTheServerIsToldAndTheFirstOneIsNot', async () => {
  const { server, alice, bob } = await pair();
  assertEquals([], textsOf(alice, 'update-available'));
  const { hello } = ServerIdentity.prototype;
  server.identity.hello = function () { return hello.call(this, { bundle: 'newer' }); };
  server.users.get(alice.user).connection.socket.close(1001);
  await alice.until(() => textsOf(alice, 'update-available').length === 1);
});

scenario('peopleOnlineAreRefreshedWhileThePageIsSeen', async () => {
  const { alice, bob } = await pair();
  assertEquals([], textsOf(alice, 'online'));
  alice.engine.setVisible(true);
  await alice.until(() => textsOf(alice, 'online').some(({ users }) => users.includes(bob.user)));
  const found = await alice.engine.searchOnline({ prefix: bob.user.slice(0, 6) });
  assertEquals([true, false], [found.users.includes(bob.user), found.more]);
  await bob.engine.setVisibility('nobody');
  assertEquals('nobody', textsOf(bob, 'visibility').at(-1).value);
  assertEquals([], (await alice.engine.searchOnline({ prefix: bob.user })).users);
});

scenario('searchWithoutAConnectionIsRefusedInWords', async () => {
  const { server, alice, bob } = await pair();
  server.down();
  await alice.until(() => alice.status !== 'connected');
  const error = await assertThrows(() => alice.engine.searchOnline({ prefix: 'a' }), UserError);
  assertEquals('offline', error.code);
  for (const [user, code] of [['Bob!', 'name-invalid'], [alice.user, 'yourself'],
    ['somebody-else', 'offline']]) {
    assertEquals(code,
      (await assertThrows(() => alice.engine.startConversation(user), UserError)).code);
  }
});

scenario('unknownUserIsRefusedInWords', async () => {
  const { alice, bob } = await pair();
  const error = await assertThrows(() => alice.engine.startConversation('nobody-at-all'), UserError);
  assertEquals('Nobody here is called nobody-at-all. Check the name with the person.', error.text);
});

scenario('repeatedEntriesAreAcknowledgedAgain', async () => {
  const { server, alice, bob, id } = await pair();
  const acknowledge = server._ack;
  server._ack = async () => null;
  await alice.engine.sendText(id, 'one');
  await alice.until(() => alice.timeline[0].state === 'delivered');
  await until(() => server.frames('ack', bob.user).length > 0);
  const inbox = server.users.get(bob.user);
  assertEquals(0, inbox.cursor);
  server._ack = acknowledge;
  inbox.connection.socket.close(1001);
  await until(() => inbox.cursor === 1);
  assertEquals([['one'], []], [bob.texts, bob.alarms]);
});

/** For how long it waits last, while `run` has a link whose every attempt fails with `error`. */
async function waitOf(error, run) {
  const { setTimeout: genuine } = globalThis;
  const waits = [];
  let link;
  const isLost = new Promise(resolve => {
    link = new Link({ opening: async () => { throw error; }, onStatus: resolve });
  });
  globalThis.setTimeout = (_, ms) => waits.push(ms);
  try {
    link.start();
    await isLost;
    // The attempt is over once what follows its failure has run.
    await new Promise(resolve => genuine(resolve));
    run(link);
    return waits.at(-1);
  } finally {
    globalThis.setTimeout = genuine;
    link.stop();
  }
}

test('aPauseThatWasDemandedIsKeptWhoeverLooksOrWrites', async () => {
  const wake = link => link.wake();
  assert(await waitOf(new RequestRefused({ code: 'busy', retryAfter: 60_000 }), wake) > 50_000);
  assert(await waitOf(new ConnectionLost(4429), wake) > 5000);
  assert(await waitOf(new ConnectionLost(1006), wake) < 1000);
  assert(await waitOf(new ConnectionLost(1006), link => {
    link.pause(60_000);
    link.pause();
    wake(link);
  }) > 50_000);
});

/** A link to a server that signs in whoever resumes. @param {object} owner what it does besides */
async function linkTo({ beforeReply = async () => {}, ...owner }) {
  const identity = await ServerIdentity.create(HOST);
  const { publicKey: deviceKey, privateKey } = await generateSigningKeyPair();
  const point = { sequenceNr: 0, hash: new Uint8Array(32) };
  const fields = {
    user: 'alice', token: randomBytes(32), deviceId: '00'.repeat(16), deviceKey,
  };
  const ends = [];
  installWebSocket(async end => {
    const hello = await identity.hello();
    const server = new ServerConnection(identity, hello, end);
    end.onMessage = async bytes => {
      await server.acceptFirst(bytes);
      await beforeReply();
      await server.replyFirst({
        type: 'signed-in', nonce: 3, token: randomBytes(32), tokenExpiresAt: 1,
        inbox: { generation: 1, cursor: point, head: point }, deviceListVersion: 1,
        deviceListHash: randomBytes(32), signedPrekeyId: 1, oneTimePrekeyIds: [], visibility: 'all',
      });
    };
    end.onClose = () => { end.isClosed = true; };
    ends.push(end);
    end.deliver(hello);
  });
  const statuses = [];
  const link = new Link({
    opening: async () => ({
      url: `wss://${HOST}/ws`, host: HOST, pin: null, deviceKey: privateKey,
      first: { type: 'resume', fields }, onHello: async () => {},
    }),
    onSignedIn: async () => {},
    onPush: () => {},
    onStatus: status => statuses.push(status),
    ...owner,
  });
  return { link, ends, statuses };
}

test('resumeThatCouldNotBeStoredIsSaidAndTriedAgain', async () => {
  const stuck = [];
  let isFull = true;
  const { link, ends, statuses } = await linkTo({
    onSignedIn: async () => { if (isFull) throw new Error('the disk is full'); },
    onStuck: error => {
      stuck.push(error.message);
      isFull = false;
    },
  });
  link.start();
  await until(() => statuses.at(-1) === 'connected');
  link.stop();
  assertEquals([['the disk is full'], true], [stuck, ends[0].isClosed]);
});

test('pauseWhileAConnectionIsStoredIsFollowedByAnotherConnection', async () => {
  let link, goOn;
  const first = new Promise(resolve => { goOn = resolve; });
  const waiting = [first];
  const stored = [];
  const played = await linkTo({
    onSignedIn: connection => {
      stored.push(connection);
      return waiting.pop();
    },
  });
  ({ link } = played);
  link.start();
  await until(() => stored.length === 1);
  link.pause();
  // Longer than it waits for the next attempt, which finds this one under way.
  await new Promise(resolve => setTimeout(resolve, 1_500));
  goOn();
  await until(() => played.statuses.at(-1) === 'connected');
  link.stop();
  assertEquals([2, true], [stored.length, played.ends[0].isClosed]);
});

test('attemptThatWasUnderWayWhenTheLinkStoppedSignsNobodyIn', async () => {
  let reply, isAsked;
  const asked = new Promise(resolve => { isAsked = resolve; });
  const signedIn = [];
  const { link, ends } = await linkTo({
    beforeReply: () => {
      isAsked();
      return new Promise(resolve => { reply = resolve; });
    },
    onSignedIn: async connection => signedIn.push(connection),
  });
  link.start();
  await asked;
  link.stop();
  reply();
  await until(() => ends[0].isClosed);
  assertEquals([], signedIn);
});
