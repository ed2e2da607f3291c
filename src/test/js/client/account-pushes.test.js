import { AccountPushes } from '/client/account-pushes.js';
import { assertEquals, test } from '../harness.js';

/** Pushes of which each is ready when the test says so. */
function pushing() {
  const seen = { taken: [], failed: [], waiting: new Map() };
  const pushes = new AccountPushes({
    ready: frame => new Promise(resolve => seen.waiting.set(frame, resolve)),
    take: async frame => {
      if (frame.fails) throw new Error('not taken');
      seen.taken.push(frame.nr);
    },
    onFailed: error => seen.failed.push(error.message),
  });
  const goOn = async frame => {
    while (!seen.waiting.has(frame)) await new Promise(resolve => setTimeout(resolve));
    seen.waiting.get(frame)();
    await new Promise(resolve => setTimeout(resolve));
  };
  return { pushes, seen, goOn };
}

test('accountPushIsTakenWhenItIsReady', async () => {
  const { pushes, seen, goOn } = pushing();
  const frame = { nr: 1 };
  pushes.push(frame);
  assertEquals([], seen.taken);
  await goOn(frame);
  assertEquals([1], seen.taken);
});

test('accountPushesAreTakenInOrder', async () => {
  const { pushes, seen, goOn } = pushing();
  const [first, second] = [{ nr: 1 }, { nr: 2 }];
  pushes.push(first);
  pushes.push(second);
  await goOn(first);
  await goOn(second);
  assertEquals([1, 2], seen.taken);
});

test('accountPushOfAConnectionThatIsGoneSaysNothing', async () => {
  const { pushes, seen, goOn } = pushing();
  const [old, next] = [{ nr: 1 }, { nr: 2 }];
  pushes.push(old);
  pushes.disconnected();
  await goOn(old);
  assertEquals([], seen.taken);
  pushes.push(next);
  await goOn(next);
  assertEquals([2], seen.taken);
});

test('accountPushAfterOneThatFailedIsTaken', async () => {
  const { pushes, seen, goOn } = pushing();
  const [bad, good] = [{ nr: 1, fails: true }, { nr: 2 }];
  pushes.push(bad);
  await goOn(bad);
  pushes.push(good);
  await goOn(good);
  assertEquals([['not taken'], [2]], [seen.failed, seen.taken]);
});
