import { arrangedRows, putArranged } from '/client/arranged.js';
import { SHARED_STORES, joinShared } from '/client/shared.js';
import { switched } from '/client/switches.js';
import { settle } from '/store/database.js';
import { assertEquals, test } from '../harness.js';
import { withStore } from '../store/with-store.js';

const BLOB = { counter: 1, keyId: 1, generation: 1 };
const CONTENT = {
  contacts: [], devices: [], archive: { on: true, nr: 0, closed: [] }, readReceipts: true,
  typing: true, openToAll: false, conversations: [],
};

/** What another device of the user put. */
function join(store, content) {
  return store.write(SHARED_STORES, stores =>
    joinShared(stores, store.user, { ...BLOB, content: { ...CONTENT, ...content } }));
}

function contact(user, standing) {
  return {
    user, standing, accountKey: new Uint8Array(32).fill(1), verified: false, listVersion: 1,
    listHash: new Uint8Array(32).fill(2),
  };
}

const read = (store, name, key) => store.read([name], stores => settle(stores[name].get(key)));

test('whatTwoDevicesChangedAlikeGivesWayToALaterChange', () => withStore(async store => {
  const ours = {
    names: { d2: 'Desk' }, changedNames: ['d2'], archive: { on: false, nr: 0, closed: [] },
    archiveChanged: true, ...switched('typing', false),
  };
  const places = ['meta', 'standings', 'conversations'];
  await store.write(places, ({ meta, standings, conversations }) => {
    meta.put(ours, 'sync');
    standings.put({ user: 'carol', standing: 'accepted', isChanged: true });
    conversations.put({ id: 'a+b', pinned: true, isArranged: true });
    conversations.put({ id: 'a+c', isArranged: true });
  });
  await join(store, {
    contacts: [contact('carol')], devices: [{ id: 'd2', name: 'Desk' }], typing: false,
    archive: { on: false, nr: 0, closed: [] },
    conversations: [{ conversation: 'a+b', pinned: true }],
  });
  await join(store, {
    contacts: [contact('carol', 'blocked')], devices: [{ id: 'd2', name: 'Table' }],
    conversations: [{ conversation: 'a+c', archived: true }],
  });
  const { names, archive, typing } = await read(store, 'meta', 'sync');
  assertEquals(['Table', true, true], [names.d2, archive.on, typing]);
  assertEquals('blocked', (await read(store, 'standings', 'carol')).standing);
  assertEquals({ id: 'a+b' }, await read(store, 'conversations', 'a+b'));
  assertEquals({ id: 'a+c', archived: true }, await read(store, 'conversations', 'a+c'));
}));

test('ofMoreConversationsThanAListHoldsTheArchivedOnesGoLastAndStayAsTheyAre', () =>
  withStore(async store => {
    const archived = Array.from({ length: 150 }, (_, i) => `a+${100 + i}`);
    await store.write(['conversations'], ({ conversations }) => {
      for (const id of archived) conversations.put({ id, archived: true });
      conversations.put({ id: 'z+pinned', pinned: true, isArranged: true });
    });
    const entries = await store.read(['conversations'], stores => arrangedRows(stores, []));
    assertEquals([150, 'z+pinned'], [entries.length, entries.at(-1).conversation]);
    await store.write(['conversations'], stores => putArranged(stores, entries));
    assertEquals({ id: 'z+pinned', pinned: true }, await read(store, 'conversations', 'z+pinned'));
    await join(store, { conversations: entries });
    assertEquals({ id: 'a+249', archived: true }, await read(store, 'conversations', 'a+249'));
    await join(store, { conversations: entries.slice(1) });
    assertEquals({ id: 'a+249' }, await read(store, 'conversations', 'a+249'));
  }));
