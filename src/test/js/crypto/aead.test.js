import { assert, assertEquals, assertThrows, test } from '../harness.js';
import { hex, randomBytes, utf8 } from '/crypto/bytes.js';
import { generateAeadKey, importAeadKey, open, openWith, seal } from '/crypto/aead.js';
import { Refused } from '/crypto/refused.js';

const AAD = utf8('bound');

test('opensWhatItSeals', async () => {
  const key = await importAeadKey(randomBytes(32));
  for (const length of [0, 1, 100]) {
    const plaintext = randomBytes(length);
    const sealed = await seal(key, AAD, plaintext);
    assertEquals(12 + length + 16, sealed.length);
    assertEquals(plaintext, await open(key, AAD, sealed));
  }
});

test('everySealingHasItsOwnNonce', async () => {
  const key = await generateAeadKey();
  const nonces = new Set();
  for (let i = 0; i < 100; i++) nonces.add(hex((await seal(key, AAD, AAD)).subarray(0, 12)));
  assertEquals(100, nonces.size);
});

test('refusesEveryFlippedByteOtherAadAndTruncation', async () => {
  const key = await generateAeadKey();
  const sealed = await seal(key, AAD, utf8('hello'));
  for (let i = 0; i < sealed.length; i++) {
    const changed = sealed.slice();
    changed[i] ^= 1;
    const error = await assertThrows(() => open(key, AAD, changed), Refused);
    assertEquals('sealed', error.reason);
  }
  await assertThrows(() => open(key, utf8('other'), sealed), Refused);
  for (const length of [0, 11, 12, 27, sealed.length - 1]) {
    await assertThrows(() => open(key, AAD, sealed.subarray(0, length)), Refused);
  }
  await assertThrows(() => openWith(key, new Uint8Array(11), AAD, sealed), Refused);
  await assertThrows(async () => open(await generateAeadKey(), AAD, sealed), Refused);
});

test('keysCannotBeRead', async () => {
  assert(!(await importAeadKey(randomBytes(32))).extractable);
  assert(!(await generateAeadKey()).extractable);
  await assertThrows(() => importAeadKey(randomBytes(16)), TypeError);
});
