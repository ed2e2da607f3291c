import { pace } from '/client/archive.js';
import { placeBefore, placeOf, sealBatch } from '/crypto/archive.js';
import { base64url, randomBytes, utf8 } from '/crypto/bytes.js';
import { createOwnKey } from '/crypto/own-keys.js';
import { conversationOfGroup } from '/store/conversations.js';
import { assert, assertEquals } from '../harness.js';
import { scenario } from './archive-devices.js';
import { Failure } from './failure.js';
import { until } from './people.js';

const GROUP = 'ab'.repeat(16);

async function talk(device, count, first = 0) {
  for (let i = first; i < first + count; i++) {
    await device.say(`message ${i}`, { from: i % 3 === 0 ? 'alice' : 'bob' });
  }
}

const expected = count => Array.from({ length: count }, (_, i) => `message ${i}`);

scenario('newDeviceHasAllInOrderBeforeWhatItReceivedItself', async household => {
  const one = await household.device();
  await talk(one, 250);
  await one.connect();
  assertEquals(3, household.server.last);

  const two = await household.device();
  await two.say('received here first');
  await two.connect();

  assertEquals([...expected(250), 'received here first'], await two.texts());
  const progress = two.events.filter(({ state }) => state === 'restoring');
  assertEquals([[1, 3], [2, 3], [3, 3]], progress.map(({ done, total }) => [done, total]));
  assertEquals('idle', two.state.state);
  assertEquals('message 249', await newestShownFirst(two));
  assertEquals(0, (await two.conversation()).unread - 1, 'what was restored counts as read');
});

scenario('whatWasAcceptedAtOneMomentStaysInItsOrder', async household => {
  const one = await household.device();
  for (let i = 0; i < 130; i++) {
    await one.say(`message ${i}`, { from: 'alice' });
    if (i % 40 > 0) household.clock -= 1000;
  }
  await one.connect();
  assertEquals(2, household.server.last);
  const two = await household.device();
  await two.connect();
  assertEquals(expected(130), await two.texts());
});

async function newestShownFirst(device) {
  const [row] = device.shown;
  return device.store.sealing.open(['message', row.conversation, row.id], row.sealed);
}

scenario('whatASiblingAppendsShortlyAfterTheNewDeviceLookedIsFetchedByItself', async household => {
  const { lookMs } = pace;
  pace.lookMs = 5;
  const one = await household.device();
  const two = await household.device();
  const early = household.server.state;
  await one.say('shown just before');
  await one.connect();
  let looks = 0;
  household.bend = (type, fields, device) =>
    (device === two && type === 'archive-state' && ++looks === 1 ? early : undefined);
  await two.connect();
  assertEquals([], await two.texts());
  await until(async () => (await two.texts()).length === 1);
  pace.lookMs = lookMs;
});

scenario('groupsAndPeopleAreRestoredEachInTheirConversation', async household => {
  const one = await household.device();
  await one.say('to the group', { from: 'carol', conversation: conversationOfGroup(GROUP) });
  await one.say('to alice');
  await one.connect();
  const two = await household.device();
  await two.connect();
  assertEquals(['to the group'], await two.texts(conversationOfGroup(GROUP)));
  assertEquals(['to alice'], await two.texts());
  const { user, lastOrdinal } = await two.conversation();
  assertEquals('bob', user);
  assert(lastOrdinal < 0, 'the newest restored message is the last one');
  assertEquals(GROUP, (await two.conversation(conversationOfGroup(GROUP))).group);
});

scenario('nothingIsAppendedTwice', async household => {
  const [one, two] = [await household.device(), await household.device()];
  const id = await one.say('once');
  await two.say('once', { id });
  await one.connect();
  await two.connect();
  await one.connect();
  assertEquals(1, household.server.last);
  assertEquals(['once'], await two.texts());
});

