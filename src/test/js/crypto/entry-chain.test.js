import { assertEquals, assertThrows, test } from '../harness.js';
import { randomBytes } from '/crypto/bytes.js';
import { sha256 } from '/crypto/encoding.js';
import { bodyDigest, entryHash, followEntry, logStart } from '/crypto/entry-chain.js';
import { Refused } from '/crypto/refused.js';

const DEVICE = 'd'.repeat(32);
const OTHER = 'a'.repeat(32);

/** A log of `count` entries as an honest server pushes it, and the view of its owner's device. */
async function log(count) {
  let head = { sequenceNr: 0, hash: await logStart('inbox', 'bob', 1) };
  const start = head;
  const hashes = [head.hash];
  const entries = [];
  for (let sequenceNr = 1; sequenceNr <= count; sequenceNr++) {
    const ciphertext = randomBytes(40);
    const entry = {
      kind: 'inbox', owner: 'bob', generation: 1, sequenceNr, time: 1000 + sequenceNr,
      entryKind: 'message', fromUser: 'alice', fromDevice: 'c'.repeat(32),
      messageId: randomBytes(16),
      bodies: [{ device: DEVICE, digest: await sha256(ciphertext) },
        { device: OTHER, digest: randomBytes(32) }],
      ciphertext,
    };
    entry.hash = await entryHash(head.hash, entry);
    head = { sequenceNr, hash: entry.hash };
    entries.push(entry);
    hashes.push(entry.hash);
  }
  const view = {
    kind: 'inbox', owner: 'bob', generation: 1, deviceId: DEVICE,
    knownHash: sequenceNr => hashes[sequenceNr],
  };
  return { start, entries, view };
}

test('followsAnHonestLog', async () => {
  const { start, entries, view } = await log(5);
  let head = start;
  for (const entry of entries) {
    const followed = await followEntry(head, entry, view);
    assertEquals('next', followed.outcome);
    head = followed.head;
  }
  assertEquals({ sequenceNr: 5, hash: entries[4].hash }, head);
  for (const entry of entries) {
    assertEquals({ outcome: 'repeat' }, await followEntry(head, entry, view));
  }
});

test('entryWithNothingForThisDeviceIsStillChained', async () => {
  const { start, entries: [entry], view } = await log(1);
  const { ciphertext, ...without } = entry;
  assertEquals(40, ciphertext.length);
  assertEquals('next', (await followEntry(start, without, view)).outcome);
});

test('everyChangedFieldIsAnAlarm', async () => {
  const { start, entries: [entry], view } = await log(1);
  const changes = {
    kind: 'group', owner: 'carol', generation: 2, time: 1, entryKind: 'other', fromUser: 'mallory',
    fromDevice: OTHER, messageId: randomBytes(16), hash: randomBytes(32),
    ciphertext: randomBytes(40), bodies: entry.bodies.slice(0, 1),
  };
  for (const [field, value] of Object.entries(changes)) {
    const error = await assertThrows(
      () => followEntry(start, { ...entry, [field]: value }, view), Refused);
    assertEquals('chain', error.reason);
  }
});

test('missingReorderedAndRewrittenEntriesAreAlarms', async () => {
  const { start, entries, view } = await log(3);
  const missing = await assertThrows(() => followEntry(start, entries[1], view), Refused);
  assertEquals('order', missing.reason);
  const other = await log(3);
  const head = { sequenceNr: 3, hash: entries[2].hash };
  for (const entry of other.entries) {
    const rewritten = await assertThrows(() => followEntry(head, entry, view), Refused);
    assertEquals('chain', rewritten.reason);
  }
});

test('bodyDigestDoesNotDependOnTheOrderGiven', async () => {
  const bodies = [{ device: DEVICE, digest: randomBytes(32) },
    { device: OTHER, digest: randomBytes(32) }];
  assertEquals(await bodyDigest(bodies), await bodyDigest([...bodies].reverse()));
  await assertThrows(() => bodyDigest([bodies[0], bodies[0]]), Refused);
});

test('whatIsForgottenBeforeARestoreIsARepeatAndNothingElseIs', async () => {
  const { start, entries, view } = await log(3);
  const head = { sequenceNr: 3, hash: randomBytes(32) };
  const after = { ...view, generation: 9, previousNr: 2 };
  const forgetful = { ...after, knownHash: () => undefined };
  assertEquals({ outcome: 'repeat' }, await followEntry(head, entries[1], after));
  assertEquals({ outcome: 'repeat' }, await followEntry(head, entries[1], forgetful));
  const changed = { ...entries[1], hash: randomBytes(32) };
  const cases = [[head, changed, after], [head, entries[2], forgetful],
    [head, entries[1], { ...forgetful, previousNr: 1 }],
    [start, entries[0], { ...after, previousNr: 0 }]];
  for (const [at, entry, seen] of cases) {
    await assertThrows(() => followEntry(at, entry, seen), Refused);
  }
});
