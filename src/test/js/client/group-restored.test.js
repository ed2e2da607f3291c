import { signingKeyPairFromSeed } from '/crypto/ed25519.js';
import { UserError } from '/client/user-error.js';
import { AccountStore } from '/store/account-store.js';
import { assert, assertEquals, assertThrows } from '../harness.js';
import {
  accept, groupIn, groupOf, logOf, membersIn, noticesOf, statusIn, world,
} from './group-people.js';
import { kept } from './group-kept.js';
import { copyOf, restoreFrom } from './in-page-copy.js';
import { scenario, until } from './people.js';

/** The kinds of the entries that a server has added since it was restored from a copy. */
function kindsSince(server, id, copy) {
  const { group, entries } = logOf(server, id);
  return entries.slice(copy.logs.get(group).entries.length)
    .map(({ frame: { type, content } }) => content?.kind ?? content?.type ?? type);
}

async function textsOf(person, id) {
  const all = await person.engine.loadMessages(id, { limit: 100 });
  return all.filter(({ kind }) => kind !== 'notice').map(({ text }) => text);
}

/** Each of these people has the texts of a group, each of them once, in any order. */
async function allHold(people, id, texts) {
  for (const person of people) {
    await until(async () => (await textsOf(person, id)).length >= texts.length,
      `${texts.length} texts of ${person.user}`);
    assertEquals([...texts].sort(), (await textsOf(person, id)).sort(), person.user);
  }
}

function told(person) {
  return person.events.some(({ type, text }) => type === 'restored' && text);
}

/** Everybody has taken the group's restored entry. */
async function reconnected(server, id, ...people) {
  for (const person of people) {
    await person.until(() => told(person) && person.status === 'connected', 'to be told');
    await until(async () => (await kept(person, id)).state.generation > 1, 'the restored entry');
  }
  assert(logOf(server, id).generation > 1);
}

function alarmsOf(...people) {
  return people.flatMap(({ alarms }) => alarms);
}

