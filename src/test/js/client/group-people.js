/** People in groups, as tests of the client use them. */

import { HOST, Person } from './people.js';
import { InPageServer } from './in-page-server.js';

/** @returns {Promise<{server: InPageServer, people: Person[]}>} signed in, in the order of names */
export async function world(...names) {
  const server = await InPageServer.start(HOST);
  const people = [];
  for (const name of names) people.push(await Person.create(name));
  return { server, people };
}

/** A group of the first person, in which all others have accepted. @returns {Promise<string>} */
export async function groupOf([first, ...others], name = 'Climbing') {
  const id = await first.engine.createGroup(name);
  if (others.length > 0) {
    await first.engine.inviteMembers(id, others.map(({ user }) => user));
    for (const person of others) await accept(person, id);
  }
  for (const person of [first, ...others]) {
    await person.until(() => membersIn(person, id).length === others.length + 1, 'all members');
  }
  return id;
}

export async function accept(person, id) {
  await person.until(() => statusIn(person, id) === 'invited', 'the invitation');
  await person.engine.acceptInvitation(id);
  await person.until(() => statusIn(person, id) === 'member', 'membership');
}

/** What a person's list shows of a group. */
export function groupIn(person, id) {
  return person.conversations.get(id)?.group;
}

export function statusIn(person, id) {
  return groupIn(person, id)?.status;
}

/** Names of members, without people invited. */
export function membersIn(person, id) {
  return (groupIn(person, id)?.members ?? []).filter(({ role }) => role !== 'invited')
    .map(({ user }) => user);
}

/** Plain lines of a person's timeline, with the names that people have in the test. */
export function noticesOf(person, people) {
  return person.timeline.filter(({ kind }) => kind === 'notice')
    .map(({ text }) => plain(text, people));
}

/** A text with the names of a test in the place of those that no other test uses. */
export function plain(text, people) {
  return people.reduce((all, { user }) => all.replaceAll(user, user.split('-')[0]), text);
}

/** The log of a group's conversation on the server. */
export function logOf(server, id) {
  return server.groups.logs.get(id.slice('group:'.length));
}

/** The types of a log's entries, in order. */
export function entriesOf(server, id) {
  return logOf(server, id).entries.map(({ frame: { content } }) => content.type);
}

/** Everybody shows these texts, in this order. */
export async function allShow(people, texts) {
  for (const person of people) {
    await person.until(() => person.texts.length >= texts.length, `${texts.length} texts`);
    const shown = JSON.stringify(person.texts);
    if (shown !== JSON.stringify(texts)) throw new Error(`${person.user} shows ${shown}`);
  }
}
