/** What is erased when the time of messages is over (docs/protocol.md §7.9). */
import { rowsOf } from '/client/archive-records.js';
import { showMessage, takeSaid } from '/client/taking.js';
import { keepReceipt } from '/client/receipts.js';
import { CHANGE_STORES, addSaid, changePlace, takeChange } from '/store/changes.js';
import {
  markRead, markReadUpTo, markSeenUpTo, messageById, messageIdOf, rowId,
} from '/store/conversations.js';
import { base64url } from '/crypto/bytes.js';
import { AWAITS_ACCEPTANCE, settle } from '/store/database.js';
import { GONE_STORES, eraseGone, nextGoneAt } from '/store/disappearing.js';
import { beginTimes, begun } from '/store/lifetime.js';
import { letIn } from '/store/standings.js';
import { assertEquals, assertThrows, test } from '../harness.js';
import { withStore } from './with-store.js';

const STORES = [...CHANGE_STORES, 'lost', 'meta', 'earlyReceipts'];
const CONVERSATION = 'alice+bob';

function idOf(from, nr) {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setUint32(0, nr);
  return rowId(from, bytes);
}

function textOf(nr, more = {}) {
  return { conversation: CONVERSATION, kind: 'text', from: 'bob', id: idOf('bob', nr), mine: false,
    sentAt: nr, receivedAt: nr, sealed: new Uint8Array([nr]), disappearAfter: 60, ...more };
}

function changeOf(kind, nr, target, more = {}) {
  const row = { conversation: CONVERSATION, kind, from: 'bob', id: idOf('bob', nr), mine: false,
    target, nr, sentAt: nr, sealed: new Uint8Array([nr]), ...more };
  return { ...row, ordinal: changePlace(row) };
}

async function rowsIn(stores) {
  return (await settle(stores.messages.getAll())).map(({ kind, id }) => `${kind} ${id}`);
}

test('whatIsOverGoesAndWhatIsNotStays', () => withStore(store =>
  store.write(STORES, async stores => {
    for (const nr of [1, 2, 3]) {
      await addSaid(stores, 'bob', begun(textOf(nr), nr * 1_000));
    }
    await addSaid(stores, 'bob', textOf(4));
    assertEquals(61_000, await nextGoneAt(stores));
    assertEquals([], (await eraseGone(stores, 60_999)).gone);
    assertEquals([1, 2], (await eraseGone(stores, 62_000)).gone.map(({ sentAt }) => sentAt));
    assertEquals(63_000, await nextGoneAt(stores));
    assertEquals([3], (await eraseGone(stores, 1e15)).gone.map(({ sentAt }) => sentAt));
    assertEquals(undefined, await nextGoneAt(stores));
    assertEquals([`text ${idOf('bob', 4)}`], await rowsIn(stores));
    const { lastOrdinal, unread, firstUnreadOrdinal } =
      await settle(stores.conversations.get(CONVERSATION));
    assertEquals([4, 1, 4], [lastOrdinal, unread, firstUnreadOrdinal]);
  })));

test('whatDisappearedComesBackByNoRepeatNoChangeAndNoReceipt', () => withStore(store =>
  store.write(STORES, async stores => {
    const { id } = textOf(1);
    await addSaid(stores, 'bob', begun(textOf(1), 0));
    await takeChange(stores, changeOf('edit', 7, id));
    await takeChange(stores, changeOf('reaction', 8, id));
    await eraseGone(stores, 60_000);
    assertEquals([], await rowsIn(stores));
    assertEquals([], await takeSaid(stores, 'alice', textOf(1)));
    assertEquals([], await showMessage(stores, 'alice',
      textOf(1, { kind: 'undecryptable', sealed: undefined })));
    for (const kind of ['edit', 'reaction', 'delete']) {
      assertEquals([], await takeSaid(stores, 'alice', changeOf(kind, 9, id)), kind);
    }
    const account = await settle(stores.meta.get('account'));
    const deviceList = { ...account.deviceList, devices: [{ id: 'd1' }, { id: 'd2' }] };
    stores.meta.put({ ...account, deviceList }, 'account');
    await keepReceipt(stores, 'bob', { id, user: 'alice', device: 'd' });
    assertEquals([[], [], 0], [await rowsIn(stores), await settle(stores.earlyReceipts.getAll()),
      (await settle(stores.conversations.get(CONVERSATION))).unread]);
  })));

test('crashBetweenErasesWhollyOrNotAtAllAndTheNextStartGoesOn', () => withStore(async store => {
  await store.write(STORES, async stores => {
    for (let nr = 1; nr <= 104; nr++) await addSaid(stores, 'bob', begun(textOf(nr), 0));
    await takeChange(stores, changeOf('edit', 999, idOf('bob', 1)));
  });
  const count = () => store.read(['messages'], ({ messages }) => settle(messages.count()));
  await assertThrows(() => store.write(GONE_STORES, async stores => {
    await eraseGone(stores, 60_000);
    throw new Error('crash');
  }), Error);
  assertEquals(105, await count());
  await store.write(GONE_STORES, stores => eraseGone(stores, 60_000));
  assertEquals(4, await count());
  await store.write(GONE_STORES, stores => eraseGone(stores, 60_000));
  assertEquals(0, await count());
}));

