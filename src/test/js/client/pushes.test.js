import { Pushes } from '/client/pushes.js';
import { Turn } from '/client/turn.js';
import { assert, assertEquals, test } from '../harness.js';

/** Takes what is asked for when the test says so. */
class Taker {
  taken = [];
  failed = [];
  turn = new Turn();
  onTake = async () => {};
  idle;

  constructor() {
    this.begin();
    this.pushes = new Pushes(this.turn, {
      belongs: (frame, first) => frame.kind === first.kind,
      take: async frames => {
        this.taken.push(frames.map(({ nr }) => nr));
        await this.onTake();
      },
      onFailed: error => this.failed.push(error.message),
      onIdle: () => this.idle.resolve(),
    });
  }

  begin() {
    this.idle = {};
    this.idle.came = new Promise(resolve => { this.idle.resolve = resolve; });
  }

  push(...frames) {
    for (const [kind, nr] of frames) this.pushes.push({ kind, nr });
  }
}

function holding(turn) {
  let release;
  turn.take(() => new Promise(resolve => { release = resolve; }));
  return Promise.resolve().then(() => release);
}

test('framesThatBelongTogetherAreTakenTogetherAndInOrder', async () => {
  const taker = new Taker();
  const release = await holding(taker.turn);
  taker.push(['a', 1], ['a', 2], ['b', 3], ['a', 4]);
  release();
  await taker.idle.came;
  assertEquals([[1, 2], [3], [4]], taker.taken);
});

test('batchHasNoMoreThan64Frames', async () => {
  const taker = new Taker();
  const release = await holding(taker.turn);
  for (let nr = 1; nr <= 65; nr++) taker.push(['a', nr]);
  release();
  await taker.idle.came;
  assertEquals([64, 1], taker.taken.map(({ length }) => length));
});

test('connectionThatBeginsWhileABatchWaitsForItsTurnIsNoFailure', async () => {
  const taker = new Taker();
  const release = await holding(taker.turn);
  taker.push(['a', 1]);
  taker.pushes.begin();
  release();
  await taker.idle.came;
  assertEquals([[], []], [taker.taken, taker.failed]);
  assert(taker.pushes.isIdle);
  taker.begin();
  taker.push(['a', 2]);
  await taker.idle.came;
  assertEquals([[2]], taker.taken);
});

test('failedBatchTakesWithItWhatItsOwnConnectionPushedAndNoMore', async () => {
  const taker = new Taker();
  taker.onTake = async () => {
    taker.onTake = async () => {};
    taker.push(['b', 2]);
    taker.pushes.begin();
    taker.push(['c', 3]);
    throw new Error('gone');
  };
  taker.push(['a', 1]);
  await taker.idle.came;
  assertEquals([['gone'], [[1], [3]]], [taker.failed, taker.taken]);
  taker.onTake = async () => {
    taker.push(['b', 5]);
    throw new Error('full');
  };
  taker.begin();
  taker.push(['a', 4]);
  await taker.idle.came;
  assertEquals([['gone', 'full'], [[1], [3], [4]]], [taker.failed, taker.taken]);
});