scenario('restoredServerLetsGroupsContinue', async () => {
  const { server, people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  const id = await groupOf(people);
  await alice.engine.sendText(id, 'in the copy');
  await allHold(people, id, ['in the copy']);
  const copy = copyOf(server);
  await bob.engine.sendText(id, 'lost, of bob');
  await allHold(people, id, ['in the copy', 'lost, of bob']);
  await alice.engine.renameGroup(id, 'Renamed');
  await carol.engine.sendText(id, 'lost, of carol');
  const before = ['in the copy', 'lost, of bob', 'lost, of carol'];
  await allHold(people, id, before);
  await bob.until(() => bob.conversations.get(id).name === 'Renamed');
  await restoreFrom(server, copy);
  await reconnected(server, id, ...people);
  await alice.engine.sendText(id, 'on we go');
  await allHold(people, id, [...before, 'on we go']);
  assertEquals(['restored', 'reset'], kindsSince(server, id, copy).slice(0, 2));
  assertEquals(1, kindsSince(server, id, copy).filter(kind => kind === 'reset').length);
  await until(() => kindsSince(server, id, copy).filter(kind => kind === 'post').length === 3);
  await bob.engine.sendText(id, 'and on');
  await allHold(people, id, [...before, 'on we go', 'and on']);
  for (const person of people) {
    const lines = noticesOf(person, people).filter(text => text.startsWith('The server was rest'));
    assertEquals([1, 'Renamed'], [lines.length, person.conversations.get(id).name]);
    assertEquals(before, (await textsOf(person, id)).slice(0, 3), 'what was there stays in place');
  }
  assertEquals([], alarmsOf(...people));
});

scenario('missedRemovalIsNotUndone', async () => {
  const { server, people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  const id = await groupOf(people);
  const copy = copyOf(server);
  await alice.engine.removeMember(id, carol.user);
  await carol.until(() => statusIn(carol, id) === 'removed');
  await bob.until(() => membersIn(bob, id).length === 2);
  alice.engine.close();
  await restoreFrom(server, copy);
  await reconnected(server, id, bob, carol);
  assertEquals(['removed', [], [carol.user]],
    [statusIn(carol, id), ...[carol, bob].map(person => groupIn(person, id).missed)]);
  const waiting = await bob.engine.sendText(id, 'not for carol');
  const admin = await alice.reload();
  await bob.until(() => bob.messages.get(waiting).state === 'sent');
  await allHold([admin, bob], id, ['not for carol']);
  const [, { content }] = logOf(server, id).entries.slice(-3).map(({ frame }) => frame);
  assertEquals(['reset', [{ op: 'remove', user: carol.user }]], [content.kind, content.ops]);
  assertEquals(['restored', 'reset', 'post'], kindsSince(server, id, copy));
  for (const person of [admin, bob]) {
    assertEquals([2, []], [membersIn(person, id).length, groupIn(person, id).missed]);
  }
  await carol.engine.sendText(id, 'let me in').catch(() => {});
  assertEquals(['removed', 'alice removed you', []],
    [statusIn(carol, id), noticesOf(carol, people).at(-1), alarmsOf(admin, bob, carol)]);
});

scenario('adminWhoWritesRemovesAgainByItself', async () => {
  const { server, people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  const id = await groupOf(people);
  const copy = copyOf(server);
  await carol.engine.leaveGroup(id);
  await alice.until(() => membersIn(alice, id).length === 3
    && groupIn(alice, id).members.some(({ leaving }) => leaving));
  await bob.until(() => groupIn(bob, id).members.some(({ leaving }) => leaving));
  await restoreFrom(server, copy);
  await reconnected(server, id, alice, bob);
  await alice.engine.sendText(id, 'carol had left');
  await allHold([alice, bob], id, ['carol had left']);
  assertEquals(['restored', 'reset', 'post'], kindsSince(server, id, copy));
  assert(!logOf(server, id).membership.rows.has(carol.user));
  assertEquals(['left', []], [statusIn(carol, id), alarmsOf(...people)]);
});

scenario('removalThatOthersMissedIsMadeUpForAfterTheirReset', async () => {
  const { server, people } = await world('alice', 'bob', 'carol', 'dave');
  const [alice, bob, carol, dave] = people;
  const id = await groupOf(people);
  const copy = copyOf(server);
  dave.engine.close();
  await alice.engine.removeMember(id, carol.user);
  await bob.until(() => membersIn(bob, id).length === 3);
  for (const person of [alice, bob]) person.engine.close();
  await restoreFrom(server, copy);
  const late = await dave.reload();
  await late.until(() => late.status === 'connected');
  await late.engine.sendText(id, 'dave knows of no removal');
  await until(() => kindsSince(server, id, copy).includes('post'));
  const back = await bob.reload();
  await reconnected(server, id, back);
  await back.engine.sendText(id, 'bob waits');
  await until(async () => (await textsOf(back, id)).includes('dave knows of no removal'));
  assertEquals(['restored', 'reset', 'post'], kindsSince(server, id, copy));
  assertEquals([carol.user], groupIn(back, id).missed);
  const admin = await alice.reload();
  await reconnected(server, id, admin);
  await admin.engine.sendText(id, 'carol is out again');
  await until(() => kindsSince(server, id, copy).filter(kind => kind === 'post').length === 3);
  assertEquals(['restored', 'reset', 'post', 'change'], kindsSince(server, id, copy).slice(0, 4));
  await allHold([admin, back, late], id,
    ['dave knows of no removal', 'bob waits', 'carol is out again']);
  assertEquals([], alarmsOf(admin, back, late));
});

scenario('copyThatIsOlderThanWhatIsKeptIsAnAlarmAndTheGroupCanBeLeft', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  const copy = copyOf(server);
  for (let i = 0; i < 17; i++) await alice.engine.renameGroup(id, `Name ${i}`);
  await bob.until(() => bob.conversations.get(id).name === 'Name 16');
  await restoreFrom(server, copy);
  for (const person of people) await person.until(() => groupIn(person, id).alarm, 'the alarm');
  assert(groupIn(bob, id).alarm.includes('older than what this browser remembers'));
  assertEquals(1, bob.alarms.length);
  const refused = await assertThrows(() => alice.engine.renameGroup(id, 'x'), UserError);
  assertEquals('group-alarm', refused.code);
  await bob.engine.leaveGroup(id);
  assertEquals(['left', null], [statusIn(bob, id), groupIn(bob, id).alarm]);
  assertEquals(['restored', 'proposal'], kindsSince(server, id, copy));
});

scenario('membershipOfTheLastSixteenChangesIsKept', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  const copy = copyOf(server);
  for (let i = 0; i < 15; i++) await alice.engine.renameGroup(id, `Name ${i}`);
  await bob.until(() => bob.conversations.get(id).name === 'Name 14');
  await restoreFrom(server, copy);
  await reconnected(server, id, alice, bob);
  await bob.engine.sendText(id, 'still known');
  await allHold(people, id, ['still known']);
  assertEquals([], alarmsOf(alice, bob));
});

scenario('groupThatTheCopyDoesNotHoldIsLostAndCanBeJoinedAnew', async () => {
  const { server, people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  const id = await groupOf([alice, bob]);
  const copy = copyOf(server);
  const later = await groupOf([alice, bob], 'Made later');
  await alice.engine.inviteMembers(id, [carol.user]);
  await accept(carol, id);
  await carol.engine.sendText(id, 'carol was here');
  await allHold([alice, bob, carol], id, ['carol was here']);
  await restoreFrom(server, copy);
  await reconnected(server, id, alice, bob);
  for (const person of [alice, bob]) {
    await person.until(() => statusIn(person, later) === 'lost', 'the lost group');
  }
  await carol.until(() => statusIn(carol, id) === 'lost', 'the lost membership');
  await alice.engine.inviteMembers(id, [carol.user]);
  await accept(carol, id);
  await carol.engine.sendText(id, 'carol is back');
  await allHold([alice, bob, carol], id, ['carol was here', 'carol is back']);
  assertEquals([], alarmsOf(...people));
});

scenario('invitationIsAcceptedOnlyAfterTheReset', async () => {
  const { server, people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  const id = await groupOf([alice, bob]);
  await alice.engine.inviteMembers(id, [carol.user]);
  await carol.until(() => statusIn(carol, id) === 'invited');
  const copy = copyOf(server);
  await restoreFrom(server, copy);
  await reconnected(server, id, ...people);
  const refused = await assertThrows(() => carol.engine.acceptInvitation(id), UserError);
  assertEquals('group-waiting', refused.code);
  await bob.engine.sendText(id, 'a reset comes first');
  await until(() => kindsSince(server, id, copy).includes('reset'));
  await carol.until(async () => (await kept(carol, id)).state.keys);
  await accept(carol, id);
  await carol.engine.sendText(id, 'here I am');
  await allHold([alice, bob], id, ['a reset comes first', 'here I am']);
  assertEquals([], alarmsOf(...people));
});

scenario('whatWasEncryptedForALostEpochIsEncryptedAnew', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  const copy = copyOf(server);
  await alice.engine.renameGroup(id, 'An epoch that gets lost');
  await bob.until(() => bob.conversations.get(id).name === 'An epoch that gets lost');
  const append = server['_group-append'];
  let held = 0;
  server['_group-append'] = async () => { held++; return null; };
  await bob.engine.sendText(id, 'under way');
  await until(() => held === 1, 'what is under way');
  server['_group-append'] = append;
  await restoreFrom(server, copy);
  await allHold(people, id, ['under way']);
  // The epoch of the reset has the number of the one that was lost.
  const { entries, membership: { epoch } } = logOf(server, id);
  assertEquals(['restored', 'reset', 'post'], kindsSince(server, id, copy));
  assertEquals(epoch, copy.logs.get(entries[0].frame.owner).membership.epoch + 1);
  assertEquals([], alarmsOf(alice, bob));
});

scenario('changeThatWasUnderWayIsMadeAnewWithTheReset', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  const copy = copyOf(server);
  const append = server['_group-append'];
  let held = 0;
  server['_group-append'] = async () => { held++; return null; };
  const renamed = alice.engine.renameGroup(id, 'Asked for before');
  await until(() => held === 1, 'what is under way');
  server['_group-append'] = append;
  await restoreFrom(server, copy);
  await renamed;
  await bob.until(() => bob.conversations.get(id).name === 'Asked for before');
  assertEquals(['restored', 'reset'], kindsSince(server, id, copy));
  assertEquals([], alarmsOf(alice, bob));
});

scenario('forgedRestoreOfAGroupIsAnAlarm', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  await alice.engine.sendText(id, 'genuine');
  await allHold(people, id, ['genuine']);
  const mallory = await signingKeyPairFromSeed(new Uint8Array(32).fill(1));
  const signature = mallory.publicKey;
  await restoreFrom(server, copyOf(server), entry => (entry.kind === 'group'
    ? { ...entry, signature: new Uint8Array([...signature, ...signature]) } : entry));
  for (const person of people) {
    await person.until(() => groupIn(person, id).alarm, 'the alarm');
    assertEquals(1, (await kept(person, id)).state.generation);
  }
  const before = server.frames('group-append').length;
  await bob.engine.sendText(id, 'stays here');
  assertEquals(before, server.frames('group-append').length);
  assertEquals(['genuine', 'stays here'], await textsOf(bob, id));
});

