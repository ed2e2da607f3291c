import { pace } from '/client/archive.js';
import { assert, assertEquals } from '../harness.js';
import { dumpOf } from './browsers.js';
import { groupOf, world } from './group-people.js';
import { InPageArchive } from './in-page-archive.js';
import { codeOf, signInElsewhere } from './own-devices.js';
import { pair, scenario, until } from './people.js';

Object.assign(pace, { waitMs: 20, jitterMs: 30, lookMs: 50, retryMs: 50 });

const archiveOf = (server, { user }) => server.users.get(user).archive;
const stateOf = ({ events }) => events.findLast(({ type }) => type === 'archive');

async function talk({ alice, bob, id }, count) {
  for (let i = 0; i < count; i++) {
    const [from, to] = i % 2 ? [bob, alice] : [alice, bob];
    await from.engine.sendText(id, `message ${i}`);
    await to.until(() => to.texts.includes(`message ${i}`));
  }
}

const expected = count => Array.from({ length: count }, (_, i) => `message ${i}`);

/** Everything that was said is in the archive. */
async function archived({ alice }) {
  await alice.until(async () => {
    const { messages } = await dumpOf(alice);
    return messages.every(([, { kind, archive }]) => kind !== 'text' || archive > 0);
  }, 'all is archived');
}

scenario('newBrowserHasWhatWasSaidAndSearchesIt', async () => {
  const talkers = await pair();
  const { alice, bob, id } = talkers;
  await talk(talkers, 12);
  await archived(talkers);

  const phone = await signInElsewhere(alice, 'phone');
  await phone.until(() => stateOf(phone)?.state === 'idle');
  const history = await phone.engine.loadMessages(id, { limit: 100 });
  assertEquals(expected(12), history.filter(({ kind }) => kind === 'text').map(({ text }) => text));
  assertEquals(['message 11', 'message 10', 'message 1'],
    (await phone.engine.search('MESSAGE 1')).map(({ text }) => text));
  assert(phone.events.some(({ type, state }) => type === 'archive' && state === 'restoring'));
  assertEquals(0, phone.conversations.get(id).unread);

  await bob.engine.sendText(id, 'to both');
  for (const browser of [alice, phone]) {
    await browser.until(() => browser.texts.includes('to both'));
  }
  await phone.engine.sendText(id, 'answer from the phone');
  await alice.until(() => alice.texts.includes('answer from the phone'));
  assertEquals('answer from the phone', phone.texts.at(-1));
  assertEquals([[], [], []], [alice, bob, phone].map(({ alarms }) => alarms));
});

scenario('groupShowsWhatWasSaidThoughTheBrowserIsNotInIt', async () => {
  const { server, people: [alice, bob] } = await world('alice', 'bob');
  const group = await groupOf([alice, bob]);
  await bob.engine.sendText(group, 'said in the group');
  await alice.until(() => alice.texts.length === 1);
  await alice.engine.sendText(group, 'by alice');
  await bob.until(() => bob.texts.length === 2);
  await archived({ alice });
  assert(archiveOf(server, alice).last > 0);
  const phone = await signInElsewhere(alice, 'phone');
  await phone.until(() => phone.texts.join() === 'said in the group,by alice');
  assertEquals('group', phone.conversations.get(group).kind);
});

scenario('restoreGoesOnAfterAReload', async () => {
  const talkers = await pair();
  const { server, alice, id } = talkers;
  const archive = archiveOf(server, alice);
  for (let i = 0; i < 3; i++) {
    await talk(talkers, 2);
    await archived(talkers);
  }
  assert(archive.last >= 3);
  const pages = [];
  archive.page = ({ before }) => {
    pages.push(before);
    const whole = InPageArchive.prototype.page.call(archive, { before });
    return { ...whole, batches: whole.batches.slice(0, 1) };
  };
  let isHeld = false;
  server.onRequest = async ({ type }) => {
    if (type !== 'archive-page' || pages.length !== 1) return undefined;
    isHeld = true;
    return 'no answer';
  };
  const phone = await signInElsewhere(alice, 'phone');
  await phone.until(() => stateOf(phone)?.done === 1 && isHeld);
  server.onRequest = async () => undefined;
  const back = await phone.reload();
  await back.until(() => stateOf(back)?.state === 'idle');
  const falling = Array.from({ length: archive.last }, (_, i) => archive.last + 1 - i);
  assertEquals(falling, pages, 'no page is read twice');
  const history = await back.engine.loadMessages(id, { limit: 100 });
  assertEquals(6, history.filter(({ kind }) => kind === 'text').length);
});

