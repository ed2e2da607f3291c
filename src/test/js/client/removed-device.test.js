/** What a device that was removed can still do together with the server. */

import { pace } from '/client/archive.js';
import { placeOf, sealBatch } from '/crypto/archive.js';
import { base64url, randomBytes, utf8 } from '/crypto/bytes.js';
import { assert, assertEquals } from '../harness.js';
import { dumpOf } from './browsers.js';
import { metaOf, ownKeysOf, signInElsewhere } from './own-devices.js';
import { HOST, PASSWORD, pair, scenario, until } from './people.js';

Object.assign(pace, { waitMs: 20, jitterMs: 30, lookMs: 50, retryMs: 50 });

const stateOf = ({ events }) => events.findLast(({ type }) => type === 'archive')?.state;

async function three() {
  const all = await pair();
  const phone = await signInElsewhere(all.alice, 'phone');
  const third = await signInElsewhere(all.alice, 'third');
  const account = all.server.users.get(all.alice.user);
  for (const browser of [all.alice, phone]) {
    await until(async () => (await metaOf(browser, 'account')).deviceList.version === 3);
  }
  return { ...all, phone, third, account };
}

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