scenario('unsentAndRefusedTextsStayOut', async household => {
  const one = await household.device();
  await one.say('waits', { from: 'alice' });
  await one.store.write(['messages'], async ({ messages }) => {
    const rows = await new Promise(resolve => {
      const all = messages.getAll();
      all.onsuccess = () => resolve(all.result);
    });
    messages.put({ ...rows[0], state: 'pending' });
  });
  await one.connect();
  assertEquals(0, household.server.last);
});

scenario('twoDevicesAppendingAtOnceLoseAndDoubleNothing', async household => {
  const [one, two] = [await household.device(), await household.device()];
  for (let round = 0; round < 5; round++) {
    await one.say(`one ${round}`);
    await two.say(`two ${round}`);
    await Promise.all([one.connect(), two.connect()]);
  }
  await until(async () => {
    await Promise.all([one.connect(), two.connect()]);
    return (await one.texts()).length === 10 && (await two.texts()).length === 10;
  });
  const three = await household.device();
  await three.connect();
  assertEquals([...await one.texts()].sort(), [...await three.texts()].sort());
});

scenario('lostAnswerOfAnAppendIsFoundOutAndNotAppendedAgain', async household => {
  const one = await household.device();
  await talk(one, 3);
  let lost = false;
  household.bend = (type, fields) => {
    if (type !== 'archive-append' || lost) return undefined;
    lost = true;
    household.server.append(fields);
    throw new Failure('unknown-outcome');
  };
  await one.connect();
  await until(async () => (await one.row())?.head?.nr === 1);
  assertEquals(1, household.server.last);
});

scenario('restoreThatIsInterruptedGoesOnWhereItWas', async household => {
  const one = await household.device();
  await talk(one, 500);
  await one.connect();
  household.server.page = onePerPage(household.server);

  const two = await household.device();
  let pages = 0;
  household.bend = type => {
    if (type === 'archive-page' && ++pages > 2) two.isOnline = false;
    if (!two.isOnline) throw new Failure('busy');
    return undefined;
  };
  await two.connect();
  two.archive.stop();
  assertEquals(expected(500).slice(-200), await two.texts());

  two.begin();
  two.isOnline = true;
  household.bend = () => undefined;
  two.requests = [];
  await two.connect();
  assertEquals(expected(500), await two.texts());
  assertEquals(3, two.requests.filter(type => type === 'archive-page').length);
});

function onePerPage(server) {
  const { page } = Object.getPrototypeOf(server);
  return frame => {
    const whole = page.call(server, frame);
    return { ...whole, batches: whole.batches.slice(0, 1) };
  };
}

scenario('fiveHundredMessagesAreRestoredAndSearched', async household => {
  const one = await household.device();
  await talk(one, 500);
  await one.connect();
  const two = await household.device();
  const before = await two.find('message 4');
  assertEquals([], before);
  await two.connect();
  assertEquals(500, (await two.texts()).length);
  const found = await two.find('MESSAGE 49', { limit: 5 });
  assertEquals(['message 499', 'message 498', 'message 497', 'message 496', 'message 495'],
    found.map(({ text }) => text));
  assertEquals(11, (await two.find(' message 49', { limit: 50 })).length);
  const [{ conversation, id, ordinal, from, mine, at }] = found;
  assertEquals(['alice+bob', 'bob', false], [conversation, from, mine]);
  assert(id.startsWith('bob/') && ordinal < 0 && at > 0, 'where it stands');
  assertEquals([], await two.find('   '));
});

scenario('fullArchiveSaysSoAndKeepsWhatIsThere', async household => {
  const one = await household.device();
  await talk(one, 100);
  await one.connect();
  household.server.quota = household.server.state.bytes + 10;
  await talk(one, 5, 100);
  await one.connect();
  assertEquals('full', one.state.state);
  assertEquals(1, household.server.last);
  household.server.quota *= 2;
  await one.connect();
  assertEquals('idle', one.state.state);
  assertEquals(2, household.server.last);
});

