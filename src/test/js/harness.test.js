import { assert, assertEquals, assertThrows, test } from './harness.js';

test('pageIsASecureContextWithWebCrypto', () => {
  assert(isSecureContext && crypto.subtle);
});

test('equalValuesAreEqualAndOthersAreNot', async () => {
  assertEquals({ a: [1, new Uint8Array([2])], b: 'x' }, { b: 'x', a: [1, new Uint8Array([2])] });
  for (const [left, right] of [[1, '1'], [null, undefined], [[1], [1, 2]], [{ a: 1 }, {}],
    [new Uint8Array([1]), [1]], [0, -0], [new Map([[1, 2]]), new Map([[1, 3]])]]) {
    await assertThrows(() => assertEquals(left, right), /^expected /);
  }
});

test('missingOrOtherErrorIsAFailure', async () => {
  await assertThrows(() => assertThrows(() => 1), /^expected an error/);
  await assertThrows(() => assertThrows(() => { throw new Error('a'); }, TypeError), /^expected /);
  await assertThrows(() => assertThrows(async () => { throw new Error('a'); }, /b/), /^expected /);
  await assertThrows(async () => { throw new TypeError('a'); }, TypeError);
});
