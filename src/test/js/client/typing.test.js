/** Who is writing (docs/protocol.md §7.10). */
import { base64url, fromBase64url, randomBytes, utf8 } from '/crypto/bytes.js';
import { sealTyping } from '/crypto/typing.js';
import { TypingPace } from '/client/typing-pace.js';
import { buildTyping, parseTyping } from '/client/typing-content.js';
import { Typists } from '/client/typists.js';
import { FrameError } from '/protocol/fields.js';
import { JsonError } from '/protocol/strict-json.js';
import { AccountStore } from '/store/account-store.js';
import { openTypingKey, typingKeyRow } from '/store/typing-keys.js';
import { assert, assertEquals, assertThrows, test } from '../harness.js';
import { four, quiet } from './browsers.js';
import { groupOf, world } from './group-people.js';
import { HOST, dump, pair, scenario } from './people.js';
import { inProfile } from './profiles.js';

test('it is told once in four seconds and its end once', () => {
  let now = 0;
  const pace = new TypingPace(4_000, () => now);
  const told = isWriting => pace.take('c', isWriting);
  assertEquals([false, true, true, false], [told(false), told(true), pace.take('d', true), told(true)]);
  now = 3_999;
  assertEquals([false, true, false, false], [told(true), told(false), told(false), told(true)]);
  now = 4_000;
  assertEquals([true, true], [told(true), told(false)]);
  now = 8_000;
  told(true);
  pace.sent('c');
  assertEquals([false, true], [told(false), told(true)]);
});

test('somebody is shown until they stop or have written', () => {
  const events = [];
  const typists = new Typists(({ user, isWriting }) => events.push(`${user} ${isWriting}`));
  typists.show('c', 'bob', false);
  typists.show('c', 'bob', true);
  typists.show('c', 'carol', true);
  typists.heard('c', [{ from: 'bob', receivedAt: 1 }, { from: 'dave', receivedAt: Date.now() }]);
  typists.heard('d', [{ from: 'bob', receivedAt: Date.now() }]);
  assertEquals(['bob true', 'carol true'], events.splice(0));
  typists.heard('c', [{ from: 'bob', receivedAt: Date.now() }]);
  typists.heard('c', [{ from: 'bob', receivedAt: Date.now() }]);
  typists.clear();
  typists.clear();
  assertEquals(['bob false', 'carol false'], events);
});

test('only what this version writes is read', async () => {
  assertEquals({ nr: 7, typing: false }, parseTyping(buildTyping(7, false)));
  const wrong = [
    '{}', '[]', '{"version":2,"nr":1,"typing":true}', '{"version":1,"nr":0,"typing":true}',
    '{"version":1,"nr":1,"typing":1}', '{"version":1,"nr":1}', '{"version":1,"nr":1,"nr":1,"typing":true}',
    '{"version":1,"nr":1,"typing":true,"text":"x"}', '{"version":1,"nr":1,"typing":true} x',
  ];
  for (const text of wrong) {
    const error = await assertThrows(() => parseTyping(utf8(text)), Error);
    assert(error instanceof FrameError || error instanceof JsonError, text);
  }
});

/** It may be told again. */
const { performance } = globalThis;
const rising = performance.now.bind(performance);
let ahead = 0;
performance.now = () => rising() + ahead;
const later = () => { ahead += 4_000; };

const typingOf = one => one.events.filter(({ type }) => type === 'typing');
const isShown = (one, user) => typingOf(one).findLast(event => event.user === user)?.isWriting;

/** Those who are shown a text have the key that came with it. */
async function talk(id, from, to, text) {
  await from.engine.sendText(id, text);
  for (const one of to) await one.until(() => one.texts.includes(text), text);
  await from.until(() => from.timeline.find(row => row.text === text).state !== 'pending');
}

const keyOf = (one, id, device) => inStore(one, async store => {
  const row = await store.read(['typingKeys'], stores => typingKeyRow(stores, id, device));
  return row && base64url(await openTypingKey(store, row));
});

const numberOf = (one, id, device) => inStore(one, async store =>
  (await store.read(['typingKeys'], stores => typingKeyRow(stores, id, device))).nr);

async function inStore(one, run) {
  const store = await inProfile(one.profile, () => AccountStore.open(one.user));
  try {
    return await run(store);
  } finally {
    store.close();
  }
}

scenario('somebodyIsSeenWritingUntilTheirTextIsThere', async () => {
  const { server, id, alice, bob } = await pair();
  alice.engine.typing(id, true);
  await talk(id, alice, [bob], 'one');
  await talk(id, bob, [alice], 'two');
  assertEquals([[], []], [typingOf(alice), typingOf(bob)], 'nobody had a key');

  alice.engine.typing(id, true);
  await bob.until(() => isShown(bob, alice.user));
  await talk(id, alice, [bob], 'three');
  await bob.until(() => !isShown(bob, alice.user));
  alice.engine.typing(id, false);
  later();
  const tab = await alice.tab();
  await tab.until(() => tab.status === 'connected');
  tab.engine.typing(id, true);
  await bob.until(() => isShown(bob, alice.user));
  tab.engine.typing(id, false);
  await bob.until(() => !isShown(bob, alice.user));
  const event = { type: 'typing', conversation: id, user: alice.user };
  assertEquals([true, false, true, false].map(isWriting => ({ ...event, isWriting })), typingOf(bob));
  assertEquals(3, server.frames('typing').length, 'a text needs no end');
  assert(server.frames('typing').every(({ sealed }) => sealed.length === base64url(randomBytes(92)).length));
  const plain = await keyOf(alice, id);
  assert(!JSON.stringify(await dump(alice.user)).includes(plain));
});

