/** When an archive is looked at, and who meets whom there. */

import { assert, assertEquals } from '../harness.js';
import { expected, scenario, talk } from './archive-devices.js';
import { Failure } from './failure.js';
import { until } from './people.js';

const settled = ({ server }) => [server.first, server.last];

/** Two devices that have all of an archive of two messages. */
async function both(household) {
  const [one, two] = [await household.device(), await household.device()];
  await talk(one, 2);
  await one.connect();
  await two.connect();
  await two.say('only on two');
  return [one, two];
}

scenario('lookBetweenOffAndOnDisturbsNoNewArchive', async household => {
  const [one, two] = await both(household);
  await one.archive.commands.setArchive({ on: false });
  const off = household.sync;
  household.sync = { on: true, nr: 1 };
  await two.connect();
  assertEquals([2, 1], settled(household), 'nothing is appended where nobody wants it');
  await one.archive.commands.setArchive({ on: true });
  await two.connect();
  const on = household.sync;
  // What one says comes late, and one after the other.
  await two.archive.adopt(off);
  await two.archive.adopt(on);
  await until(() => household.server.last === 3);
  assertEquals([2, 3], settled(household), 'the new archive is whole');
  const three = await household.device();
  await three.connect();
  assertEquals([...expected(2), 'only on two'], await three.texts());
  assertEquals([], [one, two, three].flatMap(({ events }) => events)
    .filter(({ state }) => state === 'broken'));
});

scenario('whatWasAppendedAfterItWasSwitchedOffGoes', async household => {
  const [one, two] = await both(household);
  await one.archive.commands.setArchive({ on: false });
  const off = household.sync;
  household.sync = { on: true, nr: 1 };
  await two.connect();
  household.time.pass();
  await until(() => household.server.last === 2);
  await two.archive.adopt(off);
  assertEquals([3, 2], settled(household));
  assertEquals(2, household.sync.nr, 'the others hear up to where it was erased');
});

scenario('batchThatMeetsAnErasureLeadsNobodyAstray', async household => {
  const [one, two] = await both(household);
  let isErased = false;
  household.bend = async (type, fields, device) => {
    if (type !== 'archive-append' || device !== two || isErased) return undefined;
    isErased = true;
    household.server.drop();
    return undefined;
  };
  await two.connect();
  assertEquals([3, 2], settled(household), 'a batch that names one that is gone');
  household.time.pass();
  await until(() => household.server.last > 2);
  const three = await household.device();
  await three.connect();
  assertEquals([[...expected(2), 'only on two'], 'idle'],
    [await three.texts(), three.state.state]);
  await one.connect();
  assertEquals('idle', one.state.state);
});

scenario('busyServerIsAskedAgainSoonAndThenLessOften', async household => {
  const one = await household.device();
  await talk(one, 1);
  let asked = 0;
  household.bend = type => {
    if (type !== 'archive-append') return undefined;
    asked++;
    throw new Failure('busy');
  };
  const waits = () => household.time.waits.filter(ms => ms < 10_000);
  await one.connect();
  for (const [times, most] of [[1, 1_000], [2, 2_000], [3, 4_000]]) {
    await until(() => asked === times && waits().length === times);
    const waited = waits().at(-1);
    assert(waited >= most / 2 && waited <= most, `${waited} ms`);
    if (times === 3) household.bend = () => undefined;
    household.time.pass(waited);
  }
  await until(() => household.server.last === 1);
});
