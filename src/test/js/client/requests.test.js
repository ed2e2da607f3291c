import { assertEquals } from '../harness.js';
import { metaOf, signInElsewhere, synced } from './own-devices.js';
import { Person, dump, pair, scenario, until } from './people.js';

const standing = (person, id) => person.conversations.get(id)?.standing;

/** Bob asks to be accepted by whoever writes to him. */
async function asking() {
  const all = await pair();
  await all.bob.engine.setOpenToAll(false);
  return all;
}

const sentBy = (server, { user }) => server.frames('send', user).length;

scenario('strangerIsKeptApartAndHearsNothingUntilAccepted', async () => {
  const { server, alice, bob, id } = await asking();
  await alice.engine.sendText(id, 'hello');
  await bob.until(() => bob.texts.includes('hello') && standing(bob, id) === 'asked');
  assertEquals(0, bob.conversations.get(id).unread);
  await bob.engine.markRead(id, bob.timeline.at(-1).ordinal);
  await alice.engine.sendText(id, 'are you there?');
  await bob.until(() => bob.texts.length === 2);
  const reloaded = await bob.reload();
  await reloaded.until(() => reloaded.status === 'connected' && standing(reloaded, id) === 'asked');
  assertEquals(0, sentBy(server, bob));
  assertEquals(['sent', 'sent'], alice.timeline.map(({ state }) => state));
  await reloaded.engine.accept(id);
  await alice.until(() => alice.timeline.every(({ state }) => state === 'delivered'));
  await alice.until(() => alice.conversations.get(id).seenOrdinal === 1);
  assertEquals('accepted', standing(reloaded, id));
  assertEquals(1, reloaded.conversations.get(id).unread);
});

scenario('whoeverIsWrittenToIsAccepted', async () => {
  const { alice, bob, id } = await asking();
  await alice.engine.sendText(id, 'hello');
  await bob.until(() => standing(bob, id) === 'asked');
  await bob.engine.sendText(id, 'who are you?');
  await alice.until(() => alice.timeline[0].state === 'delivered');
  await bob.until(() => standing(bob, id) === 'accepted');
});
