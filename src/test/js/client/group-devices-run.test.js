/**
 * Whatever three people do with several devices in a group, and whatever happens to connections and
 * pages: every device that is in shows all that was written since it came, in one order, and one
 * that was taken out nothing of what came after.
 */

import { assertEquals } from '../harness.js';
import { LIST_PAUSE } from '/client/group-lanes.js';
import { rowId } from '/store/conversations.js';
import { operationsOf } from '/store/operations.js';
import { groupOf, logOf, scenario } from './group-devices.js';
import { until } from './people.js';

const STEPS = 50;
const DEVICES_MAX = 3;

/** Numbers from 0 to below 1 that follow from a seed (mulberry32). */
function randomOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

class Run {
  written = new Map();
  /** Devices that were taken out. */
  gone = [];

  constructor(world, people, id, random) {
    Object.assign(this, { world, people, id, random });
  }

  any(list) {
    return list[Math.floor(this.random() * list.length)];
  }

  get devices() {
    return this.people.flatMap(({ devices }) => devices);
  }

  async step() {
    const what = this.random();
    const person = this.any(this.people);
    const device = this.any(person.devices);
    if (what < 0.5) await this.write(device);
    else if (what < 0.65) await device.reload();
    else if (what < 0.75) device.disconnect();
    else if (what < 0.88) await this.link(person);
    else await this.takeOut(person, device);
    if (this.random() < 0.5) await new Promise(resolve => setTimeout(resolve, this.random() * 20));
  }

  /** Whether the device is in the group or not: what is written there waits. */
  async write(device) {
    if (!device.conversations.has(this.id)) return;
    const text = `text ${this.written.size}`;
    this.written.set(await device.send(this.id, text), { text, device });
  }

  async link(person) {
    if (person.devices.length < DEVICES_MAX) await person.link();
  }

  async takeOut(person, gone) {
    if (person.devices.length === 1 || this.isLastInGroup(gone)) return;
    await person.drop(gone);
    this.gone.push(gone);
    person.devices.at(-1).groups.takeOutDevice();
  }

  /** Without any device of its roster nobody is left who could let others in. */
  isLastInGroup(gone) {
    const { readers } = logOf(this.world, this.id);
    return this.devices.every(device => device === gone
      || !readers.get(device.user).devices.has(device.record.deviceId));
  }

  /** Fails only when nothing moves any more: how long all of it takes is the machine's affair. */
  async until(holds, what) {
    while (!holds()) {
      const before = this.progress;
      await until(() => holds() || this.progress !== before, what);
    }
  }

  get progress() {
    const { head } = logOf(this.world, this.id);
    const cursors = this.devices.map(({ record }) => [...record.groupCursors.values()]);
    return JSON.stringify([head.sequenceNr, cursors]);
  }

  /** Everybody is there, and nothing waits any more. */
  async settle() {
    for (const device of this.devices) await device.reload();
    const isIn = device => device.group(this.id)?.status === 'member'
      && !device.group(this.id).joining;
    await this.until(() => this.devices.every(isIn), 'all devices in the group');
    const isSent = device => device.timeline.every(({ state }) => state !== 'pending');
    await this.until(() => this.devices.every(isSent), 'everything sent');
    const log = logOf(this.world, this.id);
    const hasAll = ({ record }) => record.groupCursors.get(log.group) === log.entries.length;
    await this.until(() => log.membership.pending.length === 0 && this.devices.every(hasAll),
      'everything taken');
  }

  /** Texts in the order of the log, with their numbers. */
  get log() {
    return logOf(this.world, this.id).entries
      .filter(({ frame: { content } }) => content.type === 'post')
      .map(({ frame: { sequenceNr, fromUser, messageId } }) =>
        ({ sequenceNr, text: this.textOf(fromUser, messageId) }));
  }

  textOf(user, messageId) {
    return this.written.get(rowId(user, messageId)).text;
  }

  /** What every device knows and still wants, for whoever looks why a run failed. */
  async story() {
    const { membership, head } = logOf(this.world, this.id);
    const pending = membership.pending.map(({ sequenceNr, user, device, op: { op, deviceList } }) =>
      `${sequenceNr} ${op} ${deviceList?.version ?? ''} of ${user} by ${device}`);
    const devices = await Promise.all(this.devices.map(device => this.storyOf(device)));
    return [`log up to ${head.sequenceNr}`, ...pending, ...devices].join('\n');
  }

  async storyOf(device) {
    const { user, deviceId, groupCursors } = device.record;
    const group = this.id.slice('group:'.length);
    const rows = await device.store.read(['operations'], stores => operationsOf(stores, group));
    const { status, joining } = device.group(this.id) ?? {};
    return `${user} ${deviceId}: ${status}${joining ? ', joining' : ''}, list ${
      device.self.deviceList.version}, up to ${groupCursors.get(group)}, wants ${
      rows.map(({ type, tries }) => `${type} (${tries} tries)`)}`;
  }

  check() {
    const { log } = this;
    const { readers } = logOf(this.world, this.id);
    for (const device of this.devices) {
      const { user, deviceId } = device.record;
      const { sequenceNr: start } = readers.get(user).devices.get(deviceId).start;
      const { memberFrom } = readers.get(user);
      const own = log.filter(({ sequenceNr }) => sequenceNr > Math.max(start, memberFrom));
      assertEquals(own.map(({ text }) => text), device.texts);
      assertEquals([], device.alarms);
    }
    for (const device of this.gone) assertEquals([], device.alarms);
    const lost = [...this.written.values()].filter(({ text, device }) =>
      !this.gone.includes(device) && !log.some(post => post.text === text));
    assertEquals([], lost.map(({ text }) => text));
  }
}

scenario('devicesComeAndGoAndAllShowTheSame', async world => {
  Object.assign(LIST_PAUSE, { min: 1, max: 20 });
  let run = null;
  const seed = Math.floor(Math.random() * 2 ** 32);
  try {
    const people = [];
    for (const name of ['alice', 'bob', 'carol']) people.push(await world.person(name));
    run = new Run(world, people, await groupOf(people), randomOf(seed));
    for (let step = 0; step < STEPS; step++) await run.step();
    await run.settle();
    run.check();
  } catch (error) {
    throw new Error(`seed ${seed}: ${error.message}\n${await run?.story()}`, { cause: error });
  }
});
