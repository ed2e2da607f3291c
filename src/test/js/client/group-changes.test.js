/** Answers, reactions, edits and deletes in groups (docs/protocol.md §9.5, §7.7). */
import { LIST_PAUSE } from '/client/group-lanes.js';
import { AccountStore } from '/store/account-store.js';
import { changePlace } from '/store/changes.js';
import { messagePlace, rowId } from '/store/conversations.js';
import { addOutgoing } from '/store/outbox.js';
import { assertEquals } from '../harness.js';
import { isIdle } from './browsers.js';
import { entriesOf, groupIn, groupOf, statusIn, world } from './group-people.js';
import { copyOf, restoreFrom } from './in-page-copy.js';
import { changesIn, loaded, lookOf, looks } from './looks.js';
import { signInElsewhere } from './own-devices.js';
import { scenario, until } from './people.js';

Object.assign(LIST_PAUSE, { min: 1, max: 20 });

/** Three in a group, and a text of the first that all have. */
async function talking() {
  const { server, people } = await world('alice', 'bob', 'carol');
  const id = await groupOf(people);
  const text = await people[0].engine.sendText(id, 'hello');
  await allLook(people, text, 'text', 'hello', false, '');
  return { server, people, id, text };
}

const allLook = (people, ...look) => Promise.all(people.map(one => looks(one, ...look)));

/** As a browser that means harm would. */
async function forge(person, conversation, { secret, ...fields }) {
  const store = await AccountStore.open(person.user);
  const row = {
    conversation, id: rowId(person.user, crypto.getRandomValues(new Uint8Array(16))), mine: true,
    from: person.user, sentAt: Date.now(), state: 'pending', to: conversation, ...fields,
  };
  row.ordinal = `${changePlace(row)} forged`;
  if (secret) row.sealed = await store.sealing.seal(messagePlace(row), secret);
  await store.write(['messages', 'outbox'], stores => {
    stores.messages.put(row);
    addOutgoing(stores, { to: conversation, type: 'text', message: row.id });
  });
  store.close();
}

scenario('groupShowsOneLookToAll', async () => {
  const { people, id, text } = await talking();
  const [alice, bob, carol] = people;
  const answer = await bob.engine.sendText(id, 'hello too', { replyTo: text });
  await carol.engine.react(text, '🎉');
  await bob.engine.react(text, '👍');
  await alice.engine.react(text, '👍');
  await allLook(people, text, 'text', 'hello', false, '👍2,🎉1');
  await alice.engine.edit(text, 'hello, both');
  await allLook(people, text, 'text', 'hello, both', true, '👍2,🎉1');
  await carol.until(() => carol.messages.get(answer)?.replyTo.text === 'hello, both');
  assertEquals([2, 1], [carol, bob].map(one => one.conversations.get(id).unread));
  await bob.engine.deleteForAll(answer);
  await allLook(people, answer, 'deleted', '', false, '');
  await carol.until(() => carol.conversations.get(id).unread === 1);
  assertEquals(['', 'deleted'],
    (({ lastText, lastKind }) => [lastText, lastKind])(carol.conversations.get(id)));
  for (const one of people) {
    await until(() => isIdle(one));
    assertEquals(one.messages.get(text), await loaded(one, id, text));
    assertEquals(['delete', 'edit', 'reaction', 'reaction', 'reaction'],
      (await changesIn(one)).map(({ kind }) => kind).sort());
  }
});

scenario('nobodyChangesWhatAnotherMemberWroteAndTheGroupGoesOn', async () => {
  const { people, id, text } = await talking();
  const [alice, bob, carol] = people;
  await forge(bob, id, { kind: 'edit', target: text, nr: 9, secret: 'forged' });
  await forge(bob, id, { kind: 'delete', target: text });
  await forge(bob, id, { kind: 'reaction', target: 'alice/tooshort', nr: 1, secret: '👍' });
  const last = await bob.engine.sendText(id, 'and on');
  await allLook([alice, carol], last, 'text', 'and on', false, '');
  for (const one of [alice, carol]) {
    assertEquals(['text', 'hello', false, ''], lookOf(one, text));
    assertEquals(1, one.timeline.filter(({ kind }) => kind === 'undecryptable').length);
    assertEquals([[], null], [one.alarms, groupIn(one, id).alarm]);
  }
});

scenario('reactionThatNobodyGetsIsShownNowhere', async () => {
  const { server, people, id, text } = await talking();
  const [alice, bob, carol] = people;
  server.down();
  await carol.engine.react(text, '👍');
  carol.engine.close();
  server.up();
  await alice.until(() => alice.status === 'connected', 'the connection');
  await alice.engine.removeMember(id, carol.user);
  const back = await carol.reload();
  await back.until(() => statusIn(back, id) === 'removed', 'that she is out');
  await until(async () => (await changesIn(back)).length === 0, 'the reaction to go');
  assertEquals(undefined, (await loaded(back, id, text)).reactions);
  assertEquals(['text', 'hello', false, ''], lookOf(bob, text));
});

scenario('whatOneBrowserChangesAnotherOfTheSamePersonShows', async () => {
  const { server, people, id, text } = await talking();
  const [alice, bob] = people;
  const phone = await signInElsewhere(alice, 'phone');
  await phone.until(() => statusIn(phone, id) === 'member', 'membership');
  const later = await bob.engine.sendText(id, 'for the phone');
  await looks(phone, later, 'text', 'for the phone', false, '');
  await phone.engine.react(later, '👍');
  await allLook([...people, phone], later, 'text', 'for the phone', false, '👍1');
  assertEquals(true, alice.messages.get(later).reactions[0].mine);
  await alice.engine.react(later, null);
  await allLook([...people, phone], later, 'text', 'for the phone', false, '');
  await alice.engine.deleteForAll(text);
  await allLook(people, text, 'deleted', '', false, '');
  await phone.until(async () => (await changesIn(phone)).some(({ kind }) => kind === 'delete'));
  assertEquals(4, entriesOf(server, id).filter(type => type === 'post').length - 1);
});

scenario('restoredServerIsToldOfChangesInAGroupAgain', async () => {
  const { server, people, id, text } = await talking();
  const [alice, bob, carol] = people;
  const copy = copyOf(server);
  carol.engine.close();
  await bob.engine.react(text, '👍');
  await alice.engine.edit(text, 'hello again');
  await allLook([alice, bob], text, 'text', 'hello again', true, '👍1');
  await restoreFrom(server, copy);
  const back = await carol.reload();
  await until(async () => {
    const { text: said, reactions } = await loaded(back, id, text);
    return said === 'hello again' && reactions?.length === 1;
  }, 'what the server had lost');
  for (const one of [alice, bob]) assertEquals(['text', 'hello again', true, '👍1'], lookOf(one, text));
});
