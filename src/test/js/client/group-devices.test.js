/** Members with several devices (docs/protocol.md §9.8). */

import { assert, assertEquals, assertThrows } from '../harness.js';
import { LIST_PAUSE } from '/client/group-lanes.js';
import { generateSigningKeyPair } from '/crypto/ed25519.js';
import { groupEntryHash, rosterHash, signContent, signerOf } from '/crypto/group-statements.js';
import { deviceListHash } from '/crypto/statements.js';
import { groupAlarmText } from '/client/texts.js';
import { Breach, takeEntry } from '/group/log.js';
import { beginningState } from '/group/state.js';
import { encodeJson, parseServerFrame } from '/protocol/frames.js';
import { Failure } from './failure.js';
import { allShow, groupOf, logOf, scenario } from './group-devices.js';
import { until } from './people.js';

Object.assign(LIST_PAUSE, { min: 1, max: 20 });

const kinds = (world, id) => logOf(world, id).entries.map(({ frame: { content } }) =>
  content.op?.op ?? content.type);

/** Pushes everything that there is of a group to a device, as a server that helps it would. */
async function betray(world, id, device, from) {
  const log = logOf(world, id);
  device.connect();
  const { connection } = device.record;
  for (let nr = from; nr <= log.entries.length; nr++) {
    const { type = 'group-entry', ...entry } = world.groups.entryFor(log, nr, device.record);
    await device.hear(connection, type, entry);
  }
}

scenario('linkedDeviceReadsGroupWithSiblingOffline', async world => {
  const [alice, bob] = [await world.person('alice'), await world.person('bob')];
  const id = await groupOf([alice, bob]);
  const [laptop] = bob.devices;
  const [hers] = alice.devices;
  await hers.send(id, 'before');
  await allShow([laptop], ['before']);
  laptop.disconnect();
  const phone = await bob.link();
  await phone.until(() => phone.group(id)?.status === 'member', 'membership');
  assertEquals(false, phone.group(id).joining);
  await hers.send(id, 'to the phone');
  await allShow([phone], ['to the phone']);
  await phone.send(id, 'from the phone');
  await allShow([hers], ['before', 'to the phone', 'from the phone']);
  laptop.connect();
  await allShow([laptop], ['before', 'to the phone', 'from the phone']);
  const mine = laptop.timeline.find(({ text }) => text === 'from the phone');
  assertEquals([true, 'sent'], [mine.mine, mine.state]);
  assertEquals([], [hers, laptop, phone].flatMap(({ alarms }) => alarms));
});

scenario('newDeviceSaysNotYetInThisGroupUntilSomebodyCommits', async world => {
  const [alice, bob] = [await world.person('alice'), await world.person('bob')];
  const id = await groupOf([alice, bob]);
  bob.devices[0].disconnect();
  alice.devices[0].disconnect();
  const phone = await bob.link();
  await phone.until(() => phone.group(id)?.joining, 'the group that it is not in');
  assertEquals([null, 'starting', []], [phone.conversations.get(id).name,
    phone.group(id).status, phone.group(id).members]);
  await until(() => kinds(world, id).at(-1) === 'devices', 'the proposal');
  await phone.reload();
  await phone.until(() => phone.heard.at(-1)?.pending, 'a proposal that is pending');
  assertEquals(1, kinds(world, id).filter(kind => kind === 'devices').length);
  alice.devices[0].connect();
  await phone.until(() => phone.group(id)?.status === 'member', 'membership');
  assertEquals(['Climbing', false], [phone.conversations.get(id).name, phone.group(id).joining]);
});

scenario('ownDeviceLetsANewOneInAtOnceAndOthersLeaveItToIt', async world => {
  Object.assign(LIST_PAUSE, { min: 60_000, max: 60_000 });
  const [alice, bob] = [await world.person('alice'), await world.person('bob')];
  const id = await groupOf([alice, bob]);
  const phone = await bob.link();
  await phone.until(() => phone.group(id)?.status === 'member', 'membership');
  const { frame } = logOf(world, id).entries.at(-1);
  assertEquals(bob.devices[0].record.deviceId, frame.fromDevice);
  Object.assign(LIST_PAUSE, { min: 1, max: 20 });
});