scenario('archiveThatOneBrowserSwitchesOffIsGoneAndOffOnAll', async () => {
  const talkers = await pair();
  const { server, alice } = talkers;
  await talk(talkers, 2);
  await archived(talkers);
  const phone = await signInElsewhere(alice, 'phone');
  await phone.until(() => stateOf(phone)?.state === 'idle');
  assertEquals(true, (await phone.engine.archive()).on);

  await phone.engine.setArchive(false);
  assertEquals('off', stateOf(phone).state);
  assertEquals(0, archiveOf(server, alice).blobs.size);
  await alice.until(() => stateOf(alice)?.state === 'off');
  assertEquals(false, (await alice.engine.archive()).on);
  assertEquals(1, server.frames('archive-drop', alice.user).length);
  const laptop = await signInElsewhere(alice, 'laptop');
  await laptop.until(() => stateOf(laptop)?.state === 'off');
  assertEquals([], laptop.texts);
});

scenario('otherBrowserHandsOverWhatItHasIfThePersonAgrees', async () => {
  const talkers = await pair();
  const { alice, id } = talkers;
  await talk(talkers, 10);
  await alice.engine.setArchive(false);
  const phone = await signInElsewhere(alice, 'phone');
  await phone.until(() => stateOf(phone)?.state === 'off');
  const named = async () => (await alice.engine.devices()).every(({ name }) => name.length > 0);
  await until(named, 'the names of all devices');
  await phone.engine.askHistory();
  await alice.until(() => asked(alice));
  const { device, name } = asked(alice);
  assert(name.length > 0, 'the browser has a name');
  await alice.engine.answerHistory(device, true);
  await phone.until(() => phone.texts.length === 10);
  assertEquals(expected(10), phone.texts);
  await phone.until(() => progressOf(phone).at(-1)?.done === 10);
  assertEquals({ done: 0, total: 10 }, progressOf(phone)[0]);
  assertEquals(null, asked(alice));
  const history = await phone.engine.loadMessages(id, { limit: 100 });
  assertEquals(10, history.filter(({ kind }) => kind === 'text').length);
});

scenario('whatIsHandedOverWaitsInTheOutboxWithoutItsTexts', async () => {
  const talkers = await pair();
  const { server, alice } = talkers;
  await talk(talkers, 2);
  await alice.engine.setArchive(false);
  const phone = await signInElsewhere(alice, 'phone');
  await phone.until(() => stateOf(phone)?.state === 'off');
  await phone.engine.askHistory();
  await alice.until(() => asked(alice));
  const pages = [];
  server.onRequest = async ({ type, to }, { user }) => {
    if (type !== 'send' || to !== alice.user || user !== alice.user) return;
    const rows = (await dumpOf(alice)).outbox.map(([, row]) => row);
    pages.push(...rows.filter(row => row.type === 'history'));
  };
  await alice.engine.answerHistory(asked(alice).device, true);
  await phone.until(() => phone.texts.length === 2);
  assert(pages.some(({ copies }) => copies), 'nothing was sent');
  for (const { content } of pages) {
    assertEquals(['device', 'ids', 'left'], Object.keys(content).sort());
  }
});

scenario('nothingIsHandedOverIfThePersonDeclines', async () => {
  const talkers = await pair();
  const { alice } = talkers;
  await talk(talkers, 2);
  await alice.engine.setArchive(false);
  const phone = await signInElsewhere(alice, 'phone');
  await phone.engine.askHistory();
  await alice.until(() => asked(alice));
  await alice.engine.answerHistory(asked(alice).device, false);
  await phone.until(() =>
    phone.events.some(({ type, agreed }) => type === 'history' && agreed === false));
  assertEquals([], phone.texts);
});

scenario('onlyBrowserHasNobodyToAsk', async () => {
  const { alice } = await pair();
  assertEquals('history-no-sibling', await codeOf(() => alice.engine.askHistory()));
});

function asked({ events }) {
  const { device, name } = events.findLast(({ type }) => type === 'history-asked') ?? {};
  return device ? { device, name } : null;
}

function progressOf({ events }) {
  return events.filter(({ type }) => type === 'history')
    .map(({ done, total }) => ({ done, total }));
}
