import { assertEquals, assertThrows, test } from '../harness.js';
import { generateSigningKeyPair, sign } from '/crypto/ed25519.js';
import { logStart } from '/crypto/entry-chain.js';
import { RESTORED } from '/crypto/labels.js';
import { Refused } from '/crypto/refused.js';
import { followRestored, restoredHash } from '/crypto/restored.js';

const [KIND, OWNER, HOST] = ['inbox', 'alice', 'chat.example'];
const server = await generateSigningKeyPair();
const hashAt = sequenceNr => new Uint8Array(32).fill(sequenceNr);

/** What a device knows that has taken six entries. */
const VIEW = {
  kind: KIND, owner: OWNER, generation: 1, head: { sequenceNr: 6, hash: hashAt(6) },
  knownHash: sequenceNr => (sequenceNr > 2 ? hashAt(sequenceNr) : undefined),
  serverHost: HOST, serverKey: server.publicKey,
};

const HONEST = {
  kind: KIND, owner: OWNER, generation: 7, sequenceNr: 5, time: 2000,
  previous: { sequenceNr: 4, hash: hashAt(4) }, copyTime: 1000,
};

async function entryOf(changes = {}, { key = server, host = HOST } = {}) {
  const fields = { ...HONEST, ...changes };
  const { kind, owner, generation, time, previous, copyTime } = fields;
  const signature = changes.signature ?? await sign(key.privateKey, RESTORED, host, kind, owner,
    generation, previous.sequenceNr, previous.hash, time, copyTime);
  const hash = await restoredHash({ ...fields, signature });
  return { ...fields, signature, hash, ...changes };
}

async function refusalOf(entry, view = VIEW) {
  return (await assertThrows(() => followRestored(entry, view), Refused)).reason;
}

test('restoredEntryLeadsBackAndOn', async () => {
  const entry = await entryOf();
  assertEquals({ outcome: 'next', head: { sequenceNr: 5, hash: entry.hash } },
    await followRestored(entry, VIEW));
  const atHead = await entryOf({ sequenceNr: 7, previous: VIEW.head });
  assertEquals('next', (await followRestored(atHead, VIEW)).outcome);
  const beforeAll = await entryOf({ sequenceNr: 2, previous: { sequenceNr: 1, hash: hashAt(9) } });
  assertEquals('next', (await followRestored(beforeAll, VIEW)).outcome);
  const empty = { sequenceNr: 0, hash: await logStart(KIND, OWNER, 1) };
  const first = await entryOf({ sequenceNr: 1, previous: empty });
  assertEquals('next', (await followRestored(first, VIEW)).outcome);
});

test('everyForgedRestoredEntryIsRefused', async () => {
  const other = await generateSigningKeyPair();
  const cases = [
    ['signature', await entryOf({}, { key: other })],
    ['signature', await entryOf({}, { host: 'other.example' })],
    ['signature', await entryOf({ signature: new Uint8Array(64) })],
    ['chain', await entryOf({ owner: 'bob' })],
    ['chain', await entryOf({ kind: 'group' })],
    ['chain', await entryOf({ generation: 1 })],
    ['chain', await entryOf({ hash: hashAt(1) })],
    ['chain', await entryOf({ previous: { sequenceNr: 4, hash: hashAt(5) } })],
    ['chain', await entryOf({ sequenceNr: 7, previous: { sequenceNr: 6, hash: hashAt(5) } })],
    ['chain', await entryOf({ time: 999 })],
    ['order', await entryOf({ sequenceNr: 6 })],
    ['order', await entryOf({ sequenceNr: 8, previous: { sequenceNr: 7, hash: hashAt(7) } })],
  ];
  for (const [reason, entry] of cases) {
    assertEquals(reason, await refusalOf(entry), JSON.stringify(entry));
  }
  const signed = await entryOf();
  for (const changes of [{ generation: 8 }, { time: 2001 }, { copyTime: 999 }]) {
    const changed = { ...signed, ...changes };
    assertEquals('signature',
      await refusalOf({ ...changed, hash: await restoredHash(changed) }));
  }
});

test('restoredEntryThatIsKnownIsARepeatAndNoOtherIs', async () => {
  const entry = await entryOf();
  const after = { ...VIEW, generation: 7, head: { sequenceNr: 5, hash: entry.hash } };
  assertEquals({ outcome: 'repeat' }, await followRestored(entry, after));
  const later = { ...after, head: { sequenceNr: 6, hash: hashAt(6) } };
  const known = { ...later, knownHash: () => entry.hash };
  assertEquals({ outcome: 'repeat' }, await followRestored(entry, known));
  assertEquals('chain', await refusalOf(entry, later));
  const before = { ...after, head: { sequenceNr: 4, hash: hashAt(4) } };
  assertEquals('chain', await refusalOf(entry, before));
});

test('laterRestoreMayLeadBackToWhatTheFirstOneLeft', async () => {
  const after = { ...VIEW, generation: 3, previousNr: 3, sharedNr: 3 };
  const newer = await entryOf({ sequenceNr: 10, previous: { sequenceNr: 9, hash: hashAt(99) } });
  assertEquals('next', (await followRestored(newer, after)).outcome);
  const inside = await entryOf({ previous: { sequenceNr: 4, hash: hashAt(99) } });
  assertEquals('next', (await followRestored(inside, after)).outcome);
  const shared = await entryOf({ sequenceNr: 4, previous: { sequenceNr: 3, hash: hashAt(99) } });
  assertEquals('chain', await refusalOf(shared, after));
});
