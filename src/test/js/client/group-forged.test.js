import { parseServerFrame, encodeJson } from '/protocol/frames.js';
import { groupEntryHash, rosterHash, signContent, signerOf } from '/crypto/group-statements.js';
import { GroupRefused } from '/group/group-refused.js';
import { takeEntry, Breach } from '/group/log.js';
import { joiningMembership, placeOf } from '/group/membership.js';
import { beginningState } from '/group/state.js';
import { contactOf } from '/client/contacts.js';
import { GroupReception } from '/client/group-reception.js';
import { AccountStore } from '/store/account-store.js';
import { loadGroup, putGroup, sealGroup } from '/store/groups.js';
import { assert, assertEquals, assertThrows } from '../harness.js';
import { kept } from './group-kept.js';
import { lie } from './group-lies.js';
import {
  accept, allShow, entriesOf, groupIn, groupOf, logOf, statusIn, world,
} from './group-people.js';
import { scenario, until } from './people.js';

/** A device that knows no more. */
const nothing = async () => undefined;

/** An invitation of `user` that `forger` signs in the name of `inviter`, as entry 2. */
async function forgedInvitation(group, forger, inviter, user, rows) {
  const head = { sequenceNr: 1, hash: new Uint8Array(32).fill(1) };
  const hash = new Uint8Array(32).fill(2);
  const signer = { fromUser: inviter.user, fromDevice: inviter.deviceId };
  const roster = [...new Map(rows.map(row => [row.deviceList.user, row])).values()];
  const entry = parseServerFrame(encodeJson({
    type: 'group-entry', nonce: 2, owner: group, generation: 1, sequenceNr: 2, time: 5, ...signer,
    messageId: new Uint8Array(16), hash, seed: hash,
    content: {
      type: 'commit', epoch: 3, kind: 'change', head, check: hash, joinCheck: hash,
      infoDigest: hash, signature: new Uint8Array(64),
      ops: [{ op: 'invite', user: user.user, deviceList: user.deviceList }],
      rosterHash: await rosterHash(group, roster),
    },
  }));
  entry.content = await signContent(forger.devicePrivateKey, signerOf(entry), entry.content);
  entry.hash = await groupEntryHash(head.hash, entry);
  return { entry, head };
}

scenario('invitationForgedWithASecondRowOfTheInviterIsRefused', async () => {
  const { people } = await world('alice', 'bob', 'mallory');
  const [alice, bob, mallory] = await Promise.all(people.map(person => kept(person)));
  const group = '0'.repeat(32);
  // First a list that the forger can sign under, then the one that has been pinned.
  const [device] = mallory.self.deviceList.devices;
  const posed = {
    ...mallory.self.deviceList, user: alice.self.user,
    devices: [{ ...device, id: alice.self.deviceId }],
  };
  const rows = [
    { role: 'admin', deviceList: posed },
    { role: 'admin', deviceList: alice.self.deviceList },
    { role: 'invited', deviceList: bob.self.deviceList },
  ];
  const { entry } = await forgedInvitation(group, mallory.self, alice.self, bob.self, rows);
  await assertThrows(
    () => joiningMembership(group, placeOf(entry), entry.content, rows), GroupRefused);
});

scenario('inviterIsTheOneInTheRosterThatWasComputed', async () => {
  const { people } = await world('alice', 'bob', 'mallory');
  const [alice, bob, mallory] = await Promise.all(people.map(person => kept(person)));
  const group = '1'.repeat(32);
  const rows = [
    { role: 'admin', deviceList: alice.self.deviceList },
    { role: 'invited', deviceList: bob.self.deviceList },
  ];
  const { entry, head } = await forgedInvitation(group, mallory.self, alice.self, bob.self, rows);
  const view = { self: bob.self, knownHash: nothing, ownListHash: nothing };
  await assertThrows(() => takeEntry(beginningState(group, head, rows), entry, view), Breach);
  const { entry: signed } = await forgedInvitation(group, alice.self, alice.self, bob.self, rows);
  const { outcome } = await takeEntry(beginningState(group, head, rows), signed, view)
    .catch(({ message }) => ({ outcome: message }));
  assert(!/signature/.test(outcome), outcome);
});

scenario('rowsThatDoNotRiseAcrossPagesAreNoRoster', async () => {
  const { server, people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  server.groups.onPush = async (frame, to) => {
    if (frame.type !== 'group-start' || to.user !== bob.user || frame.more) return frame;
    const { type, ...start } = frame;
    await to.connection.push(type, { ...start, more: true });
    return frame;
  };
  const id = await alice.engine.createGroup('Twice');
  await alice.engine.inviteMembers(id, [bob.user]);
  await bob.until(() => bob.alarms.length > 0, 'the alarm');
  assertEquals(undefined, bob.conversations.get(id));
});

scenario('beginningOfAnotherLogReplacesNoMembership', async () => {
  const { server, people } = await world('alice', 'bob', 'mallory');
  const [alice, bob, mallory] = people;
  const id = await groupOf([alice, bob]);
  const { self: own } = await kept(bob);
  const { self } = await kept(mallory);
  const log = logOf(server, id);
  const before = (await kept(bob, id)).state;
  const { deviceList } = self;
  const start = {
    owner: log.group, generation: 1, sequenceNr: 99, hash: new Uint8Array(32), more: false,
    rows: [{ role: 'invited', deviceList: own.deviceList }, { role: 'admin', deviceList }],
  };
  await server.users.get(bob.user).connection.push('group-start', start);
  await until(() => server.frames('follow', bob.user).length === 1, 'the log from its own head');
  assertEquals(log.entries.length, server.frames('follow', bob.user)[0].after);
  const { state } = await kept(bob, id);
  assertEquals([before.head, before.membership], [state.head, state.membership]);
  await alice.engine.sendText(id, 'still here');
  await allShow([bob], ['still here']);
  assertEquals([], bob.alarms);
});

scenario('invitationAfterTheEndReplacesNothingBeforeItIsVerified', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  await alice.engine.removeMember(id, bob.user);
  await bob.until(() => statusIn(bob, id) === 'removed');
  const before = (await kept(bob, id)).state;
  server.groups.onPush = (frame, to) =>
    (to.user === bob.user && frame.type === 'group-entry' ? null : frame);
  await alice.engine.inviteMembers(id, [bob.user]);
  await until(async () => (await kept(bob, id)).state.joining, 'the invitation');
  const { state } = await kept(bob, id);
  assertEquals(['removed', before.membership, before.head],
    [state.ended, state.membership, state.head]);
  server.groups.onPush = frame => frame;
  const back = await bob.reload();
  await accept(back, id);
  const joined = (await kept(bob, id)).state;
  assertEquals([null, 'Climbing'], [joined.joining, joined.name]);
});

