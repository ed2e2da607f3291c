import { assert, assertEquals, assertThrows } from '../harness.js';
import { UserError } from '/client/user-error.js';
import { Person, scenario, until, HOST } from './people.js';
import { InPageServer } from './in-page-server.js';

/** A server, and people of these names. */
async function world(...names) {
  const server = await InPageServer.start(HOST);
  const people = [];
  for (const name of names) people.push(await Person.create(name));
  return { server, people };
}

/** A group of the first, in which all others have accepted. */
async function groupOf([first, ...others], name = 'Climbing') {
  const id = await first.engine.createGroup(name);
  if (others.length === 0) return id;
  await first.engine.inviteMembers(id, others.map(({ user }) => user));
  for (const person of others) await accepted(person, id);
  await first.until(() => members(first, id) === others.length + 1);
  return id;
}

async function accepted(person, id) {
  await person.until(() => statusOf(person, id) === 'invited', 'the invitation');
  await person.engine.acceptInvitation(id);
  await person.until(() => statusOf(person, id) === 'member', 'membership');
}

function statusOf(person, id) {
  return person.conversations.get(id)?.group.status;
}

function members(person, id) {
  return person.conversations.get(id).group.members.filter(({ role }) => role !== 'invited').length;
}

scenario('groupIsMadeAndAllWrite', async () => {
  const { people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  const id = await groupOf(people);
  assertEquals('Climbing', bob.conversations.get(id).name);
  for (const person of people) await person.engine.sendText(id, `I am ${person.user}`);
  for (const person of people) {
    await person.until(() => person.texts.length === 3, 'three texts');
    assertEquals(new Set(people.map(({ user }) => `I am ${user}`)), new Set(person.texts));
  }
  await alice.until(() => alice.timeline.every(({ state }) => !state || state === 'sent'));
  assertEquals([], [alice, bob, carol].flatMap(({ alarms }) => alarms));
});
