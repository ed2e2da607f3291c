/** The vectors that Java and the browser share: groups (src/test/resources/vectors/README.md). */

import { x25519KeyPair } from '../crypto/fixed-keys.js';
import { assert, assertEquals, assertThrows, test, vectors } from '../harness.js';
import { fromHex, hex } from '/crypto/bytes.js';
import { checkSecrets, epochKeys, infoKey, joinerSecret } from '/crypto/group-epoch.js';
import { checkConfirmation, nextChainKey, openInfo, openPost } from '/crypto/group-message.js';
import { openPiece } from '/crypto/group-secrets.js';
import {
  contentDigest, groupEntryHash, rosterHash, signedBytes, signerOf, verifyContent,
} from '/crypto/group-statements.js';
import { pad } from '/crypto/padding.js';
import { Refused } from '/crypto/refused.js';
import { followRestored } from '/crypto/restored.js';
import { GroupRefused } from '/group/group-refused.js';
import {
  checkPost, commit, confirm, emptyMembership, joiningMembership, placeOf, propose, restored, roster,
} from '/group/membership.js';
import { encodeJson, parseServerFrame } from '/protocol/frames.js';

const FILES = await Promise.all(['group.json', 'restored.json'].map(vectors));
const VECTORS = {
  valid: FILES.flatMap(({ valid }) => valid),
  refused: FILES.flatMap(({ refused }) => refused),
};

/** What a case does not hold to, apart from what is refused outright. */
class Differs extends Error {}

function same(expected, actual) {
  if (expected !== actual) throw new Differs(`${expected} is not ${actual}`);
}

/** An entry as the server pushes it; one without content says that the server was restored. */
function entryOf(group, entry) {
  if (!entry.content) return parseServerFrame(encodeJson({ nonce: 2, ...entry }));
  return parseServerFrame(encodeJson(
    { type: 'group-entry', nonce: 2, owner: group, generation: 1, ...entry }));
}

function rowsOf(group, given) {
  const rows = [...given].sort((left, right) =>
    (left.deviceList.user < right.deviceList.user ? -1 : 1));
  const start = {
    type: 'group-start', nonce: 2, owner: group, generation: 1, sequenceNr: 1,
    hash: new Uint8Array(32), rows, more: false,
  };
  return parseServerFrame(encodeJson(start)).rows;
}

