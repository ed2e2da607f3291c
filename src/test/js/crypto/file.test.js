/** Files: padding, chunks, digest (docs/protocol.md §7.6). */

import { assert, assertEquals, assertThrows, test, vectors } from '../harness.js';
import { concat, equal, fromHex, hex, randomBytes } from '/crypto/bytes.js';
import { sha256 } from '/crypto/encoding.js';
import {
  FILE_CHUNK_BYTES, FileCheck, FileOpener, FileSealer, SEALED_CHUNK_BYTES, paddedSize, sealedSize,
} from '/crypto/file.js';
import { Refused } from '/crypto/refused.js';
import { RunningHash } from '/crypto/running-hash.js';

const KEY = new Uint8Array(32).fill(7);

async function sealFile(content, key = KEY) {
  const sealer = await FileSealer.begin(key, content.length);
  const chunks = [];
  while (sealer.wanted) {
    const { start, end } = sealer.wanted;
    chunks.push(await sealer.seal(content.subarray(start, end)));
  }
  return { chunks, digest: sealer.digest() };
}

async function openFile(chunks, size, key = KEY) {
  const opener = await FileOpener.begin(key, size);
  const parts = [];
  for (const chunk of chunks) parts.push(await opener.open(chunk));
  return concat(...parts);
}

test('a running hash is that of the whole, however it comes', async () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 1000]) {
    const bytes = randomBytes(length);
    for (const step of [1, 7, 64, 1000]) {
      const hash = new RunningHash();
      for (let at = 0; at < length; at += step) hash.update(bytes.subarray(at, at + step));
      assertEquals(hex(await sha256(bytes)), hex(hash.digest()));
    }
  }
});

const CHECKS = {
  async size({ size, padded, sealed }) {
    const isRight = paddedSize(size) === padded && sealedSize(size) === sealed;
    if (!isRight) throw new Refused('size', `${paddedSize(size)} and ${sealedSize(size)}`);
  },

  async file({ key: keyHex, size, pattern, digest, chunks, claimed, expected, flipped }) {
    const key = fromHex(keyHex);
    const content = Uint8Array.from({ length: size }, (_, i) => i % pattern);
    const made = await sealFile(content, key);
    assertEquals(digest, hex(made.digest));
    const stored = concat(...chunks.map(index => made.chunks[index]));
    if (flipped !== undefined) stored[flipped] ^= 1;
    const check = new FileCheck(claimed);
    check.take(stored);
    check.end(fromHex(expected));
    const again = [];
    for (let at = 0; at < stored.length; at += SEALED_CHUNK_BYTES) {
      again.push(stored.subarray(at, at + SEALED_CHUNK_BYTES));
    }
    assert(equal(content, await openFile(again, claimed, key)));
  },
};

test('the vectors that Java reads too hold', async () => {
  const { valid, refused } = await vectors('file.json');
  for (const vector of valid) await CHECKS[vector.kind](vector);
  for (const wrong of refused) {
    await assertThrows(() => CHECKS[wrong.kind](wrong), Refused)
      .catch(error => { throw new Error(`${wrong.why}: ${error.message}`); });
  }
});

test('a file comes back, of any size around the chunks', async () => {
  const around = [FILE_CHUNK_BYTES - 1, FILE_CHUNK_BYTES, FILE_CHUNK_BYTES + 1];
  for (const size of [1, 1024, ...around, 200_000]) {
    const content = randomBytes(1000).slice(0, Math.min(size, 1000));
    const file = new Uint8Array(size);
    file.set(content, size - content.length);
    const { chunks, digest } = await sealFile(file);
    const sealed = concat(...chunks);
    assertEquals(sealedSize(size), sealed.length);
    assertEquals(hex(await sha256(sealed)), hex(digest));
    const check = new FileCheck(size);
    chunks.forEach(chunk => check.take(chunk));
    check.end(digest);
    assert(equal(file, await openFile(chunks, size)));
  }
});

test('chunks are not left out, moved, added or changed', async () => {
  const size = 3 * FILE_CHUNK_BYTES - 999;
  const { chunks: [first, second, third] } = await sealFile(new Uint8Array(size));
  assertEquals(SEALED_CHUNK_BYTES, first.length);
  const changed = second.slice();
  changed[100] ^= 1;
  const wrong = [
    [second], [first, third], [second, first, third], [first, second, third, third],
    [first, changed, third],
  ];
  for (const chunks of wrong) {
    const error = await assertThrows(() => openFile(chunks, size), Refused);
    assertEquals('sealed', error.reason);
  }
  // The end of a shorter file is not that of this one, and the other way round.
  await assertThrows(() => openFile([first], 1000), Refused);
});

test('a ciphertext is refused that is longer, shorter or another than its message says', async () => {
  const { chunks: [chunk], digest } = await sealFile(randomBytes(2000));
  const reasonOf = async (run) => (await assertThrows(run, Refused)).reason;
  assertEquals('size', await reasonOf(() => new FileCheck(2000).take(concat(chunk, chunk))));
  assertEquals('size', await reasonOf(() => new FileCheck(2000).end(digest)));
  const check = new FileCheck(2000);
  check.take(chunk.map(byte => byte ^ 1));
  assert(check.isWhole);
  assertEquals('digest', await reasonOf(() => check.end(digest)));
});
