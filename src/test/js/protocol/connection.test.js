import { base64url, concat, randomBytes } from '/crypto/bytes.js';
import { generateSigningKeyPair } from '/crypto/ed25519.js';
import { Refused } from '/crypto/refused.js';
import { ConnectionLost, RequestRefused, TooLarge, connect } from '/protocol/connection.js';
import { beginHandshake } from '/protocol/handshake.js';
import { HelloRefused, checkHello } from '/protocol/hello.js';
import { buildFrame, parseHello } from '/protocol/frames.js';
import { Socket } from '/protocol/socket.js';
import { assert, assertEquals, assertThrows, test } from '../harness.js';
import { ServerConnection, ServerIdentity, installWebSocket } from './server-side.js';

const HOST = 'chat.example';
const NOW = () => Date.now();
const identity = await ServerIdentity.create(HOST);
const device = await generateSigningKeyPair();
const FIELDS = {
  user: 'alice', token: randomBytes(32), deviceId: '00'.repeat(16), deviceKey: device.publicKey,
};
const SIGNED_IN = {
  type: 'signed-in', nonce: 3, token: randomBytes(32), tokenExpiresAt: 1,
  inbox: { generation: 1, cursor: point(0), head: point(0) }, deviceListVersion: 1,
  deviceListHash: randomBytes(32), signedPrekeyId: 1, oneTimePrekeyIds: [], visibility: 'all',
};

function point(sequenceNr) {
  return { sequenceNr, hash: new Uint8Array(32) };
}

const LIST = {
  user: 'alice', serverHost: HOST, version: 1, prevHash: new Uint8Array(32),
  accountKey: randomBytes(32), signature: randomBytes(64),
  devices: [{
    id: '11'.repeat(16), signKey: randomBytes(32), suites: [1], addedAt: 1, inboxStart: point(0),
  }],
};
const LINKING = {
  type: 'linking', nonce: 3, vault: randomBytes(99), vaultVersion: 1, deviceList: LIST,
  inbox: { generation: 1, head: point(0) }, devices: [],
};

function firstFrame(connectionKey) {
  return buildFrame('resume', 2, { ...FIELDS, connectionKey });
}

function asLogin({ type, ...secret }) {
  const { token, ...fields } = FIELDS;
  return { type, fields: { ...fields, ...secret } };
}

/** Connects to a server that takes the first frame and gives the rest to `serve`. */
async function connectTo(serve = () => {}, { first, firstFrame: said, hello, ...changes } = {}) {
  const seen = { pushes: [], lost: [] };
  installWebSocket(async end => {
    const helloBytes = await identity.hello(hello);
    const server = new ServerConnection(identity, helloBytes, end);
    let begun = false;
    end.onMessage = async bytes => {
      if (begun) return serve(server, await server.open(bytes));
      begun = true;
      await server.acceptFirst(bytes);
      return server.replyFirst(first ?? SIGNED_IN, changes.serverKey);
    };
    seen.end = end;
    seen.server = server;
    end.deliver(helloBytes);
  });
  const result = await connect({
    url: `wss://${HOST}/ws`, host: HOST, pin: null, deviceKey: device.privateKey,
    first: said ? asLogin(said) : { type: 'resume', fields: FIELDS },
    onHello: async checked => { seen.checked = checked; },
    onPush: frame => seen.pushes.push(frame),
    onLost: error => seen.lost.push(error),
    ...changes,
  });
  return { ...seen, ...result, seen };
}

async function until(condition) {
  while (!condition()) await new Promise(resolve => setTimeout(resolve, 1));
}

test('saysFirstFrameAndGetsItsReply', async () => {
  const { reply, checked, end } = await connectTo();
  assertEquals('sotto.v1', end.subprotocol);
  assertEquals(SIGNED_IN.token, reply.token);
  assertEquals({ signKey: identity.signKey.publicKey, serials: new Map([['1', 1]]) }, checked.pin);
});

test('matchesRepliesToRequestsInAnyOrder', async () => {
  const waiting = [];
  const { connection } = await connectTo((server, frame) => waiting.push([server, frame]));
  const one = connection.request('devices', { user: 'bob' });
  const two = connection.request('online');
  await until(() => waiting.length === 2);
  const [[server, devices], [, online]] = waiting;
  assertEquals([4, 6], [devices.nonce, online.nonce]);
  await server.reply({ type: 'online-users', nonce: 7, users: ['carol'], more: false });
  assertEquals(['carol'], (await two).users);
  await server.reply({ type: 'error', nonce: 5, code: 'unknown-user', text: 'nobody' });
  assertEquals('unknown-user', (await assertThrows(() => one, RequestRefused)).code);
});

