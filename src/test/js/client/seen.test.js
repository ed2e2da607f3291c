/** What the other person has read (docs/protocol.md §7.4). */
import { AccountStore } from '/store/account-store.js';
import { addOutgoing } from '/store/outbox.js';
import { assert, assertEquals } from '../harness.js';
import { allIdle, four, shows } from './browsers.js';
import { pair, scenario } from './people.js';

const seen = (one, id) => one.conversations.get(id)?.seenOrdinal ?? 0;
const wireId = ({ id }) => id.split('/')[1];

async function readAll(one, id) {
  const last = one.timeline.findLast(({ mine }) => !mine);
  await one.engine.markRead(id, last.ordinal);
}

/** As a browser that means harm would. */
async function tell(one, to, upTo) {
  const store = await AccountStore.open(one.user);
  await store.write(['outbox'],
    stores => addOutgoing(stores, { to, type: 'seen', content: { upTo } }));
  store.close();
}

scenario('writerHearsUpToWhereItWasReadOnAllBrowsersAndAfterAReload', async () => {
  const { id, alice, phone, bob } = await four();
  await alice.engine.sendText(id, 'one');
  await alice.engine.sendText(id, 'two');
  await shows(bob, 'one', 'two');
  assertEquals([0, 0], [seen(alice, id), seen(phone, id)]);
  await readAll(bob, id);
  for (const one of [alice, phone]) {
    const last = () => one.timeline.findLast(({ text }) => text === bob.texts.at(-1));
    await one.until(() => last() && seen(one, id) >= last().ordinal);
  }
  await alice.engine.sendText(id, 'three');
  await shows(bob, 'three');
  assert(alice.timeline.at(-1).ordinal > seen(alice, id));
  const back = await alice.reload();
  await back.until(() => back.conversations.get(id)?.seenOrdinal === seen(alice, id));
});

scenario('whoSwitchesItOffTellsNobodyAndIsNotTold', async () => {
  const { server, id, alice, bob } = await pair();
  assert(await bob.engine.readReceipts());
  await bob.engine.setReadReceipts(false);
  await alice.engine.sendText(id, 'one');
  await shows(bob, 'one');
  await allIdle(bob);
  const before = server.frames('send', bob.user).length;
  await readAll(bob, id);
  await bob.engine.sendText(id, 'answer');
  await shows(alice, 'answer');
  await readAll(alice, id);
  await allIdle(alice);
  await alice.engine.sendText(id, 'after');
  await shows(bob, 'after');
  await allIdle(bob);
  assertEquals([0, 0], [seen(alice, id), seen(bob, id)]);
  assertEquals(2, server.frames('send', bob.user).length - before, 'the answer and a receipt');
});

scenario('whatNobodyWroteOrAnotherWroteIsNotTakenForRead', async () => {
  const { id, alice, bob } = await pair();
  await alice.engine.sendText(id, 'one');
  await alice.engine.sendText(id, 'two');
  await shows(bob, 'one', 'two');
  await bob.engine.sendText(id, 'mine');
  await shows(alice, 'one', 'two', 'mine');
  const own = alice.timeline.find(({ text }) => text === 'mine');
  const [first, second] = alice.timeline.filter(({ mine }) => mine);
  await tell(bob, alice.user, wireId(own));
  await tell(bob, alice.user, 'A'.repeat(22));
  await tell(bob, alice.user, wireId(second));
  await tell(bob, alice.user, wireId(first));
  await bob.engine.sendText(id, 'end');
  await shows(alice, 'one', 'two', 'mine', 'end');
  await alice.until(() => alice.conversations.get(id).lastText === 'end');
  assertEquals(second.ordinal, seen(alice, id), 'it never goes back');
});
