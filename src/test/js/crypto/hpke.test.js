import { assertEquals, assertThrows, test } from '../harness.js';
import { withRandomness, x25519KeyPair } from './fixed-keys.js';
import { fromHex, hex, randomBytes, utf8 } from '/crypto/bytes.js';
import { ENC_BYTES, SUITE_X25519, setupBaseR, setupBaseS, setupPskR, setupPskS }
  from '/crypto/hpke.js';
import { Refused } from '/crypto/refused.js';
import { generateKeyPair } from '/crypto/x25519.js';

const INFO = utf8('Ode on a Grecian Urn');
const PLAINTEXT = utf8('Beauty is truth, truth beauty');
const PSK = fromHex('0247fd33b913760fa1fa51e1892d9f307fbe65eb171e8132c2af18555a738b82');
const PSK_ID = utf8('Ennyn Durin aran Moria');
const SK_E = '28e212563a8b6f068af7ff17400ff1baf23612b7a738bbaf5dfb321b2b5b431a';

// Of the test vectors made with RFC 9180; its text leaves out this suite (kem 32, kdf 1, aead 2).
test('holdsTheBaseVectorOfRfc9180', async () => {
  const recipientKey = fromHex('ac66bae9ffa270cf4a89ed9f274e30c0456babae2572aaaf002ff0d8884ab018');
  const ephemeral = await x25519KeyPair(fromHex(SK_E));
  const { enc, context } = await withRandomness({ keyPairs: [ephemeral] },
    () => setupBaseS(SUITE_X25519, recipientKey, INFO));
  assertEquals(ephemeral.publicKey, enc);
  assertEquals('23ded2d5d90ea89d975dac4792b297240f194952d7421aacbff0474100052b6bb8aa58d1'
    + '8ef6c42b6960e2e28f', hex(await context.seal(PLAINTEXT, utf8('Count-0'))));
});

// Made by another implementation, which holds the vector above.
test('holdsThePskVector', async () => {
  const recipient = await x25519KeyPair(
    fromHex('c5eb01eb457fe6c6f57577c5413b931550a162c71a03ac8d196babbd4e5ce0fd'));
  const ephemeral = await x25519KeyPair(fromHex(SK_E));
  const { enc, context } = await withRandomness({ keyPairs: [ephemeral] },
    () => setupPskS(SUITE_X25519, recipient.publicKey, INFO, PSK, PSK_ID));
  const receiver = await setupPskR(SUITE_X25519, enc, recipient, INFO, PSK, PSK_ID);
  const ciphertexts = [
    '7542460294998521df0e63d517491f2ffb8c94a7075e229b06286b1a12852805c7320a6498fb42b2b5811e8fc5',
    'b4fd2d334a84fdb7703e351b7d72531759f7ae875fef03930e052f14b3f854b8a0fcb108a57b3c0f68dfb1d4a6',
    '41e887ff6ddfca7357fc0aa7dc8ce23a28d557afb39a36228331b963b7bde23843c0dd64443ca01d6f363496ae',
  ];
  for (const [i, ciphertext] of ciphertexts.entries()) {
    assertEquals(ciphertext, hex(await context.seal(PLAINTEXT, utf8(`Count-${i}`))));
    assertEquals(PLAINTEXT, await receiver.open(fromHex(ciphertext), utf8(`Count-${i}`)));
  }
  const exported = 'abf26562f5d0104edff6cd07685cfc4ed74fd9c0afce3441a0a1a094fd5c9066';
  assertEquals(exported, hex(await context.export(utf8('TestContext'), 32)));
  assertEquals(exported, hex(await receiver.export(utf8('TestContext'), 32)));
});

test('callsAtTheSameTimeNeverShareASequenceNumber', async () => {
  const { sender, receiver } = await baseContexts();
  const texts = Array.from({ length: 300 }, (_, i) => utf8(`message ${i}`));
  const sealed = await Promise.all(texts.map(text => sender.seal(text)));
  const opened = await Promise.all(sealed.map(ciphertext => receiver.open(ciphertext)));
  assertEquals(texts, opened);
  assertEquals(300, new Set(sealed.map(hex)).size);
});

test('failedOpenDoesNotAdvanceTheSequence', async () => {
  const { sender, receiver } = await baseContexts();
  const [first, second] = [await sender.seal(utf8('1')), await sender.seal(utf8('2'))];
  await assertThrows(() => receiver.open(second), Refused);
  await assertThrows(() => receiver.open(first.subarray(1)), Refused);
  await assertThrows(() => receiver.open(first, utf8('aad')), Refused);
  assertEquals(utf8('1'), await receiver.open(first));
  await assertThrows(() => receiver.open(first), Refused);
  assertEquals(utf8('2'), await receiver.open(second));
});

test('anotherInfoPskOrRecipientOpensNothing', async () => {
  const recipient = await generateKeyPair();
  const { enc, context } = await setupPskS(
    SUITE_X25519, recipient.publicKey, INFO, PSK, PSK_ID);
  const ciphertext = await context.seal(PLAINTEXT);
  const others = [
    setupPskR(SUITE_X25519, enc, recipient, utf8('other'), PSK, PSK_ID),
    setupPskR(SUITE_X25519, enc, recipient, INFO, randomBytes(32), PSK_ID),
    setupPskR(SUITE_X25519, enc, recipient, INFO, PSK, utf8('other')),
    setupPskR(SUITE_X25519, enc, await generateKeyPair(), INFO, PSK, PSK_ID),
    setupPskR(SUITE_X25519, randomBytes(32), recipient, INFO, PSK, PSK_ID),
    setupBaseR(SUITE_X25519, enc, recipient, INFO),
  ];
  for (const receiver of await Promise.all(others)) {
    await assertThrows(() => receiver.open(ciphertext), Refused);
  }
});

test('refusesUnknownSuitesAndKeysOfSmallOrder', async () => {
  const recipient = await generateKeyPair();
  for (const suite of [0, 2, 255, '1', undefined]) {
    const error = await assertThrows(() => setupBaseS(suite, recipient.publicKey, INFO), Refused);
    assertEquals('suite', error.reason);
    await assertThrows(() => setupBaseR(suite, new Uint8Array(32), recipient, INFO), Refused);
  }
  for (const key of [new Uint8Array(ENC_BYTES), new Uint8Array(31), new Uint8Array(33)]) {
    await assertThrows(() => setupBaseS(SUITE_X25519, key, INFO), Refused);
    await assertThrows(() => setupBaseR(SUITE_X25519, key, recipient, INFO), Refused);
  }
  await assertThrows(() => setupPskS(SUITE_X25519, recipient.publicKey, INFO, PSK.subarray(1),
    PSK_ID), TypeError);
  await assertThrows(() => setupPskS(SUITE_X25519, recipient.publicKey, INFO, PSK,
    new Uint8Array(0)), TypeError);
});

async function baseContexts() {
  const recipient = await generateKeyPair();
  const { enc, context } = await setupBaseS(SUITE_X25519, recipient.publicKey, INFO);
  return { sender: context, receiver: await setupBaseR(SUITE_X25519, enc, recipient, INFO) };
}