test('pushesComeInOrderAndAreAcknowledgedWithTheirNonceAndOne', async () => {
  const acks = [];
  const { connection, seen, server } = await connectTo((_, frame) => acks.push(frame));
  const caughtUp = { kind: 'inbox', owner: 'alice', generation: 1, ...point(0) };
  await server.push('caught-up', caughtUp);
  await server.push('caught-up', caughtUp);
  await until(() => seen.pushes.length === 2);
  assertEquals([2, 4], seen.pushes.map(({ nonce }) => nonce));
  connection.acknowledge(4, [caughtUp], randomBytes(64));
  await until(() => acks.length === 1);
  assertEquals(['ack', 5], [acks[0].type, acks[0].nonce]);
});

test('refusalOfFirstFrameIsItsError', async () => {
  const first = { type: 'error', nonce: 3, code: 'token-expired', text: 'sign in' };
  const error = await assertThrows(() => connectTo(undefined, { first }), RequestRefused);
  assertEquals('token-expired', error.code);
});

test('firstReplyUnderAnotherServerKeyIsRefused', async () => {
  const serverKey = await generateSigningKeyPair();
  const error = await assertThrows(() => connectTo(undefined, { serverKey }), Refused);
  assertEquals('signature', error.reason);
});

test('nothingIsSaidIfThePinCannotBeStored', async () => {
  const refusal = new Error('disk full');
  let said = 0;
  await assertThrows(() => connectTo(undefined, {
    onHello: async () => { throw refusal; },
    serverKey: { get privateKey() { said++; return null; } },
  }), /disk full/);
  assertEquals(0, said);
});

test('repeatedPushNonceEndsTheConnection', async () => {
  const { seen, server, connection } = await connectTo();
  const push = { type: 'caught-up', nonce: 2, kind: 'inbox', owner: 'alice', generation: 1,
    ...point(0) };
  await server.reply(push);
  await server.reply(push);
  await until(() => seen.lost.length === 1);
  assertEquals(4400, seen.lost[0].code);
  assertEquals(1, seen.pushes.length);
  await assertThrows(() => connection.request('ping'), ConnectionLost);
});

test('deviceThatIsLinkedHasATokenFromThenOn', async () => {
  const seen = [];
  const secret = randomBytes(32);
  const { reply, connection } = await connectTo(async (server, frame) => {
    seen.push(frame);
    if (frame.type === 'link') await server.reply({ ...SIGNED_IN, nonce: frame.nonce + 1 });
  }, { first: LINKING, firstFrame: { type: 'login', authSecret: secret } });
  assertEquals('linking', reply.type);
  connection.probe();
  await connection.request('link', {
    authSecret: secret, deviceList: LIST, vault: randomBytes(99), vaultVersion: 2, prekeys: [],
  });
  connection.request('own-devices').catch(() => {});
  await until(() => seen.length === 3);
  connection.close();
  const [none, held] = [new Uint8Array(32), SIGNED_IN.token].map(base64url);
  assertEquals([['ping', none], ['link', undefined], ['own-devices', held]],
    seen.map(({ type, token }) => [type, token]));
});

test('envelopeThatDoesNotOpenEndsTheConnectionAndItsRequests', async () => {
  const { seen, end, connection } = await connectTo();
  const request = connection.request('online');
  end.deliver(randomBytes(60));
  await assertThrows(() => request, ConnectionLost);
  assertEquals(4400, seen.lost[0].code);
});

test('closeCodeOfTheServerIsTold', async () => {
  const { seen, end } = await connectTo();
  end.close(4409);
  await until(() => seen.lost.length === 1);
  assertEquals(4409, seen.lost[0].code);
});

test('nothingIsSentAfterTheClosingBegan', async () => {
  let end;
  installWebSocket(accepted => { end = accepted; });
  const socket = new Socket(`wss://${HOST}/ws`, 'sotto.v1');
  await until(() => end);
  end.beginClosing();
  socket.send(randomBytes(32));
  end.close(4001);
  assertEquals(4001, (await assertThrows(() => socket.next(), ConnectionLost)).code);
});

test('pingsAfterAnUnansweredRequestAndGivesUpWithoutAPong', async () => {
  const frames = [];
  const { connection, seen } = await connectTo((_, frame) => frames.push(frame.type));
  const begun = performance.now();
  await assertThrows(() => connection.request('online'), ConnectionLost);
  const ms = performance.now() - begun;
  assertEquals(['online', 'ping'], frames);
  // Exact times are those of liveness.test.js.
  assert(ms > 3900 && ms < 10_000, `${ms} ms`);
  assertEquals(undefined, seen.lost[0].code);
});

