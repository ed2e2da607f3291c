import { assertEquals, test } from '../harness.js';
import { Liveness } from '/protocol/liveness.js';

const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
const { now } = Date;

/** Runs with timers and a time of day that go on only when the test says so. */
function withClock(run) {
  const timers = new Map();
  let time = 1_000_000;
  let ids = 0;
  const add = (call, ms, every) => timers.set(++ids, { call, at: time + ms, every }) && ids;
  globalThis.setTimeout = (call, ms) => add(call, ms, null);
  globalThis.setInterval = (call, ms) => add(call, ms, ms);
  globalThis.clearTimeout = globalThis.clearInterval = id => timers.delete(id);
  Date.now = () => time;
  const pass = ms => {
    const end = time + ms;
    for (;;) {
      const [id, next] = [...timers].sort(([, a], [, b]) => a.at - b.at)[0] ?? [];
      if (!next || next.at > end) break;
      time = next.at;
      if (next.every === null) timers.delete(id);
      else next.at += next.every;
      next.call();
    }
    time = end;
  };
  const sleep = ms => {
    time += ms;
    timers.forEach(timer => { timer.at += ms; });
  };
  try {
    const told = [];
    const liveness = new Liveness(() => told.push('ping'), () => told.push('lost'));
    run({ liveness, told, pass, sleep, left: () => timers.size });
  } finally {
    Object.assign(globalThis, { setTimeout, clearTimeout, setInterval, clearInterval });
    Date.now = now;
  }
}

test('unansweredRequestIsNoticedWithinFourSeconds', () => withClock(({ liveness, told, pass }) => {
  pass(7_000);
  liveness.asked();
  pass(3_999);
  assertEquals(['ping'], told);
  pass(1);
  assertEquals(['ping', 'lost'], told);
}));

test('silenceIsAskedAboutAndAnAnswerBeginsItAnew', () => withClock(({ liveness, told, pass }) => {
  pass(20_000);
  assertEquals(['ping'], told);
  liveness.heard(false);
  pass(19_999);
  assertEquals(['ping'], told);
}));

test('sleepIsNoticedSoonAfterIt', () => withClock(({ liveness, told, pass, sleep }) => {
  pass(3_000);
  sleep(3_600_000);
  pass(2_000);
  assertEquals(['ping'], told);
  liveness.heard(false);
  pass(18_000);
  assertEquals(['ping'], told, 'once for each sleep');
}));

test('nothingGoesOnAfterTheEnd', () => withClock(({ liveness, left }) => {
  liveness.stop();
  assertEquals(0, left());
}));
