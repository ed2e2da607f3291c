import { stock } from '/client/prekeys.js';
import { base64url } from '/crypto/bytes.js';
import { generateSigningKeyPair, sign } from '/crypto/ed25519.js';
import { RESTORED } from '/crypto/labels.js';
import { AccountStore } from '/store/account-store.js';
import { settle } from '/store/database.js';
import { unencrypted } from '/store/outbox.js';
import { assert, assertEquals } from '../harness.js';
import { copyOf, restoreFrom } from './in-page-copy.js';
import { PASSWORD, dump, pair, scenario, until } from './people.js';

const HOUR_MS = 3_600_000;

/** Each has said something, and has a receipt for it. */
async function talking() {
  const world = await pair();
  const { alice, bob, id } = world;
  await alice.engine.sendText(id, 'before');
  await bob.until(() => bob.texts.includes('before'));
  await bob.engine.sendText(id, 'before too');
  for (const person of [alice, bob]) await delivered(person);
  return world;
}

/** Everything that this person has written was received. */
function delivered(person) {
  return person.until(() => person.timeline.filter(({ mine }) => mine)
    .every(({ state }) => state === 'delivered'), 'receipts');
}

async function settled(server, ...people) {
  for (const { user } of people) {
    const inbox = server.users.get(user);
    await until(() => inbox.cursor === inbox.entries.length, 'acknowledgements');
  }
}

/** What this person is told of a restored server, and has not put away. */
function told(person) {
  return person.events.filter(({ type }) => type === 'restored').at(-1)?.text ?? null;
}

async function reconnected(...people) {
  for (const person of people) {
    await person.until(() => told(person) && person.status === 'connected', 'to be told');
  }
}

/** Texts as the store holds them: events of a page that came later do not tell the earlier ones. */
async function textsOf(person, id) {
  const all = await person.engine.loadMessages(id, { limit: 100 });
  return all.filter(({ kind }) => kind === 'text').map(({ text }) => text);
}

function alarmsOf(...people) {
  return people.flatMap(({ alarms }) => alarms);
}

scenario('restoredServerLetsClientsContinue', async () => {
  const { server, alice, bob, id } = await talking();
  const copy = copyOf(server);
  await alice.engine.sendText(id, 'after');
  await bob.until(() => bob.texts.includes('after'));
  await bob.engine.sendText(id, 'after too');
  for (const person of [alice, bob]) await delivered(person);
  await restoreFrom(server, copy);
  await reconnected(alice, bob);
  await alice.engine.sendText(id, 'on');
  await bob.until(() => bob.texts.includes('on'));
  await bob.engine.sendText(id, 'and on');
  await alice.until(() => alice.texts.includes('and on'));
  for (const person of [alice, bob]) await delivered(person);
  const expected = ['before', 'before too', 'after', 'after too', 'on', 'and on'];
  for (const person of [alice, bob]) assertEquals(expected, await textsOf(person, id));
  assertEquals([], alarmsOf(alice, bob));
  await settled(server, alice, bob);
});

scenario('whatTheServerLostIsSentAgainAndShownOnce', async () => {
  const { server, alice, bob, id } = await talking();
  const copy = copyOf(server);
  bob.engine.close();
  const lost = ['one', 'two', 'three'];
  const ids = [];
  for (const text of lost) ids.push(await alice.engine.sendText(id, text));
  await alice.until(() => ids.every(one => alice.messages.get(one).state === 'sent'));
  await restoreFrom(server, copy);
  await reconnected(alice);
  const back = await bob.reload();
  await reconnected(back);
  await until(async () => (await textsOf(back, id)).length === 5, 'what was lost');
  await delivered(alice);
  assertEquals(['before', 'before too', ...lost], await textsOf(back, id));
  assertEquals(['before', 'before too', ...lost], await textsOf(alice, id));
  assertEquals([], alarmsOf(alice, back));
});

