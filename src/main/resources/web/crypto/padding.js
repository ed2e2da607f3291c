/** Padding of a message's plaintext to size buckets, in bytes (docs/protocol.md §7.4). */

import { Refused } from './refused.js';

const BUCKETS = [256, 512, 1024, 2048, 4096];
const LARGEST = 4096;
const MARK = 0x80;

/** `content`, one byte 0x80, and zeros up to the next bucket, or up to a size of its own. */
export function pad(content, size = bucketOf(content.length + 1)) {
  if (content.length >= size) throw new TypeError('no room for padding');
  const padded = new Uint8Array(size);
  padded.set(content);
  padded[content.length] = MARK;
  return padded;
}

/** The content of `pad`; Refused `encoding` for anything that `pad` does not make. */
export function unpad(padded, size) {
  const mark = padded.findLastIndex(byte => byte !== 0);
  if (mark < 0 || padded[mark] !== MARK || padded.length !== (size ?? bucketOf(mark + 1))) {
    throw new Refused('encoding', 'wrong padding');
  }
  return padded.slice(0, mark);
}

function bucketOf(length) {
  return BUCKETS.find(bucket => length <= bucket) ?? Math.ceil(length / LARGEST) * LARGEST;
}