test('pongKeepsTheConnectionWhileARequestWaits', async () => {
  const frames = [];
  const { connection, seen } = await connectTo((server, frame) => {
    frames.push(frame.type);
    if (frame.type === 'ping') server.reply({ type: 'pong', nonce: frame.nonce + 1 });
    if (frames.length === 3) server.reply({ type: 'online-users', nonce: 5, users: [], more: false });
  });
  assertEquals([], (await connection.request('online')).users);
  assertEquals(['online', 'ping', 'ping'], frames);
  assertEquals([], seen.lost);
});

test('frameOverTheLimitIsNotSent', async () => {
  const { connection } = await connectTo();
  const copies = [{ device: FIELDS.deviceId, ciphertext: new Uint8Array(800_000) }];
  await assertThrows(() => connection.request('send', {
    to: 'bob', n: 1, deviceListVersion: 1, messageId: randomBytes(16), copies,
  }), TooLarge);
});

test('helloWithSuiteStrippedFails', async () => {
  const original = await identity.hello({ suites: [1, 2] });
  const stripped = new TextEncoder().encode(
    new TextDecoder().decode(original).replace('"suites":[1,2]', '"suites":[1]'));
  assertEquals([1], parseHello(stripped).suites);
  const checked = await checkHello(stripped, { host: HOST, pin: null, now: NOW() });
  const { envelope } = await beginHandshake(checked, device.privateKey, firstFrame);
  const server = new ServerConnection(identity, original, null);
  const error = await assertThrows(() => server.acceptFirst(envelope), Refused);
  assertEquals('sealed', error.reason);
});

test('helloWithoutACommonSuiteIsRefused', async () => {
  const hello = await identity.hello({ suites: [2] });
  await assertHelloRefused('suite', hello);
});

test('relayedFirstFrameIsRefused', async () => {
  const hello = await identity.hello();
  const checked = await checkHello(hello, { host: HOST, pin: null, now: NOW() });
  const { envelope } = await beginHandshake(checked, device.privateKey, firstFrame);
  await new ServerConnection(identity, hello, null).acceptFirst(envelope);
  const other = new ServerConnection(identity, await identity.hello(), null);
  await assertThrows(() => other.acceptFirst(envelope), Refused);
});

test('helloOfAnotherServerIsRefused', async () => {
  const hello = await identity.hello();
  const { pin } = await checkHello(hello, { host: HOST, pin: null, now: NOW() });
  await checkHello(hello, { host: HOST, pin, now: NOW() });
  const impostor = await ServerIdentity.create(HOST);
  await assertHelloRefused('server-key', await impostor.hello(), { pin });
  await assertHelloRefused('host', hello, { host: 'other.example' });
  await assertHelloRefused('form', concat(hello, Uint8Array.of(0)));
});

test('sealKeyThatIsOldForgedOrExpiredIsRefused', async () => {
  const hello = await identity.hello();
  const signKey = identity.signKey.publicKey;
  await assertHelloRefused('seal-key', hello, { pin: { signKey, serials: new Map([['1', 2]]) } });
  await assertHelloRefused('seal-key', hello, { now: NOW() + 2.1 * 24 * 3600 * 1000 });
  const { sealKeys: [sealKey] } = parseHello(hello);
  await assertHelloRefused('seal-key',
    await identity.hello({ sealKeys: [{ ...sealKey, serial: 7 }] }));
});

async function assertHelloRefused(reason, hello, changes = {}) {
  const known = { host: HOST, pin: null, now: NOW(), ...changes };
  assertEquals(reason, (await assertThrows(() => checkHello(hello, known), HelloRefused)).reason);
}

test('whatHadComeWhenTheConnectionWasLeftIsNobodys', async () => {
  const left = { pushes: 0 };
  const { connection, server, end } = await connectTo(undefined, {
    onPush: () => {
      left.pushes++;
      connection.close();
    },
  });
  const caughtUp = { kind: 'inbox', owner: 'alice', generation: 1, ...point(0) };
  const closed = new Promise(resolve => { end.onClose = resolve; });
  await Promise.all([server.push('caught-up', caughtUp), server.push('caught-up', caughtUp)]);
  await closed;
  // The next one needs as long to be opened as this one.
  await server.reply({ type: 'pong', nonce: 5 });
  await new Promise(resolve => setTimeout(resolve));
  assertEquals(1, left.pushes);
});