scenario('textsFromBeforeTheCopyAndThoseWithAReceiptAreNotSentAgain', async () => {
  const { server, alice, bob, id } = await talking();
  bob.engine.close();
  const old = await alice.engine.sendText(id, 'accepted long before');
  const late = await alice.engine.sendText(id, 'accepted shortly before');
  await alice.until(() => [old, late].every(one => alice.messages.get(one).state === 'sent'));
  const store = await AccountStore.open(alice.user);
  await store.write(['messages'], async ({ messages }) => {
    const row = await settle(messages.index('byId').get(old));
    assert(row.acceptedAt > copyOf(server).time - HOUR_MS);
    messages.put({ ...row, acceptedAt: row.acceptedAt - HOUR_MS });
  });
  store.close();
  const copy = copyOf(server);
  const before = server.frames('send', alice.user).length;
  await restoreFrom(server, copy);
  await reconnected(alice);
  await alice.until(() => alice.messages.get(late).state === 'sent');
  const sent = server.frames('send', alice.user).slice(before).map(({ messageId }) => messageId);
  assertEquals([late.slice(late.indexOf('/') + 1)], sent);
  const back = await bob.reload();
  await until(async () => (await textsOf(back, id)).length === 4);
  assertEquals(['before', 'before too', 'accepted long before', 'accepted shortly before'],
    await textsOf(back, id));
});

scenario('nothingIsSentAgainToAnotherAccountKeyThanItWasMeantFor', async () => {
  const { server, alice, bob, id } = await talking();
  const copy = copyOf(server);
  bob.engine.close();
  const waiting = await alice.engine.sendText(id, 'for the old key');
  await alice.until(() => alice.messages.get(waiting).state === 'sent');
  const store = await AccountStore.open(alice.user);
  await store.write(['messages'], async ({ messages }) => {
    const row = await settle(messages.index('byId').get(waiting));
    messages.put({ ...row, sentTo: { ...row.sentTo, accountKey: new Uint8Array(32) } });
  });
  store.close();
  const before = server.frames('send', alice.user).length;
  await restoreFrom(server, copy);
  await reconnected(alice);
  const present = await alice.engine.sendText(id, 'for the present one');
  await alice.until(() => alice.messages.get(present).state === 'sent');
  // The same one may go twice: the restored server expects a lower number.
  const sent = server.frames('send', alice.user).slice(before).map(({ messageId }) => messageId);
  assertEquals([], sent.filter(one => !present.endsWith(`/${one}`)));
  assert(sent.length > 0);
  assertEquals('sent', alice.messages.get(waiting).state);
});

scenario('peopleAreToldUntilTheyPutItAwayInAnyTab', async () => {
  const { server, alice } = await talking();
  await restoreFrom(server, copyOf(server));
  await reconnected(alice);
  assert(/^The server was restored from a copy made on .*\d\d:\d\d/.test(told(alice)), told(alice));
  const back = await alice.reload();
  await back.until(() => told(back));
  const tab = await back.tab();
  await tab.until(() => told(tab));
  await tab.engine.dismissRestored();
  for (const one of [back, tab]) await one.until(() => told(one) === null);
  tab.engine.close();
  const later = await back.reload();
  await later.until(() => later.status === 'connected');
  assertEquals(null, told(later));
});

scenario('whoSignedInAfterTheCopySignsInOnceMore', async () => {
  const { server, alice, bob, id } = await talking();
  const copy = copyOf(server);
  await alice.engine.signOut();
  await alice.engine.signIn({ user: alice.user, password: PASSWORD });
  await alice.until(() => alice.status === 'connected');
  await restoreFrom(server, copy);
  await alice.until(() => alice.phase === 'needs-password');
  await alice.engine.signIn({ user: alice.user, password: PASSWORD });
  await reconnected(alice, bob);
  await alice.engine.sendText(id, 'back');
  await bob.until(() => bob.texts.includes('back'));
  assertEquals([], alarmsOf(alice, bob));
});

scenario('restoredServerGetsNewOneTimePrekeys', async () => {
  const { server, alice } = await talking();
  const copy = copyOf(server);
  const before = [...server.users.get(alice.user).oneTimePrekeys.keys()];
  await restoreFrom(server, copy);
  const inbox = server.users.get(alice.user);
  await until(() => inbox.oneTimePrekeys.size === stock.oneTimeMax, 'new prekeys');
  assertEquals([], before.filter(one => inbox.oneTimePrekeys.has(one)));
});

