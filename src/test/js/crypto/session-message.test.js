import { assertEquals, assertThrows, test } from '../harness.js';
import { aliceAndBob } from './client.js';
import { person } from './people.js';
import { concat, equal, randomBytes } from '/crypto/bytes.js';
import { enc, parseEncOf } from '/crypto/encoding.js';
import { Refused } from '/crypto/refused.js';
import { parseCiphertext, sendingSession } from '/crypto/session-message.js';
import { parseOpening } from '/crypto/session-opening.js';

const refusedFor = async (reason, run) =>
  assertEquals(reason, (await assertThrows(run, Refused)).reason);

test('twoPeopleTalk', async () => {
  const { alice, bob } = await aliceAndBob();
  for (let turn = 0; turn < 4; turn++) {
    assertEquals('hello', await bob.receive(await alice.send(bob, 'hello')));
    assertEquals('there', await bob.receive(await alice.send(bob, 'there')));
    assertEquals('hi', await alice.receive(await bob.send(alice, 'hi')));
  }
});

test('openingTravelsUntilAMessageHasComeBack', async () => {
  const { alice, bob } = await aliceAndBob();
  const [first, second] = [await alice.send(bob, '1'), await alice.send(bob, '2')];
  for (const sent of [first, second]) {
    assertEquals(true, parseCiphertext(sent.bytes).opening !== null);
  }
  assertEquals('2', await bob.receive(second));
  assertEquals('1', await bob.receive(first));
  await alice.receive(await bob.send(alice, 'confirm'));
  assertEquals(null, parseCiphertext((await alice.send(bob, '3')).bytes).opening);
});

test('confirmationLostNextMessageConfirms', async () => {
  const { alice, bob } = await aliceAndBob();
  await bob.receive(await alice.send(bob, 'hello'));
  await bob.send(alice, 'confirm, lost on its way');
  assertEquals('hi', await alice.receive(await bob.send(alice, 'hi')));
  assertEquals('good', await bob.receive(await alice.send(bob, 'good')));
});

test('bothSidesOpenAtOnceRatchetStillTurns', async () => {
  const { alice, bob } = await aliceAndBob();
  await bob.open(alice, await alice.publish('signed', 1));
  const [hers, his] = [await alice.send(bob, 'hers'), await bob.send(alice, 'his')];
  assertEquals('hers', await bob.receive(hers));
  assertEquals('his', await alice.receive(his));
  const ratchetKeys = new Set();
  for (let turn = 0; turn < 3; turn++) {
    for (const [from, to] of [[alice, bob], [bob, alice]]) {
      const sent = await from.send(to, 'turn');
      assertEquals('turn', await to.receive(sent));
      ratchetKeys.add(String(parseCiphertext(sent.bytes).dh));
    }
  }
  assertEquals(2, alice.sessions.length);
  assertEquals(sendingSession(alice.sessions).sessionId, sendingSession(bob.sessions).sessionId);
  assertEquals(true, ratchetKeys.size >= 5);
});

test('repairReplacesTheSessionsBeforeIt', async () => {
  const { alice, bob } = await aliceAndBob();
  await bob.receive(await alice.send(bob, 'hello'));
  const repaired = await bob.open(alice, await alice.publish('one-time', 9));
  assertEquals('repair', await alice.receive(await bob.send(alice, 'repair')));
  for (const { sessions } of [alice, bob]) {
    assertEquals(repaired.sessionId, sendingSession(sessions).sessionId);
  }
  assertEquals('again', await bob.receive(await alice.send(bob, 'again')));
  assertEquals(undefined, sendingSession([]));
});

test('messageThatDoesNotOpenChangesNothing', async () => {
  const { alice, bob } = await aliceAndBob();
  await bob.receive(await alice.send(bob, 'hello'));
  const sent = await alice.send(bob, 'secret');
  const before = structuredClone(bob.sessions);
  const flipped = sent.bytes.slice();
  flipped[flipped.length - 1] ^= 1;
  const mallory = await person('mallory');
  for (const forged of [{ bytes: flipped }, { messageId: randomBytes(16) },
    { from: { ...alice, deviceId: '0'.repeat(32) } }, { from: mallory }]) {
    const received = await bob.receive({ ...sent, ...forged });
    assertEquals({ outcome: 'failed', reason: 'sealed' }, received);
  }
  assertEquals(before, bob.sessions);
  assertEquals('secret', await bob.receive(sent));
});

test('openingOfOneSessionWithAMessageOfAnotherIsShownAsFailed', async () => {
  const { alice, bob } = await aliceAndBob();
  const one = await alice.send(bob, 'one');
  await alice.open(bob, await bob.publish('one-time', 4));
  const two = await alice.send(bob, 'two');
  const [opening] = parseEncOf(4, one.bytes.subarray(1));
  const [, ...message] = parseEncOf(4, two.bytes.subarray(1));
  const bytes = concat(Uint8Array.of(1), enc(opening, ...message));
  assertEquals({ outcome: 'failed', reason: 'addressee' }, await bob.receive({ ...two, bytes }));
  assertEquals([], bob.sessions);
});

test('retryAfterEditUsesNewKey', async () => {
  const { alice, bob } = await aliceAndBob();
  const [one, two] = [await alice.send(bob, 'first'), await alice.send(bob, 'edited')];
  const [before, after] = [parseCiphertext(one.bytes), parseCiphertext(two.bytes)];
  assertEquals([0, 1], [before.n, after.n]);
  assertEquals(false, equal(before.nonce, after.nonce));
});

test('refusesCiphertextsOfOtherForms', async () => {
  const { alice, bob } = await aliceAndBob();
  const { bytes } = await alice.send(bob, 'hello');
  const [opening, header, nonce, ct] = parseEncOf(4, bytes.subarray(1));
  const [sessionId, dh, pn, n] = parseEncOf(4, header);
  const of = (...items) => concat(Uint8Array.of(1), enc(...items));
  await refusedFor('suite', () => parseCiphertext(new Uint8Array(0)));
  await refusedFor('suite', () => parseCiphertext(concat(Uint8Array.of(2), bytes.subarray(1))));
  const refused = [
    concat(bytes, Uint8Array.of(0)), bytes.subarray(0, bytes.length - 1),
    of(opening, header, nonce), of(opening, header, nonce, ct, ct),
    of(opening, header, nonce.subarray(1), ct),
    of(opening, enc(sessionId, dh, pn), nonce, ct),
    of(opening, enc(sessionId.subarray(1), dh, pn, n), nonce, ct),
    of(opening, enc(sessionId, dh.subarray(1), pn, n), nonce, ct),
    of(opening, enc(sessionId, dh, pn, concat(Uint8Array.of(0), n)), nonce, ct),
  ];
  for (const candidate of refused) await refusedFor('encoding', () => parseCiphertext(candidate));
  const fields = parseEncOf(10, opening);
  for (const index of [1, 3, 4, 6, 7, 9]) {
    const shorter = fields.with(index, fields[index].subarray(1));
    await refusedFor('encoding', () => parseOpening(enc(...shorter)));
  }
  await refusedFor('encoding', () => parseOpening(enc(...fields, 'more')));
  await refusedFor('encoding', () => parseOpening(enc(...fields.with(5, enc(randomBytes(15))))));
});