test('timeBeginsOnceWithWhatIsReadAndNothingElse', () => withStore(store =>
  store.write(STORES, async stores => {
    for (const nr of [1, 2, 3]) await addSaid(stores, 'bob', textOf(nr));
    await addSaid(stores, 'bob', textOf(4, { mine: true, from: 'alice', id: idOf('alice', 4) }));
    const goneAt = async nr => (await messageById(stores, idOf('bob', nr))).goneAt;
    await markRead(stores, CONVERSATION, 1);
    assertEquals([1], (await beginTimes(stores, CONVERSATION, 0, 1)).map(({ sentAt }) => sentAt));
    const first = await goneAt(1);
    assertEquals([undefined, undefined], [await goneAt(2), await goneAt(3)]);
    const upTo = base64url(messageIdOf({ id: idOf('alice', 4) }));
    assertEquals([2, 3], (await markReadUpTo(stores, CONVERSATION, upTo))
      .map(({ sentAt }) => sentAt));
    assertEquals([first, undefined],
      [await goneAt(1), (await messageById(stores, idOf('alice', 4))).goneAt]);
  })));

test('whoReadsUpToWhatIsGoneHasReadWhatStoodBefore', () => withStore((store, user) =>
  store.write(STORES, async stores => {
    const conversation = [user, 'bob'].sort().join('+');
    await addSaid(stores, 'bob', textOf(1, { conversation, disappearAfter: undefined }));
    const mine = { conversation, mine: true, from: user };
    await addSaid(stores, 'bob',
      { ...textOf(2), ...mine, id: idOf(user, 2), disappearAfter: undefined });
    await addSaid(stores, 'bob', begun({ ...textOf(3), ...mine, id: idOf(user, 3) }, 0));
    await eraseGone(stores, 60_000);
    await markSeenUpTo(stores, conversation, idOf(user, 3), { mayCome: true });
    await markReadUpTo(stores, conversation, base64url(messageIdOf({ id: idOf(user, 3) })));
    const { unread, seenOrdinal, awaitedRead, awaitedSeen } =
      await settle(stores.conversations.get(conversation));
    assertEquals([0, 3, undefined, undefined], [unread, seenOrdinal, awaitedRead, awaitedSeen]);
  })));

test('whatASiblingHasReadBeforeItCameBeginsWhenItComes', () => withStore(store =>
  store.write(STORES, async stores => {
    await addSaid(stores, 'bob', textOf(1));
    await markReadUpTo(stores, CONVERSATION, base64url(messageIdOf({ id: idOf('bob', 2) })));
    assertEquals(undefined, (await messageById(stores, idOf('bob', 1))).goneAt);
    await addSaid(stores, 'bob', textOf(2));
    for (const nr of [1, 2]) {
      assertEquals('number', typeof (await messageById(stores, idOf('bob', nr))).goneAt);
    }
    await addSaid(stores, 'bob', textOf(3));
    assertEquals(undefined, (await messageById(stores, idOf('bob', 3))).goneAt);
  })));

test('whoAsksAndIsAcceptedPutsNothingOfItIntoTheArchive', () => withStore(store =>
  store.write(STORES, async stores => {
    const asked = { archive: AWAITS_ACCEPTANCE };
    const archiveOf = async nr => (await messageById(stores, idOf('bob', nr))).archive;
    await takeChange(stores, changeOf('edit', 7, idOf('bob', 1), asked));
    await takeChange(stores, changeOf('edit', 8, idOf('bob', 2), asked));
    await addSaid(stores, 'bob', textOf(1, asked));
    await addSaid(stores, 'bob', textOf(2, { ...asked, disappearAfter: undefined }));
    assertEquals([undefined, -1, undefined, -1],
      [await archiveOf(1), await archiveOf(2), await archiveOf(7), await archiveOf(8)]);
    await letIn(stores, CONVERSATION);
    assertEquals([undefined, 0, undefined, 0],
      [await archiveOf(1), await archiveOf(2), await archiveOf(7), await archiveOf(8)]);
  })));

test('recordOfWhatDisappearsIsPassedOver', () => withStore(async store => {
  const record = content => ({
    conversation: CONVERSATION, kind: 'person', messageId: base64url(messageIdOf(textOf(1))),
    from: 'bob', device: '0'.repeat(32), sentAt: 1, time: 1, type: 'text', content,
  });
  const records = [record({ text: 'stays' }), record({ text: 'goes', disappearAfter: 5 })];
  assertEquals(1, (await rowsOf(store, { user: 'alice' }, records, 1)).length);
}));

test('noChangeIsArchivedBeforeItIsKnownThatItsMessageStays', () => withStore(store =>
  store.write(STORES, async stores => {
    const archiveOf = async nr => (await messageById(stores, idOf('bob', nr))).archive;
    await takeChange(stores, changeOf('edit', 7, idOf('bob', 1)));
    await takeChange(stores, changeOf('edit', 8, idOf('bob', 2)));
    await showMessage(stores, 'alice',
      textOf(3, { kind: 'undecryptable', disappearAfter: undefined }));
    await takeChange(stores, changeOf('edit', 9, idOf('bob', 3)));
    assertEquals([undefined, undefined, undefined],
      [await archiveOf(7), await archiveOf(8), await archiveOf(9)]);
    await addSaid(stores, 'bob', textOf(1));
    await addSaid(stores, 'bob', textOf(2, { disappearAfter: undefined }));
    await showMessage(stores, 'alice', textOf(3, { disappearAfter: undefined }));
    assertEquals([undefined, 0, 0], [await archiveOf(7), await archiveOf(8), await archiveOf(9)]);
    assertEquals([undefined, 0, 0], [await archiveOf(1), await archiveOf(2), await archiveOf(3)]);
  })));