scenario('switchingOffErasesAndOnBeginsAnew', async household => {
  const [one, two] = [await household.device(), await household.device()];
  await talk(one, 3);
  await one.connect();
  await two.connect();

  await one.archive.commands.setArchive({ on: false });
  assertEquals(0, household.server.blobs.size);
  assertEquals('off', one.state.state);
  assert(one.state.text.includes('erased'), 'says that it was erased');
  assertEquals({ on: false, nr: 1 }, household.sync);
  await two.archive.adopt(household.sync);
  await talk(two, 1, 3);
  await two.connect();
  assertEquals(0, household.server.blobs.size);

  await two.archive.commands.setArchive({ on: true });
  await one.archive.adopt(household.sync);
  assertEquals(true, (await one.archive.commands.archive()).on);
  const three = await household.device();
  await three.connect();
  assertEquals(expected(4), await three.texts());
});

scenario('switchedOffWithoutAConnectionItIsErasedLater', async household => {
  const one = await household.device();
  await talk(one, 3);
  await one.connect();
  one.archive.stop();
  await one.archive.commands.setArchive({ on: false });
  assert(one.state.text.includes('as soon as'), 'says that it is still there');
  assertEquals(1, household.server.blobs.size);
  one.begin();
  await one.connect();
  assertEquals(0, household.server.blobs.size);
});

scenario('deviceThatKnowsARemovalButNoNewKeyDoesNotWrite', async household => {
  const one = await household.device();
  await talk(one, 1);
  one.mayWrite = false;
  await one.connect();
  assertEquals(0, household.server.last);
  one.mayWrite = true;
  await one.connect();
  assertEquals(1, household.server.last);
});

scenario('batchUnderAKeyThatIsStillToComeWaits', async household => {
  const [one, two] = [await household.device(), await household.device()];
  two.knownKeys = [...household.ownKeys];
  household.newKey();
  await talk(one, 2);
  await one.connect();
  await two.connect();
  assertEquals('idle', two.state.state);
  assertEquals([], await two.texts());
  two.knownKeys = null;
  await two.connect();
  assertEquals(expected(2), await two.texts());
});

scenario('siblingThatWasAwayFollowsAnArchiveThatWasBegunAnew', async household => {
  const [one, two] = [await household.device(), await household.device()];
  await talk(one, 2);
  await one.connect();
  await two.connect();
  await two.say('only on two');
  await one.archive.commands.setArchive({ on: false });
  await one.archive.commands.setArchive({ on: true });
  await two.connect();
  const three = await household.device();
  await three.connect();
  assertEquals([...expected(2), 'only on two'], await three.texts());
});

scenario('restoredServerIsGivenWhatItLost', async household => {
  const one = await household.device();
  await talk(one, 2);
  await one.connect();
  const copy = household.server.copy();
  await talk(one, 2, 2);
  await one.connect();
  household.server = copy;
  household.generation = 2;
  await one.connect();
  const two = await household.device();
  await two.connect();
  assertEquals(expected(4), await two.texts());
  assertEquals([], one.events.filter(({ state }) => state === 'broken'));
});

// What a dishonest server does

/** Three batches, and a device that is to restore them. */
async function threeBatches(household) {
  const one = await household.device();
  for (let i = 0; i < 3; i++) {
    await talk(one, 1, i);
    await one.connect();
  }
  return { one, blobs: household.server.blobs, two: await household.device() };
}

async function assertBroken(device, texts) {
  await device.connect();
  assertEquals('broken', device.state.state);
  assert(device.state.text.includes('lost or changed'), device.state.text);
  assertEquals(texts, await device.texts());
}

scenario('missingBatchIsALoss', async household => {
  const { blobs, two } = await threeBatches(household);
  blobs.delete(2);
  await assertBroken(two, ['message 2']);
});

scenario('swappedBatchesAreALoss', async household => {
  const { blobs, two } = await threeBatches(household);
  const [first, second] = [blobs.get(1), blobs.get(2)];
  blobs.set(1, second).set(2, first);
  await assertBroken(two, ['message 2']);
});

