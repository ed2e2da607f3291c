/** Fingerprints that people compare (docs/protocol.md §2 and §4.3). */

import { base64url, concat, hex } from './bytes.js';
import { enc, hash } from './encoding.js';
import { SAFETY, SERVER } from './labels.js';

const ITERATIONS = 5200;
const VERSION = Uint8Array.of(0, 0);

/** The fingerprint of a server: 16 bytes of hex in groups of four. */
export async function serverFingerprint(signKey) {
  const digits = hex((await hash(SERVER, signKey)).subarray(0, 16));
  return digits.match(/.{4}/g).join(' ');
}

/**
 * The numeric fingerprint of Signal over two account keys; it is the same for both people.
 *
 * @param {string} serverHost
 * @param {{user: string, accountKey: Uint8Array}} one
 * @param {{user: string, accountKey: Uint8Array}} other
 * @returns {Promise<{digits: string, qrText: string}>} 60 digits; the ASCII text of the QR code
 */
export async function safetyNumber(serverHost, one, other) {
  const fingerprints = await Promise.all([one, other].map(async person => {
    const digest = await iteratedHash(serverHost, person);
    return { digest, digits: thirtyDigits(digest) };
  }));
  fingerprints.sort((left, right) => (left.digits < right.digits ? -1 : 1));
  const [first, second] = fingerprints;
  return {
    digits: first.digits + second.digits,
    qrText: `sotto1:${base64url(first.digest)}.${base64url(second.digest)}`,
  };
}

/** The last of 5,200 hashes, which make finding another key with the same digits costly. */
async function iteratedHash(serverHost, { user, accountKey }) {
  let data = concat(VERSION, enc(SAFETY, serverHost, user, accountKey));
  for (let i = 0; i < ITERATIONS; i++) {
    data = new Uint8Array(await crypto.subtle.digest('SHA-512', concat(data, accountKey)));
  }
  return data;
}

function thirtyDigits(digest) {
  let digits = '';
  for (let offset = 0; offset < 30; offset += 5) {
    const group = digest.subarray(offset, offset + 5);
    const number = group.reduce((value, byte) => value * 256 + byte, 0);
    digits += String(number % 100_000).padStart(5, '0');
  }
  return digits;
}
