/** What a device that was removed can still do together with the server. */

import { pace } from '/client/archive.js';
import { LIST_PAUSE } from '/client/group-lanes.js';
import { placeOf, sealBatch } from '/crypto/archive.js';
import { base64url, randomBytes, utf8 } from '/crypto/bytes.js';
import { assert, assertEquals } from '../harness.js';
import { dumpOf } from './browsers.js';
import { groupOf, logOf, statusIn } from './group-people.js';
import { metaOf, ownKeysOf, signInElsewhere, three } from './own-devices.js';
import { HOST, PASSWORD, scenario, until } from './people.js';
import { Thief } from './thief.js';

Object.assign(pace, { waitMs: 20, jitterMs: 30, lookMs: 50, retryMs: 50 });
Object.assign(LIST_PAUSE, { min: 1, max: 20 });

const stateOf = ({ events }) => events.findLast(({ type }) => type === 'archive')?.state;

/** Everything that a browser shows is in the archive. */
function archived(browser) {
  return browser.until(async () => {
    const { messages } = await dumpOf(browser);
    return messages.every(([, { kind, archive }]) => kind !== 'text' || archive > 0);
  }, 'all is archived');
}

/** A batch with a text that nobody wrote, behind what the archive holds. */
async function appendMadeUp({ archive, user }, ownKey, { id, bob }, text) {
  const { last } = archive;
  const after = await placeOf(last, archive.blobs.get(last));
  const record = {
    conversation: id, kind: 'person', messageId: base64url(randomBytes(16)), from: bob.user,
    device: 'ab'.repeat(16), sentAt: 1, time: Date.now(), type: 'text', content: { text },
  };
  const content = utf8(JSON.stringify({ version: 1, records: [record] }));
  const { blob } = await sealBatch(after, ownKey, { serverHost: HOST, user }, content);
  archive.append({ nr: last + 1, blob });
}

scenario('removedDeviceAddsNothingToTheArchiveEvenIfTheServerHelps', async () => {
  const all = await three();
  const { server, alice, bob, phone, third, account, id } = all;
  await alice.engine.sendText(id, 'before');
  for (const browser of [alice, phone, third]) {
    await browser.until(() => browser.texts.includes('before'));
    await archived(browser);
  }
  const [first] = await ownKeysOf(third);
  const { deviceId } = await metaOf(third, 'account');
  server.onRequest = async ({ type }) => {
    if (type === 'account-change') await appendMadeUp(account, first, all, 'made up');
    return undefined;
  };
  await alice.engine.revokeDevice(deviceId, PASSWORD);
  server.onRequest = async () => undefined;
  await bob.engine.sendText(id, 'after');
  for (const browser of [alice, phone]) {
    await browser.until(() => browser.texts.includes('after'));
    await archived(browser);
  }
  const fourth = await signInElsewhere(alice, 'fourth');
  await fourth.until(() => fourth.texts.includes('after'));
  await fourth.until(() => stateOf(fourth) === 'idle');
  const shown = browser => browser.timeline.filter(({ kind }) => kind === 'text')
    .map(({ text }) => text);
  for (const browser of [alice, phone, fourth]) {
    assertEquals(['before', 'after'], shown(browser));
    assert(!browser.events.some(({ state }) => state === 'broken'), 'no alarm');
  }
});

/** What the server has of everybody, from now on. */
class Loot {
  constructor(server, account, group) {
    Object.assign(this, { server, account, group });
    this.seen = server.seen.length;
    this.batch = account.archive.last;
    this.entry = logOf(server, group).entries.length;
  }

  frames(type) {
    return this.server.seen.slice(this.seen).filter(({ frame }) => frame.type === type);
  }

  /** What of it opens for a thief. */
  async openedBy(thief) {
    const opened = [];
    const sends = this.frames('send');
    for (const { frame, device } of sends) opened.push(...await thief.openedIn(frame, device));
    for (const { frame } of this.frames('sync-put')) {
      if (await thief.opensSync(frame)) opened.push('sync');
    }
    for (const [nr, blob] of this.account.archive.blobs) {
      if (nr > this.batch && await thief.opensBatch(nr, blob)) opened.push('archive');
    }
    const entries = logOf(this.server, this.group).entries.slice(this.entry);
    let { rosterHash } = thief.group.membership;
    for (const entry of entries) {
      const { content } = entry.frame;
      rosterHash = content.rosterHash ?? rosterHash;
      if (content.type === 'commit' && await thief.opensPieceOf(entry)) opened.push('piece');
      if (content.type === 'post' && await thief.opensPost(entry, rosterHash)) opened.push('post');
    }
    return opened;
  }
}

scenario('nothingThatIsSentAfterARevocationOpensWithAllThatTheBrowserKept', async () => {
  const all = await three();
  const { server, alice, bob, phone, third, account, id } = all;
  const group = await groupOf([alice, bob]);
  for (const browser of [phone, third]) {
    await browser.until(() => statusIn(browser, group) === 'member', 'membership');
  }
  for (const [browser, text] of [[alice, 'one'], [bob, 'two'], [third, 'three']]) {
    await browser.engine.sendText(id, text);
    for (const each of [alice, bob, phone, third]) {
      await each.until(() => each.texts.includes(text), text);
    }
  }
  await archived(alice);
  const shared = () => alice.engine.renameDevice(account.deviceList.devices[0].id,
    `Laptop ${account.sync.counter}`);
  const everything = async (name, readers) => {
    const loot = new Loot(server, account, group);
    await bob.engine.sendText(id, `${name} by bob`);
    await alice.engine.sendText(id, `${name} by alice`);
    await alice.engine.sendText(group, `${name} in the group`);
    for (const browser of readers) {
      for (const by of ['by bob', 'by alice', 'in the group']) {
        await browser.until(() => browser.texts.includes(`${name} ${by}`), `${name} ${by}`);
      }
    }
    const { counter } = account.sync;
    await shared();
    await until(() => account.sync.counter > counter);
    await archived(alice);
    await until(() => account.archive.last > loot.batch);
    return loot;
  };
  third.engine.close();
  const thief = await Thief.copying(third, group);
  const before = await everything('before', [alice, phone]);
  const opened = await before.openedBy(thief);
  for (const what of ['text', 'sync', 'archive', 'post']) {
    assert(opened.includes(what), `the thief's tools do not open ${what}: ${opened}`);
  }
  assert(opened.filter(type => type === 'text').length >= 2, 'of bob, and a copy of the own');

  const revoked = new Loot(server, account, group);
  await alice.engine.revokeDevice(thief.self.deviceId, PASSWORD);
  await until(async () => (await metaOf(phone, 'sync')).keyId === 2, 'all is under the new key');
  // The new own key itself, the commit and what the devices agree on then.
  const after = await everything('after', [alice, phone]);
  const kinds = loot => ['send', 'sync-put', 'archive-append', 'group-append']
    .filter(type => loot.frames(type).length > 0);
  assertEquals(4, kinds(after).length);
  assertEquals([], await revoked.openedBy(thief));
  await thief.close();
});