scenario('siblingsAtOnceLeaveOneListAndOneEpoch', async world => {
  const [alice, bob] = [await world.person('alice'), await world.person('bob')];
  const id = await groupOf([alice, bob]);
  const second = await bob.link();
  await second.until(() => second.group(id)?.status === 'member', 'membership');
  const { length } = logOf(world, id).entries;
  const third = await bob.link();
  await third.until(() => third.group(id)?.status === 'member', 'membership');
  assertEquals(['devices', 'commit'], kinds(world, id).slice(length));
  const all = [...alice.devices, ...bob.devices];
  await third.send(id, 'three');
  await until(() => all.every(({ texts }) => texts.includes('three')), 'the text everywhere');
  assertEquals([], all.flatMap(({ alarms }) => alarms));
});

scenario('deviceOfSomebodyInvitedAcceptsByItself', async world => {
  const [alice, bob] = [await world.person('alice'), await world.person('bob')];
  const id = await groupOf([alice]);
  await alice.devices[0].command('inviteMembers', { conversation: id, users: [bob.user] });
  const [laptop] = bob.devices;
  await laptop.until(() => laptop.group(id)?.status === 'invited', 'the invitation');
  laptop.disconnect();
  const phone = await bob.link();
  await phone.until(() => phone.group(id)?.status === 'invited', 'the invitation');
  assertEquals(alice.user, phone.group(id).invitedBy);
  await phone.command('acceptInvitation', { conversation: id });
  await alice.devices[0].send(id, 'welcome');
  laptop.connect();
  await allShow([phone, laptop], ['welcome']);
  assertEquals([], [phone, laptop].flatMap(({ alarms }) => alarms));
});

scenario('revokedDeviceGetsNothingAndOpensNothingWrittenAfter', async world => {
  const [alice, bob] = [await world.person('alice'), await world.person('bob')];
  const ids = [await groupOf([alice, bob]), await groupOf([bob, alice])];
  const phone = await bob.link();
  for (const id of ids) await phone.until(() => phone.group(id)?.status === 'member', 'membership');
  const [laptop] = bob.devices;
  const [id] = ids;
  const { length } = logOf(world, id).entries;
  const heard = phone.heard.length;
  await bob.drop(phone);
  await laptop.groups.takeOutDevice();
  const told = laptop.events.filter(({ type }) => type === 'revoking');
  assertEquals({ type: 'revoking', done: 2, all: 2 }, told.at(-1));
  await alice.devices[0].send(id, 'without the phone');
  await allShow([laptop], ['without the phone']);
  const isIn = ({ membership }) => membership.rows.get(bob.user).deviceList.devices.length === 2;
  assert(ids.every(group => !isIn(logOf(world, group))), 'a group has the device still');
  assertEquals(heard, phone.heard.length);
  await betray(world, id, phone, length + 1);
  await phone.until(() => phone.timeline.some(({ kind }) => kind === 'undecryptable'));
  assert(!phone.texts.includes('without the phone'), 'read after the revocation');
});

scenario('deviceIsOutOnceTheProposalStandsInTheLog', async world => {
  const bob = await world.person('bob');
  const id = await groupOf([bob]);
  const phone = await bob.link();
  await phone.until(() => phone.group(id)?.status === 'member', 'membership');
  const [laptop] = bob.devices;
  await bob.drop(phone);
  world.onRequest = async ({ content }) => {
    if (content?.type === 'commit') throw new Failure('busy', { retryAfter: 60_000 });
  };
  await laptop.groups.takeOutDevice();
  assertEquals('devices', kinds(world, id).at(-1));
});

