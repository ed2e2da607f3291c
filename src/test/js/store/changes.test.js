/** How changes of messages count, whatever the order in which they come (docs/protocol.md §7.7). */
import { isHereOnly, park, parkRefused } from '/client/unsent.js';
import { generateAeadKey } from '/crypto/aead.js';
import { AccountStore } from '/store/account-store.js';
import {
  CHANGE_STORES, WAITING_MAX, addSaid, changePlace, changesOf, looksOf, shownBy, takeChange,
} from '/store/changes.js';
import {
  markRead, messageById, messageIdOf, messagePage, rowId,
} from '/store/conversations.js';
import { settle } from '/store/database.js';
import { isChange } from '/store/kinds.js';
import { OLD_DEVICE_STORES, leaveOldDevice } from '/store/new-device.js';
import { outgoingOf } from '/store/outbox.js';
import { Sealing } from '/store/sealing.js';
import { TIMER_STEP_MAX } from '/store/timers.js';
import { assert, assertEquals, test } from '../harness.js';
import { withStore } from './with-store.js';

let made = 0;

/** A message id with these bytes at its beginning, which no other run of a test uses. */
function idOf(from, first, run) {
  const bytes = new Uint8Array(16).fill(first);
  new DataView(bytes.buffer).setUint32(8, run);
  return rowId(from, bytes);
}

/** Rows of one conversation. */
function rowsIn(run, conversation = `alice+bob${run}`) {
  const target = idOf('bob', 1, run);
  const change = (kind, from, first, nr, of = target) => {
    const row = { conversation, kind, from, id: idOf(from, first, run), mine: false, target: of, nr,
      sealed: new Uint8Array([first]), sentAt: 5 };
    return { ...row, ordinal: changePlace(row) };
  };
  const text = { conversation, kind: 'text', from: 'bob', id: target, mine: false, sentAt: 1,
    sealed: new Uint8Array([1]) };
  return { conversation, target, text, change };
}

