/** What a dishonest server, and a device that was removed, can do to an archive. */

import { placeBefore, placeOf, sealBatch } from '/crypto/archive.js';
import { base64url, randomBytes, utf8 } from '/crypto/bytes.js';
import { createOwnKey } from '/crypto/own-keys.js';
import { CLOSED_STORES, addClosed } from '/client/shared.js';
import { assert, assertEquals } from '../harness.js';
import { expected, scenario, talk } from './archive-devices.js';
import { until } from './people.js';

const GROUP = 'ab'.repeat(16);

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
  household.time.pass();
  await until(() => household.server.last === 7);
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
  household.time.pass();
  await until(() => household.server.last === 5);
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

// After a removal

/** Seals a text of bob's as a device does that has the first own key only. */
async function lateBatch({ server, ownKeys: [first] }, device, said) {
  const after = await placeOf(server.last, server.blobs.get(server.last));
  const record = {
    conversation: 'alice+bob', kind: 'person', messageId: base64url(randomBytes(16)), from: 'bob',
    device: GROUP, sentAt: 1, time: 1_750_000_000_000, type: 'text', content: { text: said },
  };
  const content = utf8(JSON.stringify({ version: 1, records: [record] }));
  const { blob } = await sealBatch({ ...after, keyId: 1 }, first, device.self, content);
  server.append({ nr: after.nr + 1, blob });
}

/** Closes the archive where a device has read it, as whoever removes another device does. */
function closeAt(household, { archive: { end: { nr, hash } } }) {
  household.newKey();
  household.closed = [{ keyId: household.ownKeys.length, nr, hash }];
}

scenario('whatARemovedDeviceAppendsIsPassedOverAndNotCalledALoss', async household => {
  const { one, two } = await threeBatches(household);
  closeAt(household, one);
  await lateBatch(household, one, 'made up');
  await two.connect();
  assertEquals([expected(3), 'idle'], [await two.texts(), two.state.state]);
  await talk(one, 1, 3);
  await one.connect();
  const three = await household.device();
  for (const device of [one, two, three]) {
    await device.connect();
    assertEquals([expected(4), 'idle'], [await device.texts(), device.state.state]);
  }
  assertEquals(5, household.server.last);
  assertEquals([2, 5], [(await three.row()).head.keyId, three.archive.end.nr]);
});

scenario('eachOwnKeyHasItsOwnEnd', async household => {
  const { one, two } = await threeBatches(household);
  closeAt(household, one);
  const [first] = household.closed;
  await lateBatch(household, one, 'made up');
  await talk(one, 1, 3);
  await one.connect();
  closeAt(household, one);
  household.closed.unshift(first);
  await lateBatch({ ...household, ownKeys: household.ownKeys.slice(1) }, one, 'made up, too');
  await two.connect();
  assertEquals([expected(4), 'idle'], [await two.texts(), two.state.state]);
});

scenario('anotherBatchThanTheOneThatClosedTheArchiveIsALoss', async household => {
  const { one, two } = await threeBatches(household);
  closeAt(household, one);
  household.closed[0].hash = randomBytes(32);
  await assertBroken(two, []);
});

scenario('siblingWhoseBatchCameLateAppendsItAgain', async household => {
  const { one, two } = await threeBatches(household);
  await two.connect();
  const [first] = household.ownKeys;
  const before = household.closed;
  closeAt(household, one);
  two.knownKeys = [first];
  const { closed } = household;
  household.closed = before;
  await two.say('late, and honest');
  await two.connect();
  assertEquals(4, household.server.last);

  two.knownKeys = null;
  household.closed = closed;
  await two.store.write(CLOSED_STORES, stores => addClosed(stores, closed));
  await two.connect();
  assertEquals(5, household.server.last);
  const three = await household.device();
  await three.connect();
  assertEquals([...expected(3), 'late, and honest'], await three.texts());
});

scenario('deviceDoesNotVouchForWhatItHasFromALateBatch', async household => {
  const { one, two } = await threeBatches(household);
  const { end } = one.archive;
  await lateBatch(household, one, 'made up');
  await two.connect();
  closeAt(household, { archive: { end } });
  await two.store.write(CLOSED_STORES, stores => addClosed(stores, household.closed));
  await two.say('after that');
  await two.connect();
  const three = await household.device();
  await three.connect();
  assertEquals([...expected(3), 'after that'], await three.texts());
});

scenario('deviceReadsNothingUntilItKnowsWhatCounts', async household => {
  const { two } = await threeBatches(household);
  two.isAgreed = false;
  await two.connect();
  assertEquals([[], null], [await two.texts(), two.archive.end]);
  two.isAgreed = true;
  two.archive.retry();
  await until(async () => (await two.texts()).length === 3);
});