scenario('olderListThatIsPendingTakesNobodyOut', async world => {
  const bob = await world.person('bob');
  const id = await groupOf([bob]);
  const phone = await bob.link();
  await phone.until(() => phone.group(id)?.status === 'member', 'membership');
  const [laptop] = bob.devices;
  world.onRequest = async ({ content }) => {
    if (content?.type === 'commit') throw new Failure('busy', { retryAfter: 5 });
  };
  const { length } = logOf(world, id).entries;
  await bob.link();
  await until(() => kinds(world, id).slice(length).includes('devices'), 'a list with the phone');
  await laptop.until(() => laptop.heard.at(-1).content?.op, 'the proposal, heard');
  await bob.drop(phone);
  const done = laptop.groups.takeOutDevice();
  const told = () => laptop.events.filter(({ type }) => type === 'revoking');
  await laptop.until(() => told().length > 0);
  assertEquals({ type: 'revoking', done: 0, all: 1 }, told()[0]);
  world.onRequest = async () => {};
  await done;
  const { deviceList } = logOf(world, id).membership.rows.get(bob.user);
  assert(deviceList.devices.every(device => device.id !== phone.record.deviceId));
});

scenario('proposedListIsTakenIfTheGroupCannotTakeTheOneThatThereIs', async world => {
  const [alice, bob] = [await world.person('alice'), await world.person('bob')];
  const id = await groupOf([alice, bob]);
  const [hers] = alice.devices;
  for (const device of [hers, ...bob.devices]) device.disconnect();
  const phone = await bob.link();
  await until(() => kinds(world, id).at(-1) === 'devices', 'the proposal');
  phone.disconnect();
  // A list with somebody else's device is his present one, and none for this group.
  await bob.take([...bob.list.devices, hers.listed]);
  hers.connect();
  await hers.send(id, 'not held up by that');
  phone.connect();
  await allShow([hers, phone], ['not held up by that']);
  assertEquals([], [hers, phone].flatMap(({ alarms }) => alarms));
});

scenario('takingADeviceOutGoesOnAfterAReload', async world => {
  const [alice, bob] = [await world.person('alice'), await world.person('bob')];
  const ids = [await groupOf([alice, bob]), await groupOf([alice, bob])];
  const phone = await bob.link();
  for (const id of ids) await phone.until(() => phone.group(id)?.status === 'member', 'membership');
  const [laptop] = bob.devices;
  alice.devices[0].disconnect();
  await bob.drop(phone);
  let isDown = true;
  world.onRequest = async ({ type }, { connection }) => {
    if (isDown && type === 'group-append') await new Promise(() => {}, connection);
  };
  laptop.groups.takeOutDevice();
  await laptop.until(() => laptop.events.some(({ type }) => type === 'revoking'), 'the beginning');
  isDown = false;
  laptop.events.length = 0;
  await laptop.reload();
  await laptop.until(() => laptop.events.some(({ type, done, all }) =>
    type === 'revoking' && done === 2 && all === 2), 'the end');
  laptop.events.length = 0;
  await laptop.reload();
  await laptop.send(ids[0], 'done');
  await laptop.until(() => laptop.timeline.some(({ text, state }) =>
    text === 'done' && state === 'sent'));
  assertEquals([], laptop.events.filter(({ type }) => type === 'revoking'));
});

scenario('newAccountKeyThatADeviceAnnouncedStopsOthersUntilTheyChose', async world => {
  const [alice, bob] = [await world.person('alice'), await world.person('bob')];
  const id = await groupOf([alice, bob]);
  const [laptop] = bob.devices;
  const [hers] = alice.devices;
  await laptop.send(id, 'old key');
  await allShow([hers], ['old key']);
  await bob.changeKey(laptop);
  await hers.until(() => hers.group(id).blockedBy.includes(bob.user), 'the stop');
  await hers.send(id, 'to whom');
  assertEquals('pending', hers.timeline.find(({ text }) => text === 'to whom').state);
  await laptop.send(id, 'new key');
  await hers.until(() => hers.texts.includes('new key'));
  assertEquals([], [hers, laptop].flatMap(({ alarms }) => alarms));
});

scenario('serverRefusesListsThatAreNotTheirUsersPresentOne', async world => {
  const [alice, bob] = [await world.person('alice'), await world.person('bob')];
  const id = await groupOf([alice, bob]);
  const refused = [];
  const { append } = world.groups;
  world.groups.append = async (fields, record) => {
    try {
      return await append.call(world.groups, fields, record);
    } catch (failure) {
      refused.push(failure.frame.code);
      throw failure;
    }
  };
  const { list } = bob;
  const [laptop] = bob.devices;
  await bob.take(bob.list.devices);
  await until(() => logOf(world, id).membership.rows.get(bob.user).deviceList.version === 2);
  const rolledBack = { ...await bob.next([...list.devices]), version: 3 };
  laptop.self.deviceList = rolledBack;
  laptop.groups.ownListChanged();
  await until(() => refused.includes('devices-changed'), 'the refusal');
  assertEquals(2, logOf(world, id).membership.rows.get(bob.user).deviceList.version);
});