scenario('copyThatIsRestoredTwiceIsFollowedTwice', async () => {
  const { server, alice, bob, id } = await talking();
  const copy = copyOf(server);
  for (const text of ['lost once', 'lost twice']) {
    await alice.engine.sendText(id, text);
    await bob.until(() => bob.texts.includes(text));
    for (const person of [alice, bob]) await delivered(person);
    for (const person of [alice, bob]) person.events = [];
    await restoreFrom(server, copy);
    await reconnected(alice, bob);
  }
  await bob.engine.sendText(id, 'still here');
  await alice.until(() => alice.texts.includes('still here'));
  assertEquals([], alarmsOf(alice, bob));
  assertEquals(['before', 'before too', 'lost once', 'lost twice', 'still here'],
    await textsOf(bob, id));
});

scenario('deviceThatWasAwayFollowsThroughTwoRestores', async () => {
  const { server, alice, bob, id } = await talking();
  bob.engine.close();
  const waiting = await alice.engine.sendText(id, 'in the first copy');
  await alice.until(() => alice.messages.get(waiting).state === 'sent');
  await restoreFrom(server, copyOf(server));
  await reconnected(alice);
  await alice.engine.sendText(id, 'in the second');
  await alice.until(() => alice.timeline.at(-1).state === 'sent');
  alice.events = [];
  await restoreFrom(server, copyOf(server));
  await reconnected(alice);
  const back = await bob.reload();
  await until(async () => (await textsOf(back, id)).length === 4, 'all texts');
  await back.engine.sendText(id, 'read all');
  await alice.until(() => alice.texts.includes('read all'));
  assertEquals([], alarmsOf(alice, back));
});

scenario('whatWasQueuedOnceMoreIsNotEncryptedForAnAccountKeyThatWasAcceptedSince', async () => {
  const { server, alice, bob, id } = await talking();
  const copy = copyOf(server);
  bob.engine.close();
  const waiting = await alice.engine.sendText(id, 'for the old key');
  await alice.until(() => alice.messages.get(waiting).state === 'sent');
  let isAsked = false;
  server.onRequest = async ({ type }) => {
    if (type !== 'send' && type !== 'keys') return null;
    isAsked = true;
    return 'no answer';
  };
  await restoreFrom(server, copy);
  await reconnected(alice);
  await until(() => isAsked, 'the text to be queued');
  server.down();
  await alice.until(() => alice.status !== 'connected', 'the end of the connection');
  const store = await AccountStore.open(alice.user);
  await store.write(['messages', 'outbox'], async ({ messages, outbox }) => {
    const row = await settle(messages.index('byId').get(waiting));
    messages.put({ ...row, sentTo: { ...row.sentTo, accountKey: new Uint8Array(32) } });
    for (const queued of await settle(outbox.getAll())) outbox.put(unencrypted(queued));
  });
  store.close();
  server.onRequest = async () => null;
  const before = server.frames('send', alice.user).length;
  server.up();
  await alice.engine.sendText(id, 'for the present one');
  await alice.until(() => alice.timeline.at(-1).state === 'sent', 'the new text');
  const ids = server.frames('send', alice.user).slice(before).map(({ messageId }) => messageId);
  assertEquals([1, 'sent'], [new Set(ids).size, alice.messages.get(waiting).state]);
});

/** What dishonest servers make of a restore; each is an alarm, and nothing is sent again. */
const FORGERIES = {
  anotherSignKey: async () => {
    const mallory = await generateSigningKeyPair();
    const signature = await sign(mallory.privateKey, RESTORED, 'anything');
    return entry => ({ ...entry, signature });
  },
  anotherHistory: async () => entry =>
    ({ ...entry, previous: { ...entry.previous, hash: new Uint8Array(32) } }),
  copyFromTheFuture: async () => entry => ({ ...entry, copyTime: entry.time + 1 }),
  anotherHash: async () => entry => ({ ...entry, hash: new Uint8Array(32) }),
  gapBefore: async () => entry => ({
    ...entry, sequenceNr: entry.sequenceNr + 9,
    previous: { ...entry.previous, sequenceNr: entry.previous.sequenceNr + 9 },
  }),
};

