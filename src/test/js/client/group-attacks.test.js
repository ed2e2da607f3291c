import { epochKeys, joinerSecret } from '/crypto/group-epoch.js';
import { openPost } from '/crypto/group-message.js';
import { openPiece, sealPiece } from '/crypto/group-secrets.js';
import { commitHash, signContent, signedBytes, signerOf } from '/crypto/group-statements.js';
import { base64url, fromBase64url } from '/crypto/bytes.js';
import { encodeJson, parseServerFrame } from '/protocol/frames.js';
import { Refused } from '/crypto/refused.js';
import { UserError } from '/client/user-error.js';
import { assert, assertEquals, assertThrows } from '../harness.js';
import { kept } from './group-kept.js';
import { lie } from './group-lies.js';
import {
  accept, allShow, entriesOf, groupIn, groupOf, logOf, membersIn, statusIn, world,
} from './group-people.js';
import { scenario, until } from './people.js';

/** The person's list shows the alarm, and nothing is sent any more. */
async function assertSilenced(server, person, id) {
  await person.until(() => groupIn(person, id)?.alarm, 'the alarm');
  const before = entriesOf(server, id).length;
  await person.engine.sendText(id, 'should stay here');
  assertEquals('group-alarm', (await assertThrows(
    () => person.engine.renameGroup(id, 'x'), UserError)).code);
  assertEquals(before, entriesOf(server, id).length);
  assertEquals('pending', person.timeline.find(({ text }) => text === 'should stay here').state);
}

