import { createPrekey, signDeviceList } from '/crypto/statements.js';
import { generateSigningKeyPair } from '/crypto/ed25519.js';
import { base64url } from '/crypto/bytes.js';
import { contactOf, contactWithList } from '/client/contacts.js';
import { planPrekeys, stock } from '/client/prekeys.js';
import { UserError } from '/client/user-error.js';
import { Refused } from '/crypto/refused.js';
import { AccountStore } from '/store/account-store.js';
import { settle } from '/store/database.js';
import { assert, assertEquals, assertThrows } from '../harness.js';
import { PASSWORD, Person, pair, scenario, until } from './people.js';

stock.oneTimeMax = 100;

/** Makes a person's account anew on the server, under the same name and another account key. */
async function remake(server, person) {
  server.users.delete(person.user);
  person.engine.close();
  await AccountStore.erase(person.user);
  const again = await Person.open();
  again.user = person.user;
  await again.engine.createAccount({ user: person.user, password: PASSWORD });
  return again;
}

scenario('oneTimePrekeyUnsignedIsRefused', async () => {
  const { server, alice, bob, id } = await pair();
  const [mallory, owner] = [await generateSigningKeyPair(), server.users.get(bob.user)];
  const { prekey } = await createPrekey(mallory.privateKey,
    { user: bob.user, deviceId: owner.deviceId }, 'one-time', 7);
  const forged = Object.fromEntries(Object.entries(prekey).map(([name, value]) =>
    [name, value instanceof Uint8Array ? base64url(value) : value]));
  server.onRequest = async frame => (frame.type === 'keys' ? {
    type: 'key-bundle', deviceList: owner.deviceList,
    keys: [{ device: owner.deviceId, signedPrekey: owner.signedPrekey, oneTimePrekey: forged }],
  } : undefined);
  await alice.engine.sendText(id, 'secret');
  await alice.until(() => alice.alarms.length === 1);
  assertEquals([], server.frames('send', alice.user));
  assertEquals('pending', alice.timeline[0].state);
});

scenario('deviceListRollbackIsRefused', async () => {
  const account = await generateSigningKeyPair();
  const device = await generateSigningKeyPair();
  const self = { user: 'alice', serverHost: 'chat.example' };
  const listOf = async (version, prevHash) => {
    const list = {
      user: 'bob', serverHost: 'chat.example', version, prevHash, accountKey: account.publicKey,
      devices: [{
        id: '11'.repeat(16), signKey: device.publicKey, suites: [1], addedAt: version,
        inboxStart: { sequenceNr: 0, hash: new Uint8Array(32) },
      }],
    };
    return { ...list, signature: await signDeviceList(account.privateKey, list) };
  };
  const first = await listOf(1, new Uint8Array(32));
  const one = await contactWithList(self, 'bob', undefined, first);
  const two = await contactWithList(self, 'bob', one, await listOf(2, one.pin.hash));
  assertEquals(2, two.pin.version);
  const error = await assertThrows(() => contactWithList(self, 'bob', two, first), Refused);
  assertEquals('rollback', error.reason);
});

scenario('listThatItsOwnerDidNotSignIsAnAlarmAndNotTaken', async () => {
  const { server, alice, bob } = await pair();
  const carol = await Person.create('carol');
  const owner = server.users.get(carol.user);
  const genuine = owner.deviceList;
  const { deviceId, deviceKey } = server.users.get(bob.user);
  const [device] = genuine.devices;
  owner.deviceList = { ...genuine, devices: [{ ...device, id: deviceId, signKey: deviceKey }] };
  const error = await assertThrows(() => alice.engine.startConversation(carol.user), UserError);
  assertEquals(['devices-refused', 1], [error.code, alice.alarms.length]);
  owner.deviceList = genuine;
  await alice.engine.startConversation(carol.user);
});

scenario('changedAccountKeyStopsSendingUntilTheUserChooses', async () => {
  const { server, alice, bob, id } = await pair();
  await alice.engine.sendText(id, 'before');
  await alice.until(() => alice.timeline[0].state === 'delivered');
  await alice.engine.markVerified(bob.user, true);
  const other = await remake(server, bob);
  const waiting = await alice.engine.sendText(id, 'for whom?');
  await alice.until(() => alice.conversations.get(id).keyChanged);
  await alice.until(() => alice.timeline.some(({ kind }) => kind === 'notice'));
  assertEquals('pending', alice.messages.get(waiting).state);
  const refusal = await assertThrows(() => alice.engine.markVerified(bob.user, true), UserError);
  assertEquals('verify-key-changed', refusal.code);
  await alice.engine.acceptNewKey(bob.user);
  await other.until(() => other.texts.includes('for whom?'));
  assertEquals([false, false], [alice.conversations.get(id).keyChanged,
    alice.conversations.get(id).verified]);
  await other.engine.sendText(id, 'for me');
  await alice.until(() => alice.texts.includes('for me'));
});

