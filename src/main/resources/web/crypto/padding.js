/** Padding of a message's plaintext to size buckets, in bytes (docs/protocol.md §7.4). */

import { Refused } from './refused.js';

const BUCKETS = [256, 512, 1024, 2048, 4096];
const LARGEST = 4096;
const MARK = 0x80;

/** `content`, one byte 0x80, and zeros up to the next bucket. */
export function pad(content) {
  const padded = new Uint8Array(bucketOf(content.length + 1));
  padded.set(content);
  padded[content.length] = MARK;
  return padded;
}

/** The content of `pad`; Refused `encoding` for anything that `pad` does not make. */
export function unpad(padded) {
  const mark = padded.findLastIndex(byte => byte !== 0);
  if (mark < 0 || padded[mark] !== MARK || padded.length !== bucketOf(mark + 1)) {
    throw new Refused('encoding', 'wrong padding');
  }
  return padded.slice(0, mark);
}

function bucketOf(length) {
  return BUCKETS.find(bucket => length <= bucket) ?? Math.ceil(length / LARGEST) * LARGEST;
}
