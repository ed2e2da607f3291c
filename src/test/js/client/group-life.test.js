import { AccountStore } from '/store/account-store.js';
import { UserError } from '/client/user-error.js';
import { assert, assertEquals, assertThrows } from '../harness.js';
import {
  accept, allShow, entriesOf, groupIn, groupOf, logOf, membersIn, noticesOf, statusIn, world,
} from './group-people.js';
import { PASSWORD, Person, dump, scenario, until } from './people.js';

const DAY_MS = 24 * 60 * 60 * 1000;

async function refusal(run) {
  return (await assertThrows(run, UserError)).code;
}

scenario('deviceWithoutItsPieceAsksForKeysAndGetsThem', async () => {
  const { server, people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  const id = await groupOf(people);
  server.groups.onPush = (frame, { user }) => {
    if (user !== bob.user || !frame.piece) return frame;
    const { piece, ...without } = frame;
    return without;
  };
  await alice.engine.renameGroup(id, 'Lost piece');
  await bob.until(() => statusIn(bob, id) === 'waiting');
  await until(() => entriesOf(server, id).at(-1) === 'proposal', 'the request for keys');
  server.groups.onPush = frame => frame;
  await bob.engine.sendText(id, 'can you read me?');
  await carol.engine.sendText(id, 'here are keys');
  await bob.until(() => statusIn(bob, id) === 'member');
  await until(() => people.every(({ timeline, texts }) => texts.length === 2
    && timeline.every(({ state }) => !state || state === 'sent')));
  assert(alice.texts.includes('can you read me?'));
  await allShow([bob, carol], alice.texts);
  assertEquals(1, entriesOf(server, id).filter(type => type === 'proposal').length);
  // Carol, who is no admin, repeats a name that bob has not seen an admin give.
  assertEquals('Climbing', bob.conversations.get(id).name);
  assert(noticesOf(bob, people).some(text =>
    text.startsWith('carol calls the group “Lost piece”')));
  await alice.engine.removeMember(id, carol.user);
  await bob.until(() => bob.conversations.get(id).name === 'Lost piece');
});

scenario('postsWithoutKeysAreShownAsNotReadable', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  server.groups.onPush = (frame, { user }) => {
    if (user !== bob.user || !frame.piece) return frame;
    return { ...frame, piece: { ...frame.piece, prekeyId: 999 } };
  };
  // Bob's request for keys does not come through, and so alice does not know.
  const append = server['_group-append'];
  server['_group-append'] = async (frame, sender) =>
    (sender.user === bob.user ? null : append.call(server, frame, sender));
  await alice.engine.renameGroup(id, 'x');
  await alice.engine.sendText(id, 'unreadable');
  await bob.until(() => bob.timeline.some(({ kind }) => kind === 'undecryptable'));
  const shown = bob.timeline.find(({ kind }) => kind === 'undecryptable');
  assert(shown.text.includes('did not have the keys'), shown.text);
  assertEquals([undefined, alice.user], [shown.action, shown.from]);
  assertEquals([], bob.alarms);
});

scenario('newEpochBeginsAfterSevenDays', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  server.groups.ahead = 7 * DAY_MS - 60_000;
  let back = await alice.reload();
  await back.until(() => back.status === 'connected');
  await back.engine.sendText(id, 'same epoch');
  await bob.until(() => bob.texts.length === 1);
  assertEquals(2, entriesOf(server, id).filter(type => type === 'commit').length);
  server.groups.ahead = 7 * DAY_MS + 60_000;
  back = await back.reload();
  await back.until(() => back.status === 'connected');
  await back.engine.sendText(id, 'new epoch');
  await allShow([bob], ['same epoch', 'new epoch']);
  assertEquals(['post', 'commit', 'post'], entriesOf(server, id).slice(-3));
});

scenario('invitationRunsOutAfterFourteenDays', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await alice.engine.createGroup('Late');
  await alice.engine.inviteMembers(id, [bob.user]);
  await bob.until(() => statusIn(bob, id) === 'invited');
  server.groups.ahead = 14 * DAY_MS + 60_000;
  assertEquals('invitation-over', await refusal(() => bob.engine.acceptInvitation(id)));
  assertEquals('invited', statusIn(bob, id));
  const back = await alice.reload();
  await back.until(() => back.status === 'connected');
  await back.engine.sendText(id, 'nobody came');
  await bob.until(() => statusIn(bob, id) === 'left');
  assertEquals('Your invitation ran out', noticesOf(bob, people).at(-1));
  assertEquals([alice.user], membersIn(back, id));
});