scenario('secondRestoreOfOneCopyKeepsWhatIsMissed', async () => {
  const { server, people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  const id = await groupOf(people);
  const copy = copyOf(server);
  await alice.engine.removeMember(id, carol.user);
  for (const name of ['Lost', 'Lost too', 'Lost as well']) await alice.engine.renameGroup(id, name);
  await bob.until(() => bob.conversations.get(id).name === 'Lost as well');
  alice.engine.close();
  for (let round = 0; round < 2; round++) {
    for (const person of people) person.events = [];
    await restoreFrom(server, copy);
    await reconnected(server, id, bob);
    await bob.until(() => groupIn(bob, id).missed.length === 1, 'the missed removal');
  }
  const admin = await alice.reload();
  await reconnected(server, id, admin);
  await admin.engine.sendText(id, 'only two');
  await allHold([admin, bob], id, ['only two']);
  assert(!logOf(server, id).membership.rows.has(carol.user));
  const store = await AccountStore.open(bob.user);
  const rows = await store.read(['memberships'], ({ memberships }) =>
    new Promise(resolve => {
      const keys = memberships.getAllKeys();
      keys.onsuccess = () => resolve(keys.result);
    }));
  store.close();
  const { entries, membership } = logOf(server, id);
  assertEquals([true, membership.changedNr],
    [rows.length <= 16 && rows.length < entries.length, rows.at(-1)[1]]);
  assertEquals([], alarmsOf(admin, bob));
});

/** Somebody's first invitation is pushed once more, as of another generation. */
async function replayInvitation(server, { user }, start, entry, generation) {
  const { connection } = server.users.get(user);
  await connection.push('group-start', { ...start, generation });
  await connection.push('group-entry', { ...entry, generation });
}

/** The pushes with which this person comes into a group. */
function recordInvitation(server, { user }) {
  const recorded = {};
  server.groups.onPush = (frame, to) => {
    const { type, ...push } = frame;
    if (to.user === user) recorded[type] ??= push;
    return frame;
  };
  return recorded;
}

scenario('oldInvitationThatIsReplayedIsAnAlarm', async () => {
  const { server, people } = await world('alice', 'bob', 'carol');
  const [alice, , carol] = people;
  const recorded = recordInvitation(server, carol);
  const id = await groupOf(people);
  await alice.engine.removeMember(id, carol.user);
  await carol.until(() => statusIn(carol, id) === 'removed');
  const { 'group-start': start, 'group-entry': entry } = recorded;
  await restoreFrom(server, copyOf(server));
  await carol.until(() => told(carol) && carol.status === 'connected');
  const { generation } = logOf(server, id);
  await replayInvitation(server, carol, start, entry, generation);
  await carol.until(() => carol.alarms.length > 0, 'the alarm');
  assertEquals('removed', statusIn(carol, id));
});

scenario('invitationOfAGenerationThatTheInboxHasNotProvedIsAnAlarm', async () => {
  const { server, people } = await world('alice', 'bob');
  const [, bob] = people;
  const recorded = recordInvitation(server, bob);
  const id = await groupOf(people);
  const { 'group-start': start, 'group-entry': entry } = recorded;
  const elsewhere = { ...start, sequenceNr: 1000 };
  await replayInvitation(server, bob, elsewhere, entry, 2);
  await bob.until(() => bob.alarms.length > 0, 'the alarm');
  assertEquals(null, (await kept(bob, id)).state.joining);
});

scenario('postsOfALostMembershipAreNotSentIntoALaterOne', async () => {
  const { server, people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  const id = await groupOf([alice, bob]);
  const copy = copyOf(server);
  await alice.engine.inviteMembers(id, [carol.user]);
  await accept(carol, id);
  const before = ['one', 'two', 'three', 'four', 'five'];
  for (const text of before) await carol.engine.sendText(id, text);
  await allHold(people, id, before);
  await restoreFrom(server, copy);
  await reconnected(server, id, alice, bob);
  await carol.until(() => statusIn(carol, id) === 'lost', 'the lost membership');
  await alice.engine.inviteMembers(id, [carol.user]);
  await accept(carol, id);
  const again = copyOf(server);
  for (const person of people) person.events = [];
  await restoreFrom(server, again);
  await reconnected(server, id, ...people);
  await carol.engine.sendText(id, 'of the later one');
  await allHold(people, id, [...before, 'of the later one']);
  assertEquals(['restored', 'reset', 'post'], kindsSince(server, id, again));
  assertEquals([], alarmsOf(...people));
});

scenario('restoreOfAGroupBeforeItsLastEntryIsAnAlarm', async () => {
  const { server, people } = await world('alice', 'bob');
  const [, bob] = people;
  const id = await groupOf(people);
  const { time } = logOf(server, id).entries.at(-1).frame;
  await restoreFrom(server, copyOf(server), entry => (entry.kind === 'group'
    ? { ...entry, time, copyTime: time } : entry));
  await bob.until(() => groupIn(bob, id).alarm, 'the alarm');
  assertEquals(1, (await kept(bob, id)).state.generation);
});
