import { conversationOfGroup } from '/store/conversations.js';
import { assert, assertEquals } from '../harness.js';
import { expected, scenario, talk } from './archive-devices.js';
import { Failure } from './failure.js';
import { until } from './people.js';

const GROUP = 'ab'.repeat(16);

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
  household.time.pass(9_000);
  assertEquals(1, looks);
  household.time.pass(1_000);
  await until(async () => (await two.texts()).length === 1);
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
  household.time.pass();
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

scenario('deviceThatKnowsARemovalAndNotWhatCountsSinceDoesNotWrite', async household => {
  const one = await household.device();
  await talk(one, 1);
  one.isAgreed = false;
  await one.connect();
  assertEquals(0, household.server.last);
  one.isAgreed = true;
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
  assertEquals(2, household.server.last, 'it waits for what its sibling says of it');
  household.time.pass();
  await until(() => household.server.last === 3);
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

scenario('connectionThatIsLostWhileTheArchiveIsComparedTakesNothingBack', async household => {
  const one = await household.device();
  await talk(one, 10);
  await one.connect();
  const before = await one.row();
  household.bend = type => {
    if (type !== 'archive-state') return undefined;
    household.bend = () => undefined;
    // The answer is here, and what it is compared with is still to be read.
    Promise.resolve().then(() => one.archive.stop());
    return household.server.state;
  };
  await one.connect();
  assertEquals([before.generation, before.head], [(await one.row()).generation,
    (await one.row()).head]);
});
