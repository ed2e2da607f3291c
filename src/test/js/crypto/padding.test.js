import { assertEquals, assertThrows, test } from '../harness.js';
import { concat, randomBytes } from '/crypto/bytes.js';
import { pad, unpad } from '/crypto/padding.js';
import { Refused } from '/crypto/refused.js';

test('padsToTheNextBucketAndBack', () => {
  const cases = [[0, 256], [255, 256], [256, 512], [511, 512], [512, 1024], [2047, 2048],
    [4095, 4096], [4096, 8192], [8191, 8192], [8192, 12288], [65536, 69632]];
  for (const [length, padded] of cases) {
    const content = randomBytes(Math.min(length, 65536));
    assertEquals(padded, pad(content).length);
    assertEquals(content, unpad(pad(content)));
  }
  assertEquals(Uint8Array.of(0x80, 0), unpad(pad(Uint8Array.of(0x80, 0))));
});

test('refusesPaddingThatPadDoesNotMake', async () => {
  const padded = pad(Uint8Array.of(1));
  const otherMark = padded.slice();
  otherMark[1] = 0x81;
  const trailing = padded.slice();
  trailing[255] = 1;
  const refused = [otherMark, trailing, new Uint8Array(256), new Uint8Array(0),
    padded.subarray(0, 255), concat(padded, new Uint8Array(256)), Uint8Array.of(0x80)];
  for (const bytes of refused) await assertThrows(() => unpad(bytes), Refused);
});
