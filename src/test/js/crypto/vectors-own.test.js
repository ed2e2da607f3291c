/** The vectors that Java and the browser share: recovery code, sync, archive. */

import { assert, assertEquals, assertThrows, test, vectors } from '../harness.js';
import { placeOf, openBatch, readingEnds, readingFrom, sealBatch } from '/crypto/archive.js';
import { fromHex, hex, utf8 } from '/crypto/bytes.js';
import { createOwnKey, openSync, sealSync } from '/crypto/own-keys.js';
import {
  openRecoveryVault, readRecoveryCode, recoveryCodeText, recoverySecret, sealRecoveryVault,
} from '/crypto/recovery-code.js';
import { Refused } from '/crypto/refused.js';

const OWNER = { serverHost: 'chat.example.org', user: 'alice' };

async function holds(file, check) {
  const { valid, refused } = await vectors(file);
  for (const vector of valid) await check(vector);
  for (const wrong of refused) {
    await assertThrows(() => check(wrong), Refused)
      .catch(error => { throw new Error(`${wrong.why}: ${error.message}`); });
  }
}

const ownKeysOf = ({ ownKeys }) => ownKeys.map((key, i) => ({ id: i + 1, key: fromHex(key) }));

test('recovery', () => holds('recovery.json', async vector => {
  let code = null;
  for (const typed of vector.typed) code = await readRecoveryCode(typed);
  const { serverHost, user } = vector;
  const content = await openRecoveryVault(code, serverHost, user, fromHex(vector.vault));
  assertEquals(vector.code, hex(code));
  assertEquals(vector.text, await recoveryCodeText(code));
  assertEquals(vector.secret, hex(await recoverySecret(code)));
  assertEquals(vector.content, hex(content));
  const sealed = await sealRecoveryVault(code, serverHost, user, content);
  assertEquals(content, await openRecoveryVault(code, serverHost, user, sealed));
}));

test('sync', () => holds('sync.json', async vector => {
  const { serverHost, user, counter, blob } = vector;
  const owner = { serverHost, user };
  const content = await openSync(ownKeysOf(vector), owner, counter, fromHex(blob));
  assertEquals(vector.content, hex(content));
}));

test('archive', () => holds('archive.json', async vector => {
  const ownKeys = ownKeysOf(vector);
  const { serverHost, user, last, floor, batches } = vector;
  const closed = (vector.closed ?? []).map(one => ({ ...one, hash: fromHex(one.hash) }));
  let reading = readingFrom(last, ownKeys.length, { ...floor, hash: fromHex(floor.hash) });
  const contents = [];
  for (const { nr, blob } of batches) {
    const opened = await openBatch(reading, ownKeys, { serverHost, user },
      { nr, blob: fromHex(blob) }, closed);
    if (opened.content) contents.push(hex(opened.content));
    reading = opened.next;
  }
  if (!readingEnds(reading)) throw new Refused('archive', 'the oldest is missing');
  assertEquals(vector.contents, contents);
  const [newest] = batches;
  const head = await placeOf(newest.nr, fromHex(newest.blob));
  assertEquals(vector.head, { ...head, hash: hex(head.hash) });
}));

test('whatIsSealedHereOpensHere', async () => {
  const first = createOwnKey(1);
  const second = createOwnKey(2);
  const content = utf8('{"version":1}');
  const blob = await sealSync(second, OWNER, 3, content);
  assertEquals(content, await openSync([first, second], OWNER, 3, blob));

  const start = { nr: 0, hash: new Uint8Array(32), keyId: 0 };
  const one = await sealBatch(start, first, OWNER, content);
  const two = await sealBatch(one.place, second, OWNER, content);
  assertEquals(two.place, await placeOf(2, two.blob));
  let reading = readingFrom(2, 2, start);
  for (const [nr, batch] of [[2, two], [1, one]]) {
    const opened = await openBatch(reading, [first, second], OWNER, { nr, blob: batch.blob });
    assertEquals(content, opened.content);
    reading = opened.next;
  }
  assert(readingEnds(reading));
  await assertThrows(() => sealBatch(two.place, first, OWNER, content), RangeError);
});

test('nothingLongerThanTheServerTakesIsSealed', async () => {
  const key = createOwnKey(1);
  const start = { nr: 0, hash: new Uint8Array(32), keyId: 0 };
  await sealBatch(start, key, OWNER, new Uint8Array(160 * 1024 - 4097));
  await assertThrows(
    () => sealBatch(start, key, OWNER, new Uint8Array(160 * 1024 - 4096)), RangeError);
  await sealSync(key, OWNER, 1, new Uint8Array(128 * 1024 - 4097));
  await assertThrows(
    () => sealSync(key, OWNER, 1, new Uint8Array(128 * 1024 - 4096)), RangeError);
});