scenario('repeatedBatchIsALoss', async household => {
  const { blobs, two } = await threeBatches(household);
  blobs.set(1, blobs.get(2));
  await assertBroken(two, ['message 1', 'message 2']);
});

scenario('changedBatchIsALoss', async household => {
  const { blobs, two } = await threeBatches(household);
  blobs.get(3)[blobs.get(3).length - 1] ^= 1;
  await assertBroken(two, []);
});

scenario('batchUnderAnotherKeyIsALoss', async household => {
  const { blobs, two } = await threeBatches(household);
  const after = await placeOf(2, blobs.get(2));
  const forged = await sealBatch(after, createOwnKey(1), two.self, utf8('{"version":2}'));
  blobs.set(3, forged.blob);
  await assertBroken(two, []);
});

scenario('logThatIsCutAtItsNewEndIsALossToWhoKnewMore', async household => {
  const { one, two, blobs } = await threeBatches(household);
  blobs.delete(3);
  household.server.last = 2;
  await assertBroken(one, expected(3));
  household.sync = { on: true, nr: 3 };
  await assertBroken(two, []);
});

scenario('logThatIsCutAtItsOldEndIsALoss', async household => {
  const { two, blobs } = await threeBatches(household);
  blobs.delete(1);
  household.server.first = 2;
  await assertBroken(two, ['message 2']);
});

scenario('numbersThatNobodyGaveAreALoss', async household => {
  const { one } = await threeBatches(household);
  household.server.blobs.clear();
  Object.assign(household.server, { first: 7, last: 6 });
  await assertBroken(one, expected(3));
  household.sync = { on: true, nr: 6 };
  await one.connect();
  assertEquals('idle', one.state.state, 'a sibling erased it and said so');
  assertEquals([7, 7], [household.server.first, household.server.last]);
});

scenario('olderOwnKeyAfterANewerOneIsALoss', async household => {
  const { one, two } = await threeBatches(household);
  household.newKey();
  await talk(one, 1, 3);
  await one.connect();
  const place = await placeOf(4, household.server.blobs.get(4));
  const { blob } = await sealBatch({ ...place, keyId: 1 }, household.ownKeys[0], one.self,
    utf8('{"version":2}'));
  household.server.append({ nr: 5, blob });
  await assertBroken(two, []);
});

scenario('lossIsKeptUntilTheUserBeginsAnew', async household => {
  const { one, blobs, two } = await threeBatches(household);
  blobs.delete(1);
  await assertBroken(two, ['message 1', 'message 2']);
  await two.say('written after the loss');
  await two.connect();
  assertEquals(3, household.server.last, 'nothing is appended to it');
  await two.archive.commands.setArchive({ on: true });
  assertEquals('idle', two.state.state);
  await one.connect();
  const three = await household.device();
  await three.connect();
  assertEquals([...expected(3), 'written after the loss'], await three.texts());
});

scenario('recordsThatDoNotFitArePassedOverAlone', async household => {
  const one = await household.device();
  const two = await household.device();
  const good = {
    conversation: 'alice+bob', kind: 'person', messageId: base64url(randomBytes(16)), from: 'bob',
    device: GROUP, sentAt: 1, time: 1_750_000_000_000, type: 'text', content: { text: 'good' },
  };
  const bad = [
    { ...good, from: 'carol' }, { ...good, conversation: 'bob+carol' },
    { ...good, conversation: 'bob+alice' }, { ...good, kind: 'group' }, { ...good, type: 'poll' },
    { ...good, messageId: 'AA' }, { ...good, content: { text: '' } }, { ...good, more: 1 }, 7,
  ];
  const content = utf8(JSON.stringify({ version: 1, records: [...bad, good] }));
  const { blob } = await sealBatch(placeBefore(1), household.ownKeys[0], one.self, content);
  household.server.append({ nr: 1, blob });
  await two.connect();
  assertEquals(['good'], await two.texts());
  assertEquals('idle', two.state.state);
});