function permutations(items) {
  if (items.length < 2) return [items];
  return items.flatMap((item, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map(rest => [item, ...rest]));
}

async function take(stores, rows) {
  for (const row of rows) {
    if (isChange(row)) await takeChange(stores, row);
    else if (!await messageById(stores, row.id)) await addSaid(stores, 'bob', row);
  }
}

async function lookOf(stores, id) {
  const [{ row, edit, reactions }] = await looksOf(stores, [await messageById(stores, id)]);
  return { kind: row.kind, sealed: row.sealed?.[0], edit: edit?.sealed[0],
    reactions: reactions.map(({ from, sealed }) => [from, sealed[0]]) };
}

test('nobodyUsesUpTheNumbersOfTimers', () => withStore(store =>
  store.write([...CHANGE_STORES, 'meta'], async stores => {
    const { change } = rowsIn(++made);
    const timer = (first, nr) => ({ ...change('timer', 'bob', first, nr, undefined), seconds: 60 });
    const counts = async (row, isPast) => (await takeChange(stores, row, isPast)).length > 0;
    assertEquals([false, true, false, true, true], [
      await counts(timer(1, TIMER_STEP_MAX + 1)),
      await counts(timer(2, TIMER_STEP_MAX)),
      await counts(timer(3, 2 ** 31)),
      await counts(timer(4, 2 * TIMER_STEP_MAX)),
      // What the user's own devices kept is theirs.
      await counts(timer(5, 2 ** 31), true),
    ]);
  })));

test('whatCountsDoesNotDependOnTheOrderInWhichItComes', () => withStore(store =>
  store.write(CHANGE_STORES, async stores => {
    const counts = { kind: 'text', sealed: 1, edit: undefined, reactions: [] };
    for (const [kind, from, more] of [['edit', 'bob', { edit: 4 }],
      ['reaction', 'alice', { reactions: [['alice', 4]] }]]) {
      for (const order of permutations([0, 1, 2, 3])) {
        const { text, target, change } = rowsIn(++made);
        const rows = [text, change(kind, from, 2, 1), change(kind, from, 3, 2),
          change(kind, from, 4, 2)];
        await take(stores, order.map(i => rows[i]));
        assertEquals({ ...counts, ...more }, await lookOf(stores, target), String(order));
        assertEquals(1, (await changesOf(stores, text)).length);
      }
    }
  })));

test('whatWasDeletedLeavesNothingWhateverComesBeforeAndAfter', () => withStore(store =>
  store.write(CHANGE_STORES, async stores => {
    for (const order of permutations([0, 1, 2, 3])) {
      const { text, target, change } = rowsIn(++made);
      const rows = [{ ...text, replyTo: 'bob/x' }, change('edit', 'bob', 2, 7),
        change('reaction', 'alice', 3, 7), change('delete', 'bob', 4)];
      await take(stores, order.map(i => rows[i]));
      const row = await messageById(stores, target);
      assertEquals(['conversation', 'from', 'id', 'kind', 'mine', 'ordinal', 'sentAt'],
        Object.keys(row).sort());
      assertEquals(['deleted', ['delete']],
        [row.kind, (await changesOf(stores, text)).map(({ kind }) => kind)]);
      const { unread, lastOrdinal } = await settle(stores.conversations.get(text.conversation));
      assertEquals([0, row.ordinal], [unread, lastOrdinal], String(order));
    }
  })));

test('changesStandInNoTimelineAndAreNotCounted', () => withStore(store =>
  store.write(CHANGE_STORES, async stores => {
    const { text, change, conversation, target } = rowsIn(++made);
    await take(stores, [text, change('reaction', 'alice', 2, 1), change('edit', 'bob', 3, 1)]);
    assertEquals([target],
      (await messagePage(stores, conversation, Number.MAX_SAFE_INTEGER, 9)).map(({ id }) => id));
    const row = () => settle(stores.conversations.get(conversation));
    assertEquals([1, 1, 2],
      (({ unread, lastOrdinal, nextOrdinal }) => [unread, lastOrdinal, nextOrdinal])(await row()));
    await markRead(stores, conversation, 1);
    assertEquals(0, (await row()).unread);
  })));

test('deleteOfAnUnreadMessageIsNotCountedAnyMore', () => withStore(store =>
  store.write(CHANGE_STORES, async stores => {
    const { text, change, conversation } = rowsIn(++made);
    const ids = [11, 12, 13].map(first => idOf('bob', first, made));
    await take(stores, ids.map(id => ({ ...text, id })));
    const counted = async () => {
      const { unread, firstUnreadOrdinal } = await settle(stores.conversations.get(conversation));
      return [unread, firstUnreadOrdinal];
    };
    assertEquals([3, 1], await counted());
    await take(stores, [change('delete', 'bob', 21, undefined, ids[1])]);
    assertEquals([2, 1], await counted());
    await take(stores, [change('delete', 'bob', 22, undefined, ids[0])]);
    assertEquals([1, 3], await counted());
    await take(stores, [change('delete', 'bob', 22, undefined, ids[0])]);
    assertEquals([1, 3], await counted(), 'once more');
    await markRead(stores, conversation, 3);
    await take(stores, [change('delete', 'bob', 23, undefined, ids[2])]);
    assertEquals([0, undefined], await counted());
  })));

test('changeInAnotherConversationHasNoEffectThere', () => withStore(store =>
  store.write(CHANGE_STORES, async stores => {
    const { text, target } = rowsIn(++made);
    await take(stores, [text]);
    const elsewhere = rowsIn(made, 'group:g');
    await take(stores, [elsewhere.change('reaction', 'carol', 2, 1),
      elsewhere.change('delete', 'bob', 3)]);
    assertEquals({ kind: 'text', sealed: 1, edit: undefined, reactions: [] },
      await lookOf(stores, target));
    assertEquals([], await shownBy(stores, [elsewhere.change('reaction', 'carol', 2, 1)]));
    // A text that answers something of another conversation shows nothing of that.
    const [answer] = await looksOf(stores,
      [{ ...text, conversation: 'group:g', id: 'bob/other', replyTo: target }]);
    assertEquals(null, answer.answered);
  })));

test('manyMessagesLookAsEachOfThemAlone', () => withStore(store =>
  store.write(CHANGE_STORES, async stores => {
    const { text, conversation, change } = rowsIn(++made);
    const ids = Array.from({ length: 20 }, (_, i) => idOf('bob', 100 + i, made));
    await take(stores, ids.map((id, i) =>
      ({ ...text, id, ...i === 9 && { replyTo: ids[3] } })));
    await take(stores, [change('reaction', 'alice', 2, 1, ids[3]),
      change('edit', 'bob', 3, 1, ids[3]), change('reaction', 'carol', 4, 1, ids[5]),
      { ...change('timer', 'bob', 5, 1), seconds: 60 }]);
    const rows = await messagePage(stores, conversation, Number.MAX_SAFE_INTEGER, 30);
    const check = async () => {
      const alone = await Promise.all(rows.map(async row => (await looksOf(stores, [row]))[0]));
      assertEquals(alone, await looksOf(stores, rows));
      return alone;
    };
    const alone = await check();
    assertEquals([3, 3, 1], [alone[3].edit.sealed[0], alone[9].answered.edit.sealed[0],
      alone[5].reactions.length]);
    for (let nr = 0; nr < 70; nr++) {
      await take(stores, [change('reaction', `person${nr}`, 6, 1, ids[7])]);
    }
    assertEquals(70, (await check())[7].reactions.length);
  })));

test('manyReactionsOfOnePersonAreOneRow', () => withStore(async store => {
  const { text, target, change } = rowsIn(++made);
  await store.write(CHANGE_STORES, stores => take(stores, [text]));
  const id = nr => rowId('bob', new Uint8Array(new Uint32Array([nr, 0, 0, made]).buffer));
  await store.write(CHANGE_STORES, async stores => {
    for (let nr = 1; nr <= 200; nr++) {
      await takeChange(stores, { ...change('reaction', 'bob', nr, nr), id: id(nr) });
    }
  });
  await store.read(['messages'], async stores => {
    assertEquals(2, await settle(stores.messages.count()));
    assertEquals([['bob', 200]], (await lookOf(stores, target)).reactions);
  });
}));

test('changesOfWhatNeverComesAreBounded', () => withStore(async store => {
  const { change, text } = rowsIn(++made);
  await store.write(CHANGE_STORES, async stores => {
    const waits = [text.conversation, 'bob'];
    for (let i = 0; i < WAITING_MAX - 1; i++) {
      stores.messages.put({ ...change('edit', 'bob', 9, 1, `bob/${i}`), waits });
    }
    for (const nr of [1, 2, 3]) await takeChange(stores, change('edit', 'bob', 9, nr, `bob/a${nr}`));
    await takeChange(stores, change('reaction', 'alice', 2, 1));
    assertEquals(WAITING_MAX + 1, await settle(stores.messages.count()));
    await take(stores, [text]);
    assertEquals([['alice', 2]], (await lookOf(stores, text.id)).reactions);
    const waiting = await settle(stores.messages.index('byWaiting').count());
    assertEquals(WAITING_MAX, waiting, 'what came waits no more');
  });
}));

test('whatCountsLeastOfWhatNeverComesGoesFirst', () => withStore(async store => {
  const { change, text } = rowsIn(++made);
  await store.write(CHANGE_STORES, async stores => {
    const waits = [text.conversation, 'bob'];
    for (let i = 0; i < WAITING_MAX; i++) {
      const kind = ['edit', 'reaction'][i] ?? 'delete';
      stores.messages.put({ ...change(kind, 'bob', 9, 1, `bob/${i}`), waits });
    }
    const counts = async () => {
      const rows = await settle(stores.messages.index('byWaiting').getAll(waits));
      return ['reaction', 'edit', 'delete'].map(kind => rows.filter(r => r.kind === kind).length);
    };
    const kept = [];
    for (const [i, kind] of ['delete', 'reaction', 'edit', 'delete', 'delete', 'edit'].entries()) {
      const told = await takeChange(stores, change(kind, 'bob', 9, 1, `bob/b${i}`));
      kept.push([told.length, ...await counts()].join(' '));
    }
    assertEquals(['1 0 1 999', '0 0 1 999', '1 0 1 999', '1 0 0 1000', '1 0 0 1000',
      '0 0 0 1000'], kept);
  });
}));

test('changeThatWaitsIsThereAfterTheStoreWasOpenedAgain', () => withStore(async (store, user) => {
  const { change, text, target } = rowsIn(++made);
  await store.write(CHANGE_STORES, stores => take(stores, [change('edit', 'bob', 2, 1)]));
  store.close();
  const again = await AccountStore.open(user);
  await again.write(CHANGE_STORES, stores => take(stores, [text]));
  assertEquals(2, (await again.read(['messages'], stores => lookOf(stores, target))).edit);
  again.close();
}));

test('placeholderOfAChangeThatComesAfterAllGoes', () => withStore(store =>
  store.write(CHANGE_STORES, async stores => {
    const { text, change, conversation } = rowsIn(++made);
    const edit = change('edit', 'bob', 2, 1);
    await take(stores, [text, { ...text, id: edit.id, kind: 'undecryptable' }]);
    const told = await takeChange(stores, edit);
    assertEquals([[edit.id, true], [edit.id, undefined]],
      told.map(({ id, removed }) => [id, removed]));
    const { unread, lastOrdinal } = await settle(stores.conversations.get(conversation));
    assertEquals([1, 1], [unread, lastOrdinal]);
    assertEquals([], await takeChange(stores, { ...edit, id: text.id, nr: 9 }),
      'a text keeps its id');
  })));

test('whatWasVoidBeforeItLeftDoesNotLeave', () => withStore(store =>
  store.write(CHANGE_STORES, async stores => {
    const { text, change } = rowsIn(++made);
    const [first, second, third] = [1, 2, 3].map(nr => change('reaction', 'alice', 30 + nr, nr));
    await take(stores, [text, first]);
    stores.outbox.add({ to: 'bob', type: 'text', message: first.id });
    stores.outbox.add({ to: 'alice', type: 'text', copyOf: first.id });
    await take(stores, [second]);
    assertEquals(0, await settle(stores.outbox.count()));
    stores.outbox.add({ to: 'bob', type: 'text', message: second.id, copies: [] });
    await take(stores, [third]);
    assert(await outgoingOf(stores, second.id), 'what is encrypted goes');
    assertEquals(undefined, await messageById(stores, second.id));
    assertEquals(16, messageIdOf(third).length);
  })));

test('whatMayHaveReachedSomebodyIsNotOfThisBrowserAlone', () => withStore(store =>
  store.write([...new Set([...CHANGE_STORES, ...OLD_DEVICE_STORES])], async stores => {
    const message = async (more, { said } = {}) => {
      const { text, target } = rowsIn(++made);
      stores.messages.put({ ...text, ordinal: 1, mine: true, state: 'pending', ...said });
      await settle(stores.outbox.add({ to: 'bob', type: 'text', message: target, ...more }));
      return target;
    };
    const sentTo = { accountKey: new Uint8Array(32), devices: ['d1'] };
    const hereOnly = async id => isHereOnly(stores, await messageById(stores, id));
    const unsent = await message();
    const parked = await message({ parked: true }, { said: { state: 'not-sent' } });
    const again = await message({ again: true });
    const left = await message({ n: 4, copies: [], digest: new Uint8Array(1) });
    const posted = await message({ post: { epoch: 1 } });
    const encrypted = await message({}, { said: { sentTo } });
    await leaveOldDevice(stores);
    assertEquals([true, true, false, false, false, false], await Promise.all(
      [unsent, parked, again, left, posted, encrypted].map(hereOnly)));
    const rows = await Promise.all([parked, again, left].map(id => outgoingOf(stores, id)));
    assertEquals([['message', 'parked', 'seq', 'to', 'type'],
      ['again', 'message', 'seq', 'to', 'type'], ['message', 'sentBefore', 'seq', 'to', 'type']],
    rows.map(row => Object.keys(row).sort()));
    // A refusal says that nobody has it, if it went out just once.
    const refused = await message({}, { said: { sentTo } });
    for (const id of [refused, left]) {
      await parkRefused(stores, await outgoingOf(stores, id), 'inbox-full');
    }
    assertEquals([true, false], [await hereOnly(refused), await hereOnly(left)]);
  })));

test('reactionThatWasAcceptedBeforeStaysWhenItIsRefused', () => withStore(store =>
  store.write(CHANGE_STORES, async stores => {
    const { text, change } = rowsIn(++made);
    const reaction = { ...change('reaction', 'alice', 40, 1), mine: true, state: 'pending' };
    await take(stores, [text, reaction]);
    stores.outbox.add({ to: 'bob', type: 'text', message: reaction.id, again: true });
    await park(stores, await outgoingOf(stores, reaction.id), 'inbox-full');
    assertEquals('sent', (await messageById(stores, reaction.id)).state);
    assertEquals(undefined, await outgoingOf(stores, reaction.id));
  })));

/** The stores that changes need, as version 4 had them. */
const FOURTH_VERSION = {
  keys: {},
  meta: {},
  conversations: { keyPath: 'id' },
  messages: {
    keyPath: ['conversation', 'ordinal'],
    indexes: {
      byId: 'id', byKind: ['conversation', 'kind'], byState: ['conversation', 'state'],
      byArchive: 'archive',
    },
  },
  outbox: {
    keyPath: 'seq', autoIncrement: true,
    indexes: { byTo: 'to', byMessage: 'message', byCopy: 'copyOf' },
  },
};

function openFourthVersion(user) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(`sotto:${user}`, 4);
    opening.onupgradeneeded = () => {
      for (const [name, { indexes = {}, ...options }] of Object.entries(FOURTH_VERSION)) {
        const store = opening.result.createObjectStore(name, options);
        Object.entries(indexes).forEach(([index, path]) => store.createIndex(index, path));
      }
    };
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}