scenario('whatIsReplayedOrForAnotherPlaceIsNotHeeded', async () => {
  const { server, id, alice, bob } = await pair();
  await talk(id, alice, [bob], 'one');
  const { deviceId } = await inStore(alice, store => store.meta('account'));
  const key = fromBase64url(await keyOf(alice, id));
  const place = { serverHost: HOST, conversation: id, user: alice.user, device: deviceId };
  const push = async (change, nr, typing, more) => {
    const sealed = await sealTyping(key, { ...place, ...change }, buildTyping(nr, typing));
    const frame = { fromUser: alice.user, fromDevice: deviceId, sealed, ...more };
    for (const { connection } of server.users.get(bob.user).devices.values()) {
      await connection.push('typing', frame);
    }
  };
  await push({}, 5, true);
  await bob.until(() => isShown(bob, alice.user));
  await push({}, 5, false);
  await push({}, 4, false);
  await push({ conversation: 'a+b' }, 6, false);
  await push({ device: '0'.repeat(32) }, 7, false);
  await push({ serverHost: 'other.example' }, 8, false);
  await push({}, 9, false, { sealed: randomBytes(92) });
  await push({}, 10, false, { fromDevice: 'f'.repeat(32) });
  await push({}, 11, false, { group: 'f'.repeat(32) });
  await push({}, 12, true);
  await bob.until(() => typingOf(bob).length === 2);
  assertEquals([true, true], typingOf(bob).map(({ isWriting }) => isWriting));
  const back = await bob.reload();
  await back.until(() => back.status === 'connected');
  await push({}, 12, true);
  await push({}, 13, true);
  await back.until(() => isShown(back, alice.user));
  assertEquals(13, await numberOf(back, id, deviceId), 'a reload forgets no number');
});

scenario('whoSwitchedItOffIsNeitherSeenNorSees', async () => {
  const { server, id, alice, bob } = await pair();
  await bob.engine.setTyping(false);
  await talk(id, alice, [bob], 'one');
  await talk(id, bob, [alice], 'two');
  const { deviceId } = await inStore(bob, store => store.meta('account'));
  assertEquals([undefined, undefined],
    [await keyOf(bob, id), await keyOf(alice, id, deviceId)], 'no text is longer for nothing');
  alice.engine.typing(id, true);
  bob.engine.typing(id, true);
  await alice.until(() => server.frames('typing', alice.user).length === 1);
  await talk(id, alice, [bob], 'three');
  await talk(id, bob, [alice], 'four');
  assertEquals([[], []], [typingOf(alice), typingOf(bob)]);
  assertEquals(0, server.frames('typing', bob.user).length);
});

scenario('aKeyIsRenewedForOtherDevicesOnlyAndNothingIsToldBefore', async () => {
  const { server, id, alice, phone, bob } = await four();
  await talk(id, alice, [phone, bob], 'hello');
  await talk(id, bob, [alice, phone], 'a key');
  const first = await keyOf(bob, id);
  await talk(id, bob, [alice, phone], 'no key');
  assertEquals(first, await keyOf(bob, id));
  bob.engine.typing(id, true);
  for (const one of [alice, phone]) await one.until(() => isShown(one, bob.user));
  bob.engine.typing(id, false);
  await alice.until(() => !isShown(alice, bob.user));
  await inStore(bob, store => store.write(['typingKeys'], async stores => {
    const row = await typingKeyRow(stores, id);
    stores.typingKeys.put({ ...row, audience: 'other devices' });
  }));
  later();
  bob.engine.typing(id, true);
  await talk(id, bob, [alice, phone], 'another key');
  const second = await keyOf(bob, id);
  assert(second !== first);
  assertEquals(2, server.frames('typing', bob.user).length);
  const { deviceId } = await inStore(bob, store => store.meta('account'));
  assertEquals(second, await keyOf(alice, id, deviceId));
});

scenario('membersOfAGroupSeeWhoIsWriting', async () => {
  const { server, people } = await world('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  const id = await groupOf(people);
  await talk(id, alice, [bob, carol], 'one');
  alice.engine.typing(id, true);
  for (const one of [bob, carol]) await one.until(() => isShown(one, alice.user));
  await carol.engine.block(alice.user);
  alice.engine.typing(id, false);
  await bob.until(() => !isShown(bob, alice.user));
  later();
  alice.engine.typing(id, true);
  await bob.until(() => isShown(bob, alice.user));
  await talk(id, alice, [bob, carol], 'two');
  await bob.until(() => !isShown(bob, alice.user));
  assertEquals(1, typingOf(carol).filter(({ isWriting }) => isWriting).length, 'not of the blocked');
  assertEquals(3, server.frames('typing', alice.user).length);
});

scenario('toWhoAsksOrIsBlockedNothingIsTold', async () => {
  const { server, id, alice, bob } = await pair();
  await talk(id, alice, [bob], 'one');
  await talk(id, bob, [alice], 'two');
  await bob.engine.block(alice.user);
  bob.engine.typing(id, true);
  alice.engine.typing(id, true);
  await bob.until(() => server.frames('typing', alice.user).length === 1);
  // What comes behind it on the same connection was handled: so was it.
  await alice.engine.sendText(id, 'to somebody who does not hear');
  await quiet(server, alice, bob);
  await bob.engine.unblock(alice.user);
  bob.engine.typing(id, false);
  later();
  bob.engine.typing(id, true);
  await alice.until(() => isShown(alice, bob.user));
  assertEquals([[], 1], [typingOf(bob), server.frames('typing', bob.user).length]);
});