scenario('endOfAMembershipIsAcknowledgedAgain', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  const { group } = logOf(server, id);
  await alice.engine.removeMember(id, bob.user);
  await bob.until(() => statusIn(bob, id) === 'removed');
  const user = server.users.get(bob.user);
  const nr = entriesOf(server, id).length;
  bob.engine.close();
  // The acknowledgement was lost.
  user.groupCursors.set(group, nr - 1);
  await bob.reload();
  await until(() => user.groupCursors.get(group) === nr, 'the acknowledgement');
});

scenario('timeThatDoesNotRiseIsABreach', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  const { time } = logOf(server, id).entries.at(-1).frame;
  lie(server, bob, entriesOf(server, id).length + 1, frame => ({ ...frame, time }));
  await alice.engine.sendText(id, 'at the same time');
  await bob.until(() => groupIn(bob, id).alarm, 'the alarm');
});

scenario('ownRowWithoutAnInvitationIsNone', async () => {
  const { people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = await Promise.all(people.map(person => kept(person)));
  const rows = [
    { role: 'admin', deviceList: alice.self.deviceList },
    { role: 'invited', deviceList: bob.self.deviceList },
    { role: 'invited', deviceList: carol.self.deviceList },
  ];
  const { entry, head } = await forgedInvitation(
    '2'.repeat(32), alice.self, alice.self, carol.self, rows);
  const view = { self: bob.self, knownHash: nothing, ownListHash: nothing };
  const error = await assertThrows(
    () => takeEntry(beginningState('2'.repeat(32), head, rows), entry, view), Breach);
  assert(/does not bring this device/.test(error.message), error.message);
});

scenario('acceptedEntryThatIsNotInTheLogIsAFork', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  const { frame } = logOf(server, id).entries.at(-1);
  const append = server['_group-append'];
  server['_group-append'] = async (sent, sender) => (sender.user !== alice.user
    ? append.call(server, sent, sender) : {
      type: 'group-accepted', group: frame.owner, sequenceNr: frame.sequenceNr, time: frame.time,
      hash: frame.hash, digest: frame.hash,
    });
  await alice.engine.sendText(id, 'nowhere');
  await alice.until(() => groupIn(alice, id).alarm, 'the alarm');
  assertEquals([[], 'pending'], [bob.texts, alice.timeline.at(-1).state]);
});

scenario('acceptedEntryWithAnotherHashIsAFork', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice] = people;
  const id = await groupOf(people);
  const append = server['_group-append'];
  server['_group-append'] = async (sent, sender) =>
    ({ ...await append.call(server, sent, sender), hash: new Uint8Array(32) });
  await alice.engine.sendText(id, 'here, not there');
  await alice.until(() => groupIn(alice, id).alarm, 'the alarm');
});

scenario('anotherListOfTheSameVersionIsABreach', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  const store = await AccountStore.open(bob.user);
  const contact = await contactOf(store, alice.user);
  const { deviceList } = (await kept(alice)).self;
  const { self } = await kept(bob);
  await assertThrows(() => new GroupReception(store, self, logOf(server, id).group)
    .learn(new Map([[alice.user, {
      before: contact, contact: { ...contact, pin: { ...contact.pin, hash: new Uint8Array(32) } },
    }]]), [{ user: alice.user, deviceList }]), Breach);
  // An older one may stand in a roster.
  const newer = { ...contact, pin: { ...contact.pin, version: 9 } };
  const learned = await new GroupReception(store, self, logOf(server, id).group)
    .learn(new Map([[alice.user, { before: contact, contact: newer }]]),
      [{ user: alice.user, deviceList }]);
  assertEquals(9, learned.get(alice.user).contact.pin.version);
  store.close();
});

scenario('groupThatCannotBeTakenKeepsNoOtherWaiting', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people, 'Stuck');
  const other = await groupOf(people, 'Fine');
  const { head } = logOf(server, id);
  const store = await AccountStore.open(bob.user);
  const { version, state } = await loadGroup(store, logOf(server, id).group);
  // What no entry can be checked against: a row that some later version may understand.
  const row = await sealGroup(store, version, { ...state, membership: { rows: 0 } });
  await store.write(['groups'], stores => putGroup(stores, row));
  store.close();
  const report = globalThis.reportError;
  globalThis.reportError = () => {};
  try {
    await alice.engine.sendText(id, 'never arrives');
    await bob.until(() => bob.alarms.length === 1, 'the alarm');
    await alice.engine.sendText(other, 'arrives');
    await bob.until(() => bob.texts.includes('arrives'));
    assertEquals(['arrives'], bob.texts);
    assertEquals(head.sequenceNr, server.users.get(bob.user).groupCursors.get(state.group));
  } finally {
    globalThis.reportError = report;
  }
});
