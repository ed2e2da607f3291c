/** Files: padding, chunks, digest (docs/protocol.md §7.6). */

import { assert, assertEquals, assertThrows, test } from '../harness.js';
import { concat, equal, hex, randomBytes } from '/crypto/bytes.js';
import { sha256 } from '/crypto/encoding.js';
import {
  FILE_CHUNK_BYTES, FileCheck, FileOpener, FileSealer, SEALED_CHUNK_BYTES, paddedSize, sealedSize,
} from '/crypto/file.js';
import { Refused } from '/crypto/refused.js';
import { RunningHash } from '/crypto/running-hash.js';

const KEY = new Uint8Array(32).fill(7);

async function sealFile(content) {
  const sealer = await FileSealer.begin(KEY, content.length);
  const chunks = [];
  while (sealer.wanted) {
    const { start, end } = sealer.wanted;
    chunks.push(await sealer.seal(content.subarray(start, end)));
  }
  return { chunks, digest: sealer.digest() };
}

async function openFile(chunks, size) {
  const opener = await FileOpener.begin(KEY, size);
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

test('files are padded by at most an eighth', async () => {
  const sizes = {
    1: 1024, 1024: 1024, 1025: 1088, 1088: 1088, 1089: 1152, 9999: 10_240,
    65_536: 65_536, 65_537: 67_584, 1_000_000: 1_015_808, 104_857_600: 104_857_600,
  };
  for (const [size, padded] of Object.entries(sizes)) assertEquals(padded, paddedSize(Number(size)));
});

test('a file comes back, of any size around the chunks', async () => {
  for (const size of [1, 1024, FILE_CHUNK_BYTES - 1, FILE_CHUNK_BYTES, FILE_CHUNK_BYTES + 1, 200_000]) {
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