scenario('ghostDeviceThatTheAccountDidNotSignIsABreach', async world => {
  const [alice, bob] = [await world.person('alice'), await world.person('bob')];
  const id = await groupOf([alice, bob]);
  const [laptop] = bob.devices;
  const [hers] = alice.devices;
  const mallory = await world.person('mallory');
  world.groups.takesAnyList = true;
  // Bob's own device colludes with the server: the list has a device that no account key signed.
  const ghost = await bob.next([...bob.list.devices, mallory.devices[0].listed]);
  laptop.self.deviceList = { ...ghost, signature: bob.list.signature };
  laptop.groups.ownListChanged();
  await hers.until(() => hers.group(id)?.alarm === groupAlarmText('rule'), 'the alarm');
  await hers.send(id, 'not for ghosts');
  await until(() => hers.timeline.some(({ text }) => text === 'not for ghosts'));
  assert(!kinds(world, id).includes('post'), 'something was posted');
});

/** A commit with these ops, after which the group has these rows, as entry 2. */
async function commitBy({ self: by }, ops, rows) {
  const bytes = new Uint8Array(32).fill(1);
  const head = { sequenceNr: 1, hash: bytes };
  const group = '0'.repeat(32);
  const entry = parseServerFrame(encodeJson({
    type: 'group-entry', nonce: 2, owner: group, generation: 1, sequenceNr: 2, time: 5,
    fromUser: by.user, fromDevice: by.deviceId, messageId: new Uint8Array(16), hash: bytes,
    seed: bytes,
    content: {
      type: 'commit', epoch: 3, kind: 'change', ops, rosterHash: await rosterHash(group, rows),
      head, check: bytes, joinCheck: bytes, infoDigest: bytes, signature: new Uint8Array(64),
    },
  }));
  entry.content = await signContent(by.devicePrivateKey, signerOf(entry), entry.content);
  entry.hash = await groupEntryHash(head.hash, entry);
  return { state: beginningState(group, head, rows), entry };
}

scenario('deviceJoinsAsItselfAndByACommitThatBringsIt', async world => {
  const [alice, bob] = [await world.person('alice'), await world.person('bob')];
  const phone = await bob.link();
  const [hers] = alice.devices;
  const known = new Map();
  const take = async (deviceList, op = { op: 'devices', user: bob.user, deviceList }) => {
    const rows = [
      { role: 'admin', deviceList: alice.list }, { role: 'member', deviceList },
    ];
    const { state, entry } = await commitBy(hers, [op], rows);
    return takeEntry(state, entry, {
      self: phone.self, knownHash: async () => undefined, ownListHash: async nr => known.get(nr),
    });
  };
  assertEquals('taken', (await take(bob.list)).outcome);
  const { user } = alice;
  await assertThrows(() => take(bob.list, { op: 'role', user, role: 'admin' }), Breach);
  const { devices } = bob.list;
  const refuses = async (why, listed) => {
    const forged = await bob.next(listed);
    await assertThrows(() => take(forged), Breach).catch(() => { throw new Error(why); });
  };
  await refuses('a list without this device', devices.slice(0, 1));
  const [laptop, own] = devices;
  await refuses('with another key', [laptop, { ...own, signKey: hers.self.deviceKey }]);
  bob.list = { ...bob.list, version: 1 };
  await refuses('of the version that there is', [own, laptop]);
  bob.list = { ...bob.list, version: 4 };
  bob.accountKey = await generateSigningKeyPair();
  await refuses('under another account key', devices);
  const earlier = await bob.next(devices);
  known.set(earlier.version, await deviceListHash(earlier));
  assertEquals('taken', (await take(earlier)).outcome);
  known.set(earlier.version, new Uint8Array(32));
  await assertThrows(() => take(earlier), Breach);
});