scenario('openingUnderAnotherAccountKeyIsShownAndNotOpened', async () => {
  const { server, alice, bob, id } = await pair();
  await alice.engine.sendText(id, 'before');
  await alice.until(() => alice.timeline[0].state === 'delivered');
  const other = await remake(server, bob);
  await other.engine.startConversation(alice.user);
  await other.engine.sendText(id, 'trust me');
  await alice.until(() => alice.conversations.get(id).keyChanged);
  await alice.until(() => alice.timeline.some(({ kind }) => kind === 'undecryptable'));
  const shown = alice.timeline.find(({ kind }) => kind === 'undecryptable');
  assert(!shown.text.includes('trust me'));
  const before = server.frames('send', alice.user).length;
  await alice.engine.sendText(id, 'held back');
  await until(async () => (await contactOf(await AccountStore.open(alice.user), bob.user)).changed);
  assertEquals(before, server.frames('send', alice.user).length);
  await alice.engine.acceptNewKey(bob.user);
  await other.until(() => other.texts.includes('held back'));
  const [accepted] = alice.timeline.filter(({ kind }) => kind === 'undecryptable');
  await alice.engine.repair(id, accepted.id);
  await alice.until(() => alice.texts.includes('trust me'));
});

scenario('bothPeopleSeeTheSameSafetyNumber', async () => {
  const { alice, bob, id } = await pair();
  await alice.engine.sendText(id, 'hi');
  await bob.until(() => bob.texts.length === 1);
  const [hers, his] = [await alice.engine.safetyNumber(bob.user),
    await bob.engine.safetyNumber(alice.user)];
  assertEquals(hers, his);
  assert(/^\d{60}$/.test(hers.digits) && !hers.verified);
  await alice.engine.markVerified(bob.user, true);
  assert((await alice.engine.safetyNumber(bob.user)).verified);
  assert(alice.conversations.get(id).verified);
});

scenario('prekeysAreReplacedWhenTheServerNamesOthersAndAddedWhenFewAreLeft', async () => {
  const { server, alice, bob } = await pair();
  const owner = server.users.get(alice.user);
  const ids = () => [...owner.oneTimePrekeys.keys()];
  for (const id of ids().slice(40)) owner.oneTimePrekeys.delete(id);
  let back = await alice.reload();
  await back.until(() => owner.oneTimePrekeys.size === 100);
  assertEquals(100, new Set(ids()).size);
  const [taken] = owner.oneTimePrekeys.values();
  owner.oneTimePrekeys.delete(taken.id);
  owner.oneTimePrekeys.set(999_999, { ...taken, id: 999_999 });
  back = await back.reload();
  await until(() => !owner.oneTimePrekeys.has(999_999));
  assertEquals(100, owner.oneTimePrekeys.size);
  assertEquals([false, true], server.frames('prekeys', alice.user).map(frame => frame.replace));
});

scenario('prekeyThatARestoredServerHoldsAgainIsKept', async () => {
  const days = count => count * 24 * 60 * 60 * 1000;
  const [now, held] = [days(100), { signedPrekeyId: 1, oneTimePrekeyIds: [] }];
  const rows = [
    { id: 1, kind: 'signed', madeAt: days(50), goneAt: days(57) },
    { id: 2, kind: 'signed', madeAt: days(57) },
    { id: 3, kind: 'one-time', madeAt: days(50), goneAt: days(60) },
  ];
  const plan = planPrekeys(rows, held, now);
  assertEquals([[{ ...rows[1], goneAt: now }, { id: 1, kind: 'signed', madeAt: days(50) }], [3]],
    [plan.changed, plan.erased]);
  assertEquals([true, 100], [plan.withSigned, plan.oneTimeCount]);
});

scenario('threeAccountKeysInOneBatchFailAloneAndTheNewestWaits', async () => {
  const { server, alice, bob, id } = await pair();
  await alice.engine.sendText(id, 'before');
  await alice.until(() => alice.timeline[0].state === 'delivered');
  const inbox = server.users.get(alice.user);
  await until(() => inbox.cursor === inbox.entries.length);
  alice.engine.close();
  let other = bob;
  for (const text of ['second key', 'third key']) {
    other = await remake(server, other);
    await other.engine.startConversation(alice.user);
    await other.engine.sendText(id, text);
    await other.until(() => other.timeline[0].state === 'sent');
  }
  const back = await alice.reload();
  await back.until(() => back.timeline.filter(m => m.kind === 'undecryptable').length === 2);
  await until(() => inbox.cursor === inbox.entries.length);
  await back.engine.acceptNewKey(bob.user);
  await back.engine.sendText(id, 'to the third');
  await other.until(() => other.texts.includes('to the third'));
});

scenario('keyThatChangedOnceMoreIsNotAcceptedUnseen', async () => {
  const { server, alice, bob, id } = await pair();
  await alice.engine.sendText(id, 'before');
  await alice.until(() => alice.timeline[0].state === 'delivered');
  const other = await remake(server, bob);
  await alice.engine.sendText(id, 'waits');
  await alice.until(() => alice.conversations.get(id).keyChanged);
  const store = await AccountStore.open(alice.user);
  await store.write(['contacts'], async ({ contacts }) => {
    const contact = await settle(contacts.get(bob.user));
    const pin = { ...contact.changed.pin, hash: new Uint8Array(32) };
    contacts.put({ ...contact, changed: { ...contact.changed, pin } });
  });
  store.close();
  const error = await assertThrows(() => alice.engine.acceptNewKey(bob.user), UserError);
  assertEquals('key-changed-again', error.code);
  assertEquals([], other.texts);
});
