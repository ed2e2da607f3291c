/**
 * Passwords in tests of the client: the product must ask for all the iterations of PBKDF2, and gets
 * one, since no test of these is about guessing passwords. crypto/password.test.js does them all.
 */

import { assertEquals } from '../harness.js';

const { deriveBits } = SubtleCrypto.prototype;

crypto.subtle.deriveBits = (algorithm, ...rest) => {
  if (algorithm.name !== 'PBKDF2') return deriveBits.call(crypto.subtle, algorithm, ...rest);
  assertEquals(1_000_000, algorithm.iterations);
  return deriveBits.call(crypto.subtle, { ...algorithm, iterations: 1 }, ...rest);
};