scenario('everyForgedRestoreIsAnAlarmAndChangesNothing', async () => {
  const { server, alice, bob, id } = await talking();
  bob.engine.close();
  await alice.engine.sendText(id, 'sent once');
  await alice.until(() => alice.timeline.at(-1).state === 'sent');
  await settled(server, alice);
  const copy = copyOf(server);
  const { chain } = await dump(alice.user);
  const before = server.frames('send', alice.user).length;
  let back = alice;
  for (const [name, forgery] of Object.entries(FORGERIES)) {
    back.engine.close();
    await restoreFrom(server, copy, await forgery());
    back = await back.reload();
    await back.until(() => back.alarms.length > 0, `the alarm about ${name}`);
    assert(back.alarms[0].startsWith('What the server sends does not fit'), back.alarms[0]);
    assertEquals([null, before], [told(back), server.frames('send', alice.user).length], name);
    assertEquals(chain, (await dump(alice.user)).chain, name);
  }
});

scenario('serverThatOnlyClaimsToBeRestoredIsCaught', async () => {
  const { server, alice, bob } = await talking();
  const inbox = server.users.get(alice.user);
  server.down();
  inbox.generation = 9;
  inbox.entries.pop();
  inbox.hashes.pop();
  inbox.cursor = inbox.entries.length;
  server.up();
  await alice.until(() => alice.alarms.length > 0, 'the alarm');
  assertEquals(null, told(alice));
  const { sequenceNr } = (await kept(alice)).head;
  assertEquals(inbox.entries.length + 1, sequenceNr);
  assertEquals([], bob.alarms);
});

async function kept(person) {
  const store = await AccountStore.open(person.user);
  const chain = await store.meta('chain');
  store.close();
  return chain;
}

scenario('lowerGenerationIsAnAlarm', async () => {
  const { server, alice } = await talking();
  const copy = copyOf(server);
  await restoreFrom(server, copy);
  await reconnected(alice);
  server.down();
  server.users = copy.users;
  // Its log is as long as what the client has taken.
  const inbox = server.users.get(alice.user);
  inbox.entries.push(inbox.entries.at(-1));
  inbox.hashes.push(inbox.hashes.at(-1));
  server.up();
  await alice.until(() => alice.alarms.some(text => text.startsWith('The server has lost')));
});

/** Whether this device still knows the hash at the number of an entry that it never took. */
for (const isKnown of [true, false]) {
  const name = isKnown ? 'whatWasNeverTakenIsNotAcknowledgedUnderThePretextOfARestore'
    : 'whatIsNotKnownAnyMoreIsNotAcknowledgedEither';
  scenario(name, () => inventsAnEntry(isKnown));
}

async function inventsAnEntry(isKnown) {
  const { server, alice, bob, id } = await talking();
  await bob.engine.sendText(id, 'another');
  await delivered(bob);
  await settled(server, alice);
  if (!isKnown) await forgetHash(alice, server.users.get(alice.user).entries.length);
  const copy = copyOf(server);
  const inbox = copy.users.get(alice.user);
  inbox.cursor = inbox.entries.length - 1;
  const forged = { ...inbox.entries.at(-1), hash: new Uint8Array(32).fill(7) };
  inbox.entries[inbox.entries.length - 1] = forged;
  const { hash } = forged;
  // So many that each would be acknowledged before the restored entry comes.
  const { pushTo } = server;
  server.pushTo = async device => {
    const { connection } = device;
    if (device.user === alice.user && connection && !connection.lied) {
      connection.lied = true;
      for (let i = 0; i < 40; i++) await connection.push('entry', forged);
    }
    return pushTo.call(server, device);
  };
  await restoreFrom(server, copy, entry => (entry.owner === alice.user
    ? { ...entry, previous: { ...entry.previous, hash: inbox.hashes.at(-1) } } : entry));
  await reconnected(alice);
  await settled(server, alice);
  const acknowledged = server.frames('ack', alice.user).flatMap(({ items }) => items);
  assertEquals([], acknowledged.filter(item => item.hash === base64url(hash)));
  assertEquals([], alice.alarms);
}

