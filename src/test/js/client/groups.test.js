import { assert, assertEquals, assertThrows } from '../harness.js';
import { UserError } from '/client/user-error.js';
import {
  accept, allShow, entriesOf, groupIn, groupOf, logOf, membersIn, noticesOf, statusIn, world,
} from './group-people.js';
import { dump, scenario, until } from './people.js';

async function refusal(run) {
  return (await assertThrows(run, UserError)).code;
}

scenario('groupIsMadeAndAllWriteInOneOrder', async () => {
  const { server, people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  const id = await groupOf(people);
  assertEquals(['group', 'Climbing'], (({ kind, name }) => [kind, name])(
    bob.conversations.get(id)));
  await Promise.all(people.map(person => person.engine.sendText(id, `I am ${person.user}`)));
  const isSettled = ({ timeline, texts }) => texts.length === 3
    && timeline.every(({ state }) => !state || state === 'sent');
  await until(() => people.every(isSettled), 'all texts in their places');
  await allShow([bob, carol], alice.texts);
  assertEquals([], people.flatMap(({ alarms }) => alarms));
  assertEquals(['commit', 'commit', 'confirm', 'confirm', 'post', 'post', 'post'],
    entriesOf(server, id));
  await bob.until(() => bob.conversations.get(id).unread === 2);
  await until(() => people.every(({ user }) =>
    server.users.get(user).groupCursors.size === 1), 'acknowledgements');
});

scenario('whatHappensIsSaidInWords', async () => {
  const { people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  const id = await alice.engine.createGroup('Climbing');
  await alice.engine.inviteMembers(id, [bob.user, carol.user]);
  await accept(bob, id);
  await carol.until(() => statusIn(carol, id) === 'invited');
  await carol.engine.declineInvitation(id);
  await alice.engine.setRole(id, bob.user, 'admin');
  await alice.engine.renameGroup(id, 'Walking');
  await bob.engine.removeMember(id, alice.user);
  await alice.until(() => statusIn(alice, id) === 'removed');
  assertEquals([
    'alice created the group', 'alice invited bob', 'alice invited carol', 'bob joined',
    'carol declined the invitation', 'alice made bob an admin', 'alice named the group “Walking”',
    'bob removed you',
  ], noticesOf(alice, people));
  assertEquals(['alice invited you', 'alice invited carol', 'You joined. You can read from here on',
    'carol declined the invitation', 'alice made you an admin'],
  noticesOf(bob, people).slice(0, 5));
  assertEquals('left', statusIn(carol, id));
  assertEquals(['Walking', [bob.user]], [bob.conversations.get(id).name, membersIn(bob, id)]);
  assertEquals('not-member', await refusal(() => alice.engine.renameGroup(id, 'Mine')));
});

scenario('memberLeavesAndNextPosterRekeys', async () => {
  const { server, people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  const id = await groupOf(people);
  await bob.engine.leaveGroup(id);
  await until(() => statusIn(bob, id) === 'left');
  await carol.until(() => groupIn(carol, id).members.find(m => m.user === bob.user)?.leaving);
  await carol.engine.sendText(id, 'without bob');
  await allShow([alice, carol], ['without bob']);
  assertEquals(['proposal', 'commit', 'post'], entriesOf(server, id).slice(-3));
  assertEquals([alice.user, carol.user], membersIn(alice, id));
  assertEquals([], bob.texts);
  const log = logOf(server, id);
  assert(log.entries.at(-2).pieces.every(({ user }) => user !== bob.user));
});

scenario('soleAdminMustNameAnother', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  const before = entriesOf(server, id);
  assertEquals('last-admin', await refusal(() => alice.engine.leaveGroup(id)));
  assertEquals('last-admin', await refusal(() => alice.engine.setRole(id, alice.user, 'member')));
  assertEquals('not-admin', await refusal(() => bob.engine.removeMember(id, alice.user)));
  assertEquals(before, entriesOf(server, id));
  await alice.engine.setRole(id, bob.user, 'admin');
  await alice.engine.leaveGroup(id);
  await bob.engine.sendText(id, 'alone');
  await bob.until(() => bob.timeline.at(-1).state === 'sent');
  assertEquals([bob.user], membersIn(bob, id));
});

scenario('declinedInviteeCannotOpenNextPost', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await alice.engine.createGroup('Two');
  await alice.engine.inviteMembers(id, [bob.user]);
  await bob.until(() => statusIn(bob, id) === 'invited');
  await bob.engine.declineInvitation(id);
  await alice.engine.sendText(id, 'just me');
  await alice.until(() => alice.timeline.at(-1).state === 'sent');
  const log = logOf(server, id);
  assertEquals(['proposal', 'commit', 'post'], entriesOf(server, id).slice(-3));
  assertEquals([], log.entries.at(-2).pieces);
  const [[, row]] = (await dump(bob.user)).groups;
  assertEquals([false, 'left'], [row.hasKeys, row.ended]);
});

scenario('inviteeConfirmsTenEpochsLater', async () => {
  const { server, people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  const id = await groupOf([alice, carol]);
  await alice.engine.inviteMembers(id, [bob.user]);
  await bob.until(() => statusIn(bob, id) === 'invited');
  const back = await bob.reload();
  for (let i = 0; i < 10; i++) {
    await alice.engine.renameGroup(id, `Name ${i}`);
    await carol.engine.sendText(id, `text ${i}`);
  }
  await alice.until(() => alice.texts.length === 10);
  await accept(back, id);
  await carol.engine.sendText(id, 'for bob too');
  await back.until(() => back.texts.length === 1);
  assertEquals(['for bob too'], back.texts);
  assertEquals([], [...alice.alarms, ...back.alarms]);
  assert(!noticesOf(alice, people).some(text => text.includes('do not fit')));
});

scenario('twoAdminsAtOnce', async () => {
  const { server, people } = await world('alice', 'bob', 'carol', 'dave');
  const [alice, bob, carol, dave] = people;
  const id = await groupOf([alice, bob]);
  await alice.engine.setRole(id, bob.user, 'admin');
  await bob.until(() => groupIn(bob, id).isAdmin);
  await Promise.all([alice.engine.inviteMembers(id, [carol.user]),
    bob.engine.inviteMembers(id, [carol.user, dave.user])]);
  await alice.until(() => groupIn(alice, id).members.length === 4);
  await Promise.all([accept(carol, id), accept(dave, id)]);
  await dave.engine.sendText(id, 'four');
  await allShow(people, ['four']);
  await Promise.all([alice.engine.removeMember(id, dave.user),
    bob.engine.removeMember(id, dave.user)]);
  await until(() => statusIn(dave, id) === 'removed');
  const removals = logOf(server, id).entries.filter(({ frame: { content } }) =>
    content.ops?.some(({ op }) => op === 'remove'));
  assertEquals(1, removals.length);
});

scenario('staleEpochPostIsRefusedAndResent', async () => {
  const { server, people } = await world('alice', 'bob', 'carol');
  const [alice, bob] = people;
  const id = await groupOf(people);
  // Bob does not hear of the commit before his post was refused.
  const held = [];
  server.groups.onPush = async (frame, user) => {
    if (user.user === bob.user && held) await new Promise(resolve => { held.push(resolve); });
    return frame;
  };
  await alice.engine.renameGroup(id, 'New keys');
  await bob.engine.sendText(id, 'for the new epoch');
  await until(() => server.frames('group-append', bob.user)
    .some(({ content }) => content.type === 'post'), 'the refused post');
  server.groups.onPush = frame => frame;
  held.forEach(release => release());
  await allShow(people, ['for the new epoch']);
  const posts = server.frames('group-append', bob.user)
    .filter(({ content }) => content.type === 'post');
  assertEquals(posts[0].messageId, posts.at(-1).messageId);
  assert(posts[0].ciphertext !== posts.at(-1).ciphertext);
  assert(posts[0].content.epoch < posts.at(-1).content.epoch);
  assertEquals(1, entriesOf(server, id).filter(type => type === 'post').length);
});

scenario('removedWhileAwayAndAllReadTheRest', async () => {
  const { people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  const id = await groupOf(people);
  await alice.engine.sendText(id, 'before');
  await allShow([bob, carol], ['before']);
  bob.engine.close();
  await alice.engine.removeMember(id, carol.user);
  await alice.engine.sendText(id, 'after');
  assertEquals({ removed: carol.user, unseen: [bob.user] },
    await unseenBy(alice, id, ({ unseen }) => unseen.length === 1));
  const back = await bob.reload();
  await back.until(() => back.texts.includes('after'));
  await carol.until(() => statusIn(carol, id) === 'removed');
  const history = await back.engine.loadMessages(id, { limit: 50 });
  assertEquals(['before', 'after'], history.filter(({ kind }) => kind === 'text')
    .map(({ text }) => text));
  assertEquals(['before'], carol.texts);
  assertEquals(0, (await unseenBy(alice, id, ({ unseen }) => unseen.length === 0)).unseen.length);
});

async function unseenBy(person, id, condition) {
  let found;
  await until(async () => {
    found = await person.engine.loadUnseen(id);
    return condition(found);
  });
  return found;
}

scenario('removedPersonMayComeBack', async () => {
  const { people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  await bob.engine.sendText(id, 'one');
  await alice.until(() => alice.texts.length === 1);
  await alice.engine.removeMember(id, bob.user);
  await bob.until(() => statusIn(bob, id) === 'removed');
  await alice.engine.sendText(id, 'two');
  await alice.engine.inviteMembers(id, [bob.user]);
  await accept(bob, id);
  await alice.engine.sendText(id, 'three');
  await allShow([alice], ['one', 'two', 'three']);
  await allShow([bob], ['one', 'three']);
});

scenario('nobodyIsToldThatOneselfHasNotSeenARemoval', async () => {
  const { server, people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  const id = await groupOf(people);
  await alice.engine.removeMember(id, carol.user);
  server['_group-seen'] = async () =>
    ({ type: 'group-seen-by', unseen: [alice.user, bob.user] });
  assertEquals([bob.user], (await alice.engine.loadUnseen(id)).unseen);
});