const HOLDS = {
  async roster({ group, rows, hash }) {
    same(hash, hex(await rosterHash(group, rowsOf(group, rows))));
  },

  async entry({ group, previous, deviceKey, entry: given, signed, contentDigest: digest }) {
    const entry = entryOf(group, given);
    const signer = signerOf(entry);
    await verifyContent(fromHex(deviceKey), signer, entry.content);
    same(signed, hex(await signedBytes(signer, entry.content)));
    same(digest, hex(await contentDigest(signer, entry.content, entry.seed)));
    same(hex(entry.hash), hex(await groupEntryHash(fromHex(previous), entry)));
  },

  async membership({ group, entries, entry, code, state }) {
    let membership = emptyMembership(group);
    for (const given of entries) membership = await after(membership, entryOf(group, given));
    if (state) same(JSON.stringify(state), JSON.stringify(summary(membership)));
    if (!entry) return;
    const before = JSON.stringify(summary(membership));
    const error = await assertThrows(() => after(membership, entryOf(group, entry)), GroupRefused);
    assertEquals([code, before], [error.code, JSON.stringify(summary(membership))]);
    throw error;
  },

  async restored({ serverHost, serverKey, entry: given }) {
    const entry = entryOf(given.owner, given);
    const { kind, owner, previous } = entry;
    const view = { kind, owner, generation: 1, head: previous, knownHash: () => undefined };
    const followed = await followRestored(entry,
      { ...view, serverHost, serverKey: fromHex(serverKey) });
    same('next', followed.outcome);
  },

  async joining({ group, entry: given, rows, state, code }) {
    const entry = entryOf(group, given);
    try {
      const joined = await joiningMembership(
        group, placeOf(entry), entry.content, rowsOf(group, rows));
      same(JSON.stringify(state), JSON.stringify(summary(joined)));
    } catch (error) {
      if (error instanceof GroupRefused) assertEquals(code, error.code);
      throw error;
    }
  },

  async epoch(vector) {
    const { group, epoch, commitHash, commitKind, chains } = vector;
    const bytes = name => vector[name] && fromHex(vector[name]);
    const next = commitKind === 'change' ? bytes('next') : null;
    const fresh = bytes('fresh');
    const joiner = bytes('joiner') ?? await joinerSecret(next, fresh);
    await checkSecrets({ fresh, joiner }, { check: bytes('check'), joinCheck: bytes('joinCheck') });
    const place = { group, epoch, commitHash: fromHex(commitHash) };
    const keys = await epochKeys(place, joiner, bytes('seed'));
    same(vector.nextKey, hex(keys.next));
    same(vector.confirmKey, hex(keys.confirm));
    same(vector.infoKey, hex(await infoKey(place, joiner)));
    for (const { user, device, key } of chains) same(key, hex(await keys.chainOf(user, device)));
  },

  async piece(vector) {
    const { group, epoch, commitHash, user, device, prekeyKind, prekeyId } = vector;
    const place = { group, epoch, commitHash: fromHex(commitHash) };
    const keyPair = await x25519KeyPair(fromHex(vector.prekeyPrivate));
    const recipient = { place, user, device, prekeyKind, prekeyId };
    same(vector.secret, hex(await openPiece(keyPair, recipient, fromHex(vector.piece))));
  },

  async post({ header, rosterHash: roster, chainKey, nextChainKey: next, ciphertext, plaintext }) {
    const opened = await openPost(
      fromHex(chainKey), fromHex(header), fromHex(roster), fromHex(ciphertext));
    same(plaintext, hex(pad(opened)));
    same(next, hex(await nextChainKey(fromHex(chainKey))));
  },

  async confirm({ confirmKey, sealed, ...confirmation }) {
    await checkConfirmation(fromHex(confirmKey), confirmation, fromHex(sealed));
  },

  async info({ group, epoch, infoKey: key, info, content }) {
    same(content, hex(await openInfo(fromHex(key), group, epoch, fromHex(info))));
  },
};

async function after(membership, entry) {
  const { content } = entry;
  if (!content) return restored(membership, entry.sequenceNr);
  const place = placeOf(entry);
  switch (content.type) {
    case 'commit': return commit(membership, place, content);
    case 'proposal': return propose(membership, place, content);
    case 'confirm': return confirm(membership, place, content);
    default:
      checkPost(membership, place, content);
      return membership;
  }
}

function summary(membership) {
  const { epoch, commitNr, changedNr, pending } = membership;
  return {
    epoch, commitNr, changedNr,
    roster: roster(membership).map(({ role, deviceList }) =>
      ({ user: deviceList.user, role, listVersion: deviceList.version })),
    pending: pending.map(({ sequenceNr }) => sequenceNr),
  };
}

for (const kind of Object.keys(HOLDS)) {
  test(`${kind}Holds`, async () => {
    const cases = VECTORS.valid.filter(vector => vector.kind === kind);
    assert(cases.length > 0);
    for (const vector of cases) await HOLDS[kind](vector);
  });

  test(`${kind}IsRefusedOrDiffers`, async () => {
    for (const vector of VECTORS.refused.filter(wrong => wrong.kind === kind)) {
      const error = await assertThrows(() => HOLDS[kind](vector))
        .catch(failure => { throw new Error(`${vector.why}: ${failure.message}`); });
      const isAnswer = [Refused, GroupRefused, Differs].some(type => error instanceof type);
      assert(isAnswer, `${vector.why}: ${error.stack}`);
    }
  });
}

test('everyKindOfVectorIsChecked', () => {
  const kinds = [...VECTORS.valid, ...VECTORS.refused].map(({ kind }) => kind);
  assertEquals(Object.keys(HOLDS).sort(), [...new Set(kinds)].sort());
});