async function forgetHash(person, sequenceNr) {
  const store = await AccountStore.open(person.user);
  await store.write(['chain'], ({ chain }) => { chain.delete(sequenceNr); });
  store.close();
}

scenario('newerCopyThatIsFoundLaterIsFollowed', async () => {
  const { server, alice, bob, id } = await talking();
  const older = copyOf(server);
  for (const text of ['one', 'two', 'three']) await bob.engine.sendText(id, text);
  await delivered(bob);
  await settled(server, alice, bob);
  const newer = copyOf(server);
  // It does not know how far people were, and leads them through what they left.
  for (const { user } of [alice, bob]) newer.users.get(user).cursor = 0;
  await restoreFrom(server, older);
  await reconnected(alice, bob);
  for (const person of [alice, bob]) person.events = [];
  await restoreFrom(server, newer, entry => ({ ...entry, generation: entry.generation + 1 }));
  await reconnected(alice, bob);
  await bob.engine.sendText(id, 'on we go');
  await alice.until(() => alice.texts.includes('on we go'));
  assertEquals([], alarmsOf(alice, bob));
});

scenario('caughtUpBeforeTheClaimWasProvedIsAnAlarm', async () => {
  const { server, alice } = await talking();
  server.down();
  server.users.get(alice.user).generation = 9;
  server.up();
  await alice.until(() => alice.alarms.length > 0, 'the alarm');
});

scenario('restoredEntryOfAGenerationThatNobodyNamedIsAnAlarm', async () => {
  const { server, alice } = await talking();
  await restoreFrom(server, copyOf(server), entry => {
    const { generation } = entry;
    return entry.owner === alice.user ? { ...entry, generation: generation + 5 } : entry;
  });
  const inbox = server.users.get(alice.user);
  inbox.generation -= 5;
  await alice.until(() => alice.alarms.length > 0, 'the alarm');
  assertEquals(1, (await kept(alice)).generation);
});

/** The next connection of this person gets nothing of what waits. */
function cutOff(server, person) {
  const inbox = server.users.get(person.user);
  const { pushTo } = server;
  server.pushTo = async device => {
    const { account, connection } = device;
    if (account !== inbox) return pushTo.call(server, device);
    const end = account.entries.length;
    await connection.push('cut-off', account.logPoint(end));
    connection.pushed = end;
    device.cursor = end;
    server.pushTo = pushTo;
    return pushTo.call(server, device);
  };
  return inbox;
}

scenario('cutOffAtANumberOfTheLostHistoryIsTaken', async () => {
  const { server, alice, bob, id } = await talking();
  const copy = copyOf(server);
  for (const text of ['lost', 'lost too', 'and lost']) await bob.engine.sendText(id, text);
  await delivered(bob);
  await restoreFrom(server, copy);
  await reconnected(alice, bob);
  alice.engine.close();
  const sent = await bob.engine.sendText(id, 'dropped by the server');
  await bob.until(() => bob.messages.get(sent).state === 'sent');
  cutOff(server, alice);
  const back = await alice.reload();
  await back.until(() => back.status === 'connected');
  await bob.engine.sendText(id, 'after the cut');
  await back.until(() => back.texts.includes('after the cut'));
  assertEquals([], back.alarms);
});

scenario('cutOffBehindARestoreIsTaken', async () => {
  const { server, alice, bob, id } = await talking();
  alice.engine.close();
  await restoreFrom(server, copyOf(server));
  await reconnected(bob);
  await bob.engine.sendText(id, 'dropped by the server');
  await bob.until(() => bob.timeline.at(-1).state === 'sent');
  const inbox = cutOff(server, alice);
  const back = await alice.reload();
  await back.until(() => back.status === 'connected');
  await bob.engine.sendText(id, 'after the cut');
  await back.until(() => back.texts.includes('after the cut'));
  assertEquals([], back.alarms);
  assertEquals(inbox.generation, (await kept(back)).generation);
  assert(told(back).includes('does not say when'), told(back));
});