test('messagesOfVersionFourStayAsTheyAreAndCanBeChanged', async () => {
  const user = `older-${Date.now().toString(36)}`;
  const { text, target, change, conversation } = rowsIn(++made);
  const key = await generateAeadKey();
  const sealed = await new Sealing(key, user).seal(['message', conversation, target], 'as it was');
  const message = { ...text, ordinal: 1, sealed, archive: 3 };
  const waiting = { to: 'bob', type: 'text', message: target };
  const database = await openFourthVersion(user);
  const transaction = database.transaction(Object.keys(FOURTH_VERSION), 'readwrite');
  transaction.objectStore('keys').put(key, 'at-rest');
  transaction.objectStore('messages').put(message);
  transaction.objectStore('outbox').put(waiting);
  await new Promise(resolve => { transaction.oncomplete = resolve; });
  database.close();
  const store = await AccountStore.open(user);
  try {
    await store.write(CHANGE_STORES, async stores => {
      assertEquals(message, await messageById(stores, target));
      assertEquals({ ...waiting, seq: 1 }, await outgoingOf(stores, target));
      await take(stores, [change('reaction', 'alice', 2, 1), change('edit', 'bob', 3, 1)]);
      const { edit, reactions } = await lookOf(stores, target);
      assertEquals([3, [['alice', 2]]], [edit, reactions]);
    });
    assertEquals('as it was',
      await store.sealing.open(['message', conversation, target], message.sealed));
  } finally {
    store.close();
    await AccountStore.erase(user);
  }
});