scenario('whatIsWrittenSurvivesOutagesAndReloadsOnceAndInOrder', async () => {
  const { server, people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  const id = await groupOf(people);
  const expected = Array.from({ length: 20 }, (_, i) => `text ${i}`);
  let writer = alice;
  for (const [i, text] of expected.entries()) {
    await writer.engine.sendText(id, text);
    if (i === 4 || i === 12) server.down();
    if (i === 8) writer = await writer.reload();
    if (i === 9 || i === 15) server.up();
    if (i === 6) bob.engine.close();
  }
  await allShow([carol], expected);
  const back = await bob.reload();
  await until(async () => (await textsOf(back, id)).length === 20);
  assertEquals(expected, await textsOf(back, id));
  assertEquals(expected, await textsOf(writer, id));
  assertEquals(20, entriesOf(server, id).filter(type => type === 'post').length);
  assertEquals([], [writer, back, carol].flatMap(({ alarms }) => alarms));
});

async function textsOf(person, id) {
  const history = await person.engine.loadMessages(id, { limit: 100 });
  return history.filter(({ kind }) => kind === 'text').map(({ text }) => text);
}

scenario('answersLostAfterTheServerStoredAreNoDuplicates', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  const append = server['_group-append'];
  let losses = 0;
  server['_group-append'] = async function (frame, sender) {
    const answer = await append.call(server, frame, sender);
    if (losses++ % 2 === 0) {
      sender.connection?.socket.close(1006);
      return null;
    }
    return answer;
  };
  await alice.engine.renameGroup(id, 'Once');
  await alice.engine.sendText(id, 'once');
  await allShow([bob], ['once']);
  await until(async () => {
    const { outbox, operations } = await dump(alice.user);
    return outbox.length === 0 && operations.length === 0;
  });
  assertEquals(['commit', 'post'], entriesOf(server, id).slice(-2));
  assertEquals('Once', bob.conversations.get(id).name);
});

scenario('groupIsMadeAcrossALostAnswer', async () => {
  const { server, people } = await world('alice');
  const [alice] = people;
  const append = server['_group-append'];
  server['_group-append'] = async function (frame, sender) {
    server['_group-append'] = append;
    await append.call(server, frame, sender);
    sender.connection.socket.close(1006);
    return null;
  };
  const id = await alice.engine.createGroup('Still one');
  assertEquals(['member', 1], [statusIn(alice, id), server.groups.logs.size]);
});

scenario('operationsWithoutAConnectionAreRefusedInWords', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await alice.engine.createGroup('Offline');
  server.down();
  await alice.until(() => alice.status !== 'connected');
  const error = await assertThrows(() => alice.engine.inviteMembers(id, [bob.user]), UserError);
  assertEquals('offline', error.code);
  assert(error.text.length > 20);
  assertEquals([], (await dump(alice.user)).operations);
  server.up();
  await alice.until(() => alice.status === 'connected');
  assertEquals(1, entriesOf(server, id).length);
});

scenario('whatCannotBeAskedForIsRefusedBeforeAnythingIsSent', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await alice.engine.createGroup('  Trimmed  ');
  assertEquals('Trimmed', alice.conversations.get(id).name);
  const cases = {
    'group-name': () => alice.engine.createGroup(' '),
    'group-no-people': () => alice.engine.inviteMembers(id, []),
    'group-yourself': () => alice.engine.inviteMembers(id, [alice.user]),
    'group-too-many': () => alice.engine.inviteMembers(
      id, Array.from({ length: 33 }, (_, i) => `u${i}-x`)),
    'name-invalid': () => alice.engine.inviteMembers(id, ['No Name']),
    'unknown-user': () => alice.engine.inviteMembers(id, ['nobody-here']),
    'group-no-member': () => alice.engine.setRole(id, bob.user, 'admin'),
    'no-such-conversation': () => alice.engine.leaveGroup(`group:${'0'.repeat(32)}`),
  };
  for (const [code, run] of Object.entries(cases)) assertEquals(code, await refusal(run));
  const { text } = await assertThrows(
    () => alice.engine.inviteMembers(id, ['nobody-here', bob.user]), UserError);
  assertEquals('Nobody here is called nobody-here. Check the name with the person.', text);
  assertEquals('group-name', await refusal(() => alice.engine.renameGroup(id, 'x'.repeat(65))));
  assertEquals('group-name', await refusal(() => alice.engine.renameGroup(id, 'a\nb')));
  await alice.engine.removeMember(id, bob.user);
  assertEquals(1, entriesOf(server, id).length);
  await alice.engine.inviteMembers(id, [bob.user]);
  await bob.until(() => statusIn(bob, id) === 'invited');
  assertEquals('group-invited-only', await refusal(() => bob.engine.leaveGroup(id)));
});

