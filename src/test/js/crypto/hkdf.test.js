import { assertEquals, assertThrows, test } from '../harness.js';
import { fromHex, hex } from '/crypto/bytes.js';
import { expand, hkdf } from '/crypto/hkdf.js';

const range = (from, to) => Uint8Array.from({ length: to - from }, (_, i) => from + i);
const NONE = new Uint8Array(0);

// RFC 5869 Appendix A.1 to A.3.
test('holdsTheVectorsOfRfc5869', async () => {
  const cases = [
    [fromHex('0b'.repeat(22)), range(0, 13), range(0xf0, 0xfa), 42,
      '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865'],
    [range(0, 0x50), range(0x60, 0xb0), range(0xb0, 0x100), 82,
      'b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e'
      + '590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87'],
    [fromHex('0b'.repeat(22)), NONE, NONE, 42,
      '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8'],
  ];
  for (const [ikm, salt, info, length, okm] of cases) {
    assertEquals(okm, hex(await hkdf(salt, ikm, info, length)));
  }
});

test('refusesMoreOutputThanHkdfHas', async () => {
  assertEquals(255 * 32, (await expand(NONE, NONE, 255 * 32)).length);
  await assertThrows(() => expand(NONE, NONE, 255 * 32 + 1), RangeError);
});
