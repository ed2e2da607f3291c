import { contactOf } from '/client/contacts.js';
import { groupEntryHash, signContent, signerOf } from '/crypto/group-statements.js';
import { Breach, takeEntry } from '/group/log.js';
import { encodeJson, parseServerFrame } from '/protocol/frames.js';
import { knownGroupHash } from '/store/groups.js';
import { AccountStore } from '/store/account-store.js';
import { UserError } from '/client/user-error.js';
import { assertEquals, assertThrows } from '../harness.js';
import { kept } from './group-kept.js';
import {
  allShow, entriesOf, groupIn, groupOf, logOf, statusIn, world,
} from './group-people.js';
import { dump, scenario, until } from './people.js';

const MINUTE_MS = 60_000;

/** From now on, what would give this person the keys of an epoch does not come. */
function withholdPieces(server, { user }) {
  server.groups.onPush = (frame, to) => {
    if (to.user !== user || !frame.piece) return frame;
    const { piece, ...without } = frame;
    return without;
  };
}

function kindsOf(server, id) {
  return logOf(server, id).entries.map(({ frame: { content } }) => content.kind ?? content.type);
}

scenario('memberWhomNobodyGivesKeysBeginsThemAnew', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  withholdPieces(server, bob);
  await alice.engine.renameGroup(id, 'Lost');
  await until(() => entriesOf(server, id).at(-1) === 'proposal', 'the request for keys');
  server.groups.onPush = frame => frame;
  await bob.engine.sendText(id, 'is anybody there?');
  const before = kindsOf(server, id);
  server.groups.ahead = 9 * MINUTE_MS;
  let back = await bob.reload();
  await back.until(() => back.status === 'connected');
  assertEquals(before, kindsOf(server, id));
  server.groups.ahead = 11 * MINUTE_MS;
  back = await back.reload();
  await allShow([alice], ['is anybody there?']);
  assertEquals([...before, 'reset', 'post'], kindsOf(server, id));
  assertEquals(['member', 'member'], [statusIn(back, id), statusIn(alice, id)]);
});

scenario('adminWithoutKeysActsAtOnce', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  await alice.engine.setRole(id, bob.user, 'admin');
  withholdPieces(server, alice);
  await bob.engine.renameGroup(id, 'Lost');
  await alice.until(() => statusIn(alice, id) === 'waiting');
  await alice.engine.renameGroup(id, 'Found');
  assertEquals('reset', kindsOf(server, id).filter(kind => kind !== 'proposal').at(-1));
  await bob.until(() => bob.conversations.get(id).name === 'Found');
  await bob.engine.sendText(id, 'both read');
  await allShow([alice, bob], ['both read']);
});

scenario('memberWithoutKeysDoesNotActAtOnce', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  await alice.engine.setRole(id, bob.user, 'admin');
  withholdPieces(server, bob);
  await alice.engine.setRole(id, bob.user, 'member');
  await bob.until(() => statusIn(bob, id) === 'waiting');
  const error = await assertThrows(() => bob.engine.renameGroup(id, 'Mine'), UserError);
  assertEquals('not-admin', error.code);
});

scenario('nothingIsSentToAGroupAfterAnAlarm', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  const append = server['_group-append'];
  let sent = 0;
  server['_group-append'] = async () => { sent++; return null; };
  const renamed = assertThrows(() => alice.engine.renameGroup(id, 'x'), UserError);
  await until(() => sent === 1, 'the rename');
  const { sequenceNr } = logOf(server, id).head;
  const { connection } = server.users.get(alice.user);
  await connection.push('caught-up', {
    kind: 'group', owner: logOf(server, id).group, generation: 1, sequenceNr,
    hash: new Uint8Array(32),
  });
  await alice.until(() => groupIn(alice, id).alarm, 'the alarm');
  server['_group-append'] = append;
  connection.socket.close(1006);
  assertEquals('group-alarm', (await renamed).code);
  assertEquals([1, []], [sent, (await dump(alice.user)).operations]);
  assertEquals(sequenceNr, entriesOf(server, id).length);
  assertEquals([], bob.alarms);
});

scenario('headThatNobodyHereKnowsIsABreach', async () => {
  const { server, people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  const id = await groupOf(people);
  const { group, head } = logOf(server, id);
  server.groups.onPush = (frame, to) =>
    (to.user === carol.user && frame.type === 'group-entry' ? null : frame);
  await alice.engine.sendText(id, 'carol has not seen this');
  await allShow([bob], ['carol has not seen this']);
  const store = await AccountStore.open(bob.user);
  await store.write(['groupChain'],
    ({ groupChain }) => { groupChain.delete([group, head.sequenceNr]); });
  assertEquals(undefined, await knownGroupHash(store, group, head.sequenceNr));
  store.close();
  await carol.engine.sendText(id, 'from a head of long ago');
  await bob.until(() => groupIn(bob, id).alarm, 'the alarm');
  assertEquals(['carol has not seen this'], bob.texts);
  assertEquals([], alice.alarms);
});

scenario('commitsGiveNoKeysToAnotherAccountKeyThanTheKnownOne', async () => {
  const { server, people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  const id = await groupOf(people);
  const before = entriesOf(server, id);
  const store = await AccountStore.open(alice.user);
  const contact = await contactOf(store, carol.user);
  const pin = { ...contact.pin, accountKey: new Uint8Array(32) };
  await store.write(['contacts'], ({ contacts }) => { contacts.put({ ...contact, pin }); });
  store.close();
  const error = await assertThrows(() => alice.engine.removeMember(id, bob.user), UserError);
  assertEquals(['group-blocked', before], [error.code, entriesOf(server, id)]);
  await alice.engine.removeMember(id, carol.user);
  assertEquals([...before, 'commit'], entriesOf(server, id));
});

scenario('proposedListThatItsAccountDidNotSignIsABreach', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  const { self } = await kept(alice);
  const { state, self: own } = await kept(bob, id);
  const { group } = logOf(server, id);
  const deviceList = { ...self.deviceList, version: 2 };
  const entry = parseServerFrame(encodeJson({
    type: 'group-entry', nonce: 2, owner: group, generation: 1,
    sequenceNr: state.head.sequenceNr + 1, time: state.time + 1,
    fromUser: alice.user, fromDevice: self.deviceId, messageId: new Uint8Array(16),
    hash: new Uint8Array(32),
    content: {
      type: 'proposal', op: { op: 'devices', deviceList }, head: state.head,
      signature: new Uint8Array(64),
    },
  }));
  entry.content = await signContent(self.devicePrivateKey, signerOf(entry), entry.content);
  entry.hash = await groupEntryHash(state.head.hash, entry);
  const error = await assertThrows(
    () => takeEntry(state, entry, { self: own, knownHash: async () => undefined }), Breach);
  assertEquals('rule', error.code);
});
