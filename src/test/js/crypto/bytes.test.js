import { assert, assertEquals, assertThrows, test } from '../harness.js';
import {
  base64url, compare, concat, equal, fromBase64url, fromHex, fromUtf8, hex, randomBytes, utf8,
} from '/crypto/bytes.js';
import { Refused } from '/crypto/refused.js';

test('base64urlGoesThereAndBackForEveryLength', () => {
  for (let length = 0; length < 70; length++) {
    const bytes = randomBytes(length);
    assertEquals(bytes, fromBase64url(base64url(bytes)));
  }
  assertEquals('-_8', base64url(Uint8Array.of(0xfb, 0xff)));
});

test('refusesBase64urlThatIsNotCanonical', async () => {
  for (const text of ['A', 'AAAAA', 'AA==', 'AA=', 'AB', 'AAB', '+/8', 'A A', 'AAA\n', 'ÀAAA']) {
    await assertThrows(() => fromBase64url(text), Refused);
  }
});

test('hexIsLowerCaseOnly', async () => {
  assertEquals('00ff10', hex(Uint8Array.of(0, 255, 16)));
  assertEquals(Uint8Array.of(0, 255, 16), fromHex('00ff10'));
  for (const text of ['0', '0F', 'zz', '00 ', '0x00']) {
    await assertThrows(() => fromHex(text), Refused);
  }
});

test('refusesUnpairedSurrogatesAndBrokenUtf8', async () => {
  await assertThrows(() => utf8('a\ud800'), Refused);
  await assertThrows(() => fromUtf8(Uint8Array.of(0xc0, 0x80)), Refused);
  await assertThrows(() => fromUtf8(Uint8Array.of(0xed, 0xa0, 0x80)), Refused);
  assertEquals('\ufeffa', fromUtf8(utf8('\ufeffa')));
});

test('comparesAndJoinsBytes', () => {
  assertEquals(Uint8Array.of(1, 2, 3),
    concat(Uint8Array.of(1), Uint8Array.of(), Uint8Array.of(2, 3)));
  assert(equal(Uint8Array.of(1, 2), Uint8Array.of(1, 2)));
  assert(!equal(Uint8Array.of(1, 2), Uint8Array.of(1, 3)));
  assert(!equal(Uint8Array.of(1), Uint8Array.of(1, 0)));
  assert(compare(Uint8Array.of(1), Uint8Array.of(1, 0)) < 0);
  assert(compare(Uint8Array.of(2), Uint8Array.of(1, 0)) > 0);
  assertEquals(0, compare(Uint8Array.of(1), Uint8Array.of(1)));
});
