/** The vectors that Java and the browser share: connections, openings and the ratchet. */

import { assertEquals, assertThrows, test, vectors } from '../harness.js';
import { ed25519KeyPair, withRandomness, x25519KeyPair } from './fixed-keys.js';
import { importAeadKey, openWith } from '/crypto/aead.js';
import { concat, fromBase64url, fromHex, hex } from '/crypto/bytes.js';
import { initiatorState, nextReceiving, nextSending, responderState }
  from '/crypto/double-ratchet.js';
import { verify } from '/crypto/ed25519.js';
import { enc, sha256 } from '/crypto/encoding.js';
import { HELLO } from '/crypto/labels.js';
import { Refused } from '/crypto/refused.js';
import { serverFingerprint } from '/crypto/safety-number.js';
import { messageAad, parseCiphertext } from '/crypto/session-message.js';
import { openingTranscript, parseOpening, unsealOpening, verifyOpening }
  from '/crypto/session-opening.js';
import { deviceListHash } from '/crypto/statements.js';
import { parseDeviceList } from '/protocol/frames.js';
import { beginHandshake } from '/protocol/handshake.js';

const refuses = async ({ why }, run) =>
  assertThrows(run, Refused).catch(error => { throw new Error(`${why}: ${error.message}`); });

test('envelope', async () => {
  const { valid, refused } = await vectors('envelope.json');
  for (const vector of valid) {
    const handshake = await handshakeOf(vector);
    assertEquals(vector.clientFirst, hex(handshake.envelope));
    const { frame } = await handshake.openFirst(fromHex(vector.serverFirst));
    assertEquals(vector.reply, hex(frame));
    assertEquals(vector.fingerprint, await serverFingerprint(fromHex(vector.serverSignKey)));
    const { node, serial, suite, key, notAfter, signature } = vector.sealKey;
    await verify(fromHex(vector.serverSignKey), fromBase64url(signature), HELLO,
      vector.serverHost, node, serial, suite, fromBase64url(key), notAfter);
  }
  for (const wrong of refused) {
    const { openFirst } = await handshakeOf(wrong);
    await refuses(wrong, () => openFirst(fromHex(wrong.serverFirst)));
  }
});

async function handshakeOf(vector) {
  const { suite, key } = vector.sealKey;
  const checked = {
    hello: { signKey: fromHex(vector.serverSignKey) },
    helloHash: await sha256(fromHex(vector.hello)),
    sealKey: { suite, key: fromBase64url(key) },
  };
  const { privateKey } = await ed25519KeyPair(fromHex(vector.deviceSeed));
  const keyPairs = await Promise.all([vector.connectionPrivate, vector.ephemeralPrivate]
    .map(bytes => x25519KeyPair(fromHex(bytes))));
  return withRandomness({ keyPairs },
    () => beginHandshake(checked, privateKey, () => fromHex(vector.frame)));
}

test('opening', async () => {
  const { valid, refused } = await vectors('opening.json');
  for (const vector of valid) {
    const list = parseDeviceList(parseOpening(fromHex(vector.opening)).senderDeviceList);
    assertEquals(vector.fromListHash, hex(await deviceListHash(list)));
    const session = await sessionOf(vector);
    const received = await open(session.ratchet, vector, vector.first);
    assertEquals(vector.first.plaintext, hex(received.plaintext));
  }
  for (const wrong of refused) await refuses(wrong, () => sessionOf(wrong));
});

async function sessionOf(vector) {
  const { suite, serverHost, fromUser, fromDevice, toUser, toDevice } = vector;
  const opening = parseOpening(fromHex(vector.opening));
  const transcript = openingTranscript({ ...opening, suite },
    { user: fromUser, deviceId: fromDevice, serverHost,
      accountKey: fromHex(vector.fromAccountKey), listHash: fromHex(vector.fromListHash) },
    { user: toUser, deviceId: toDevice,
      accountKey: fromHex(vector.toAccountKey), listHash: fromHex(vector.toListHash) });
  await verifyOpening(fromHex(vector.senderSignKey), transcript, opening);
  const keyPair = await x25519KeyPair(fromHex(vector.prekeyPrivate));
  return unsealOpening({ suite, opening, transcript, user: fromUser, keyPair });
}

test('ratchet', async () => {
  const { valid, refused } = await vectors('ratchet.json');
  for (const vector of valid) {
    await opensAll(await aliceOf(vector), vector, vector.toAlice);
    await opensAll(await bobOf(vector), vector, vector.toBob);
  }
  for (const wrong of refused) {
    const before = wrong.messages.slice(0, -1);
    const state = await opensAll(await bobOf(wrong), wrong, before);
    if (wrong.outcome === 'duplicate') {
      const { outcome } = await open(state, wrong, wrong.messages.at(-1));
      assertEquals('duplicate', outcome, wrong.why);
    } else {
      await refuses(wrong, () => open(state, wrong, wrong.messages.at(-1)));
    }
  }
});

async function aliceOf({ root, r1Private, r1Public }) {
  const r1 = await x25519KeyPair(fromHex(r1Private));
  assertEquals(r1Public, hex(r1.publicKey));
  return initiatorState(fromHex(root).slice(0, 32), fromHex(root).slice(32), r1);
}

async function bobOf({ root, r1Public, r2Private, r2Public }) {
  const keyPairs = [await x25519KeyPair(fromHex(r2Private))];
  const state = await withRandomness({ keyPairs }, () =>
    responderState(fromHex(root).slice(0, 32), fromHex(root).slice(32), fromHex(r1Public)));
  assertEquals(r2Public, hex((await nextSending(state)).header.dh));
  return state;
}

async function opensAll(state, vector, messages) {
  for (const message of messages) {
    const received = await open(state, vector, message);
    assertEquals('key', received.outcome);
    assertEquals(message.plaintext, hex(received.plaintext));
    state = received.state;
  }
  return state;
}

/** Opens a message, whose plaintext in these vectors is not padded. */
async function open(state, vector, message) {
  const [header, nonce, ct] = [message.header, message.nonce, message.ct].map(fromHex);
  const bytes = concat(Uint8Array.of(vector.suite), enc(null, header, nonce, ct));
  const ciphertext = parseCiphertext(bytes);
  const received = await nextReceiving(state, ciphertext);
  if (received.outcome !== 'key') return received;
  const aad = messageAad(ciphertext, routeOf(vector, message), ciphertext.header);
  const key = await importAeadKey(received.messageKey);
  return { ...received, plaintext: await openWith(key, nonce, aad, ct) };
}

function routeOf(vector, { from, messageId }) {
  const { fromUser = 'alice', toUser = 'bob' } = vector;
  const aliceDevice = vector.aliceDevice ?? vector.fromDevice;
  const bobDevice = vector.bobDevice ?? vector.toDevice;
  const there = from === fromUser;
  return {
    fromUser: from, fromDevice: there ? aliceDevice : bobDevice,
    toUser: there ? toUser : fromUser, toDevice: there ? bobDevice : aliceDevice,
    messageId: fromHex(messageId),
  };
}