scenario('groupForkIsSeenAtFirstCrossing', async () => {
  const { server, people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  const id = await groupOf(people);
  server.groups.takesAnyHead = true;
  lie(server, bob, entriesOf(server, id).length + 1, frame => ({ ...frame, time: frame.time + 1 }));
  await alice.engine.sendText(id, 'to two worlds');
  await allShow(people, ['to two worlds']);
  assertEquals([], people.flatMap(({ alarms }) => alarms));
  await bob.engine.sendText(id, 'from the other world');
  await assertSilenced(server, alice, id);
  await assertSilenced(server, carol, id);
  assertEquals(['to two worlds', 'should stay here'], alice.texts);
});

scenario('twoSeedsAreDetected', async () => {
  const { server, people } = await world('alice', 'bob', 'carol');
  const [alice, bob] = people;
  const id = await groupOf(people);
  server.groups.takesAnyHead = true;
  lie(server, bob, entriesOf(server, id).length + 1, frame =>
    (frame.seed ? { ...frame, seed: new Uint8Array(32) } : frame));
  await alice.engine.renameGroup(id, 'Two seeds');
  await bob.until(() => bob.conversations.get(id).name === 'Two seeds');
  await bob.engine.sendText(id, 'under the other seed');
  await assertSilenced(server, alice, id);
  assert(!alice.texts.includes('under the other seed'));
});

scenario('memberCannotPoseAsAnother', async () => {
  const { server, people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  const id = await groupOf(people);
  const posed = { fromUser: carol.user, fromDevice: server.users.get(carol.user).deviceId };
  lie(server, alice, entriesOf(server, id).length + 1, frame => ({ ...frame, ...posed }));
  await bob.engine.sendText(id, 'I am carol');
  await assertSilenced(server, alice, id);
  assertEquals(['should stay here'], alice.texts);
});

scenario('memberCannotSignForAnotherEither', async () => {
  const { server, people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  const id = await groupOf(people);
  const { self } = await kept(bob, id);
  const posed = { fromUser: carol.user, fromDevice: server.users.get(carol.user).deviceId };
  lie(server, alice, entriesOf(server, id).length + 1, async frame => {
    const entry = { ...frame, ...posed };
    const content = await signContent(self.devicePrivateKey, signerOf(entry), entry.content);
    return { ...entry, content };
  });
  await bob.engine.sendText(id, 'signed with my own key');
  await assertSilenced(server, alice, id);
});

scenario('serverCannotAddGhostMember', async () => {
  const { server, people } = await world('alice', 'bob', 'mallory');
  const [alice, bob, mallory] = people;
  const { deviceList } = server.users.get(mallory.user);
  server.groups.onPush = frame => (frame.type === 'group-start' && frame.rows.length > 0
    ? { ...frame, rows: [...frame.rows, { role: 'member', deviceList }] } : frame);
  const id = await alice.engine.createGroup('Two');
  await alice.engine.inviteMembers(id, [bob.user]);
  await bob.until(() => bob.alarms.length === 1, 'the alarm');
  assertEquals(undefined, bob.conversations.get(id));
  assertEquals([alice.user], membersIn(alice, id));
});

scenario('ghostCommitOfAStrangerIsABreach', async () => {
  const { server, people } = await world('alice', 'bob', 'mallory');
  const [alice, bob, mallory] = people;
  const id = await groupOf([alice, bob]);
  const { self } = await kept(mallory, id);
  const deviceList = server.users.get(mallory.user).deviceList;
  const stranger = { fromUser: mallory.user, fromDevice: self.deviceId };
  lie(server, bob, entriesOf(server, id).length + 1, async frame => {
    const ops = [{ op: 'invite', user: mallory.user, deviceList: self.deviceList ?? deviceList }];
    const entry = { ...frame, ...stranger, content: { ...frame.content, ops } };
    return { ...entry, content: await signContent(
      self.devicePrivateKey, signerOf(entry), entry.content) };
  });
  await alice.engine.renameGroup(id, 'x');
  await assertSilenced(server, bob, id);
  assertEquals([alice.user, bob.user], membersIn(bob, id));
});

scenario('removedMemberWithServerSeedCannotOpen', async () => {
  const { server, people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  const id = await groupOf(people);
  const { state, prekeys } = await kept(carol, id);
  await alice.engine.removeMember(id, carol.user);
  await alice.engine.sendText(id, 'without carol');
  await bob.until(() => bob.texts.includes('without carol'));
  // Carol kept her keys, and the server gives her all that it has.
  const [removal, post] = logOf(server, id).entries.slice(-2);
  const { frame } = removal;
  const place = {
    group: state.group, epoch: frame.content.epoch,
    commitHash: await commitHash(signerOf(frame), frame.content),
  };
  for (const { user, device, prekeyKind, prekeyId, piece } of removal.pieces) {
    const recipient = { place, user, device, prekeyKind, prekeyId };
    for (const keyPair of prekeys) {
      await assertThrows(() => openPiece(keyPair, recipient, fromBase64url(piece)), Refused);
    }
  }
  const header = await signedBytes(signerOf(post.frame), post.frame.content);
  for (const fresh of [frame.seed, new Uint8Array(32), frame.content.check]) {
    const joiner = await joinerSecret(state.keys.next, fresh);
    const { chainOf } = await epochKeys(place, joiner, frame.seed);
    const chain = await chainOf(alice.user, frame.fromDevice);
    await assertThrows(() => openPost(
      chain, header, frame.content.rosterHash, post.frame.ciphertext), Refused);
  }
  await carol.until(() => statusIn(carol, id) === 'removed');
  assertEquals(null, (await kept(carol, id)).state.keys);
});

scenario('joinerCannotOpenWhatCameBefore', async () => {
  const { server, people } = await world('alice', 'bob', 'dave');
  const [alice, bob, dave] = people;
  const id = await groupOf([alice, bob]);
  await alice.engine.sendText(id, 'before dave');
  await bob.until(() => bob.texts.length === 1);
  await alice.engine.inviteMembers(id, [dave.user]);
  await accept(dave, id);
  await alice.engine.sendText(id, 'with dave');
  await dave.until(() => dave.texts.length === 1);
  assertEquals(['with dave'], dave.texts);
  const { state } = await kept(dave, id);
  const { frame } = logOf(server, id).entries.find(({ frame: { content } }) =>
    content.type === 'post');
  const header = await signedBytes(signerOf(frame), frame.content);
  for (const { key } of Object.values(state.keys.chains)) {
    await assertThrows(() => openPost(
      key, header, state.membership.rosterHash, frame.ciphertext), Refused);
  }
});

scenario('postOfAnEarlierEpochIsABreach', async () => {
  const { server, people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  const id = await groupOf(people);
  const log = logOf(server, id);
  await bob.engine.sendText(id, 'old');
  await carol.until(() => carol.texts.length === 1);
  const { nonce, ...old } = log.entries.at(-1).frame;
  lie(server, carol, entriesOf(server, id).length + 2, ({ sequenceNr }) => ({
    ...old, sequenceNr, time: old.time + 100_000,
    content: { ...old.content, counter: 1 },
  }));
  await alice.engine.renameGroup(id, 'New epoch');
  await bob.engine.sendText(id, 'new');
  await assertSilenced(server, carol, id);
  assertEquals(['old', 'should stay here'], carol.texts);
});

scenario('replayedPostIsABreach', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  await bob.engine.sendText(id, 'once');
  await alice.until(() => alice.texts.length === 1);
  const { nonce, ...post } = logOf(server, id).entries.at(-1).frame;
  lie(server, alice, entriesOf(server, id).length + 1, ({ sequenceNr, time }) =>
    ({ ...post, sequenceNr, time }));
  await bob.engine.sendText(id, 'twice');
  await assertSilenced(server, alice, id);
  assertEquals(['once', 'should stay here'], alice.texts);
});

scenario('keysThatTheCommitDoesNotNameAreNotTaken', async () => {
  const { server, people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  const id = await groupOf(people);
  // Bob gets another secret than the commit names, so that he alone would have other keys.
  const append = server['_group-append'];
  server['_group-append'] = async (frame, sender) => {
    const pieces = await Promise.all((frame.pieces ?? []).map(piece =>
      (piece.user === bob.user ? resealed(server, frame, sender, piece) : piece)));
    return append.call(server, { ...frame, ...frame.pieces && { pieces } }, sender);
  };
  await alice.engine.renameGroup(id, 'Split');
  await bob.until(() => statusIn(bob, id) === 'waiting');
  assertEquals(['member', 'Climbing'], [statusIn(carol, id), bob.conversations.get(id).name]);
});

/** A well-sealed piece with a secret that the commit does not name. */
async function resealed(server, { group, messageId, content }, sender, piece) {
  const { user, device, prekeyKind, prekeyId } = piece;
  const { user: fromUser, deviceId: fromDevice } = sender;
  const entry = parseServerFrame(encodeJson({
    type: 'group-entry', nonce: 2, owner: group, generation: 1, sequenceNr: 1, time: 1, fromUser,
    fromDevice, messageId, content, hash: new Uint8Array(32), seed: new Uint8Array(32),
  }));
  const place = {
    group, epoch: content.epoch, commitHash: await commitHash(signerOf(entry), entry.content),
  };
  const { key } = server.users.get(user).signedPrekey;
  const sealed = await sealPiece(fromBase64url(key), { place, user, device, prekeyKind, prekeyId },
    new Uint8Array(32).fill(7));
  return { ...piece, piece: base64url(sealed) };
}

scenario('changedHistoryIsSeenWhenItIsPushedAgain', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  await alice.engine.sendText(id, 'one');
  await bob.until(() => bob.texts.length === 1);
  const log = logOf(server, id);
  await until(() => server.users.get(bob.user).groupCursors.get(log.group) === log.entries.length);
  server.groups.onPush = frame => (frame.type === 'caught-up'
    ? { ...frame, hash: new Uint8Array(32) } : frame);
  const back = await bob.reload();
  await assertSilenced(server, back, id);
});

scenario('crashBetweenDecryptAndStoreOfAPostLosesNothing', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  const original = IDBDatabase.prototype.transaction;
  let crashes = 0;
  IDBDatabase.prototype.transaction = function (names, ...rest) {
    if (names.includes('groupChain') && rest[0] === 'readwrite' && this.name.endsWith(bob.user)) {
      crashes++;
      throw new Error('crash');
    }
    return original.call(this, names, ...rest);
  };
  await alice.engine.sendText(id, 'survives');
  await bob.until(() => bob.alarms.length > 0);
  IDBDatabase.prototype.transaction = original;
  assertEquals([1, []], [crashes, bob.texts]);
  const log = logOf(server, id);
  assert(server.users.get(bob.user).groupCursors.get(log.group) < log.entries.length);
  const back = await bob.reload();
  await back.until(() => back.texts.includes('survives'));
  assertEquals(1, (await back.engine.loadMessages(id, { limit: 20 }))
    .filter(({ kind }) => kind === 'text').length);
});