scenario('anotherAccountKeyInTheRosterStopsSendingUntilItIsAccepted', async () => {
  const { server, people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  const talk = await bob.engine.startConversation(carol.user);
  server.users.delete(carol.user);
  carol.engine.close();
  await AccountStore.erase(carol.user);
  const other = await Person.open();
  other.user = carol.user;
  await other.engine.createAccount({ user: carol.user, password: PASSWORD });
  const id = await groupOf([alice, bob, other]);
  assertEquals([carol.user], groupIn(bob, id).blockedBy);
  await bob.until(() => bob.conversations.get(talk).keyChanged);
  await bob.engine.sendText(id, 'for whom?');
  await other.engine.sendText(id, 'hello');
  for (const one of [alice, bob]) await one.until(() => one.texts.includes('hello'));
  assertEquals(['hello'], alice.texts);
  await bob.engine.acceptNewKey(carol.user);
  await bob.until(() => groupIn(bob, id).blockedBy.length === 0);
  await allShow([alice, other], ['hello', 'for whom?']);
});

scenario('oneTimePrekeyIsUsedOnceByASessionAndByInvitations', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const kindsIn = id => logOf(server, id).entries.flatMap(({ pieces }) => pieces ?? [])
    .map(({ prekeyKind }) => prekeyKind);
  const first = await alice.engine.createGroup('First');
  await alice.engine.inviteMembers(first, [bob.user]);
  await accept(bob, first);
  assertEquals(['one-time'], kindsIn(first));
  // The server gives the same one again, within its ten minutes, and bob has erased it.
  const talk = await alice.engine.startConversation(bob.user);
  await alice.engine.sendText(talk, 'opened with the signed one');
  await bob.until(() => bob.texts.length === 1);
  const second = await alice.engine.createGroup('Second');
  await alice.engine.inviteMembers(second, [bob.user]);
  await accept(bob, second);
  assertEquals(['signed'], kindsIn(second));
  await alice.until(() => alice.timeline.some(({ state }) => state === 'delivered'));
});

scenario('everyTabMayChangeTheGroup', async () => {
  const { people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const tab = await alice.tab();
  await tab.until(() => tab.status === 'connected');
  const id = await tab.engine.createGroup('From a tab');
  await tab.engine.inviteMembers(id, [bob.user]);
  await accept(bob, id);
  await tab.engine.sendText(id, 'from the tab');
  await allShow([bob, alice, tab], ['from the tab']);
  await tab.engine.saveDraft(id, 'half a thought');
  await alice.until(() => alice.conversations.get(id).draft === 'half a thought');
  await bob.engine.markRead(id, 99);
  await bob.until(() => bob.conversations.get(id).unread === 0);
  const before = tab.events.length;
  alice.engine.close();
  await tab.until(() => tab.events.slice(before).some(event => event.status === 'connected'));
  await tab.engine.renameGroup(id, 'Led by the tab');
  await bob.until(() => bob.conversations.get(id).name === 'Led by the tab');
});

scenario('whatCannotBeSentAnyMoreSaysSo', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  server.down();
  await bob.until(() => bob.status !== 'connected');
  const sent = await bob.engine.sendText(id, 'too late');
  server.users.get(bob.user).token = 'kept away';
  server.up();
  await alice.until(() => alice.status === 'connected');
  await alice.engine.removeMember(id, bob.user);
  server.users.get(bob.user).token = null;
  await bob.engine.signIn({ user: bob.user, password: PASSWORD });
  await bob.until(() => statusIn(bob, id) === 'removed');
  await bob.until(() => bob.messages.get(sent).state === 'not-sent');
  assertEquals('You do not belong to this group any more.', bob.messages.get(sent).reason);
  await bob.engine.retry(sent);
  await bob.until(() => bob.messages.get(sent).state === 'not-sent');
  await bob.engine.deleteUnsent(sent);
  assertEquals([], bob.texts);
  assertEquals([], alice.texts);
});

scenario('ownPostMovesToItsPlaceInTheLog', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  let release;
  const append = server['_group-append'];
  server['_group-append'] = async (frame, sender) => {
    if (sender.user === alice.user) await new Promise(resolve => { release = resolve; });
    return append.call(server, frame, sender);
  };
  await alice.engine.sendText(id, 'typed first');
  await until(() => release);
  await bob.engine.sendText(id, 'stored first');
  await alice.until(() => alice.texts.length === 2);
  assertEquals(['typed first', 'stored first'], alice.texts);
  release();
  await alice.until(() => alice.timeline.some(({ state }) => state === 'sent'));
  assertEquals(['stored first', 'typed first'], alice.texts);
  assertEquals(alice.texts, await textsOf(alice, id));
});

scenario('nothingReadableOfGroupsLiesInTheDatabase', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const secrets = ['name-marker-1', 'text-marker-2', 'name-marker-3'];
  const id = await groupOf(people, secrets[0]);
  await alice.engine.sendText(id, secrets[1]);
  await bob.until(() => bob.texts.length === 1);
  await alice.engine.renameGroup(id, secrets[2]);
  await bob.until(() => bob.conversations.get(id).name === secrets[2]);
  for (const person of people) {
    const found = JSON.stringify(await dump(person.user), (_, value) => {
      if (value instanceof Map) return [...value];
      return value instanceof Uint8Array ? String.fromCharCode(...value) : value;
    });
    for (const secret of secrets) assert(!found.includes(secret), secret);
    const [[, row]] = (await dump(person.user)).groups;
    assert(!('keys' in row) && !('name' in row));
  }
  assertEquals(2, server.users.size);
});
