import { assertEquals, test } from '../harness.js';
import { emptyTimeline, mergeMessages, prependMessages, timelineRows } from '/state/timeline.js';

const NOON = new Date(2026, 2, 14, 12).getTime();
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function message(ordinal, fields = {}) {
  return { id: `m${ordinal}`, ordinal, mine: false, from: 'bob', sentAt: NOON + ordinal,
    kind: 'text', text: 'x', ...fields };
}

function kinds(messages, newLine = null) {
  return timelineRows(messages, newLine).map(row => row.kind === 'message'
    ? `${row.message.ordinal}${row.continues ? '+' : ''}` : row.kind);
}

const ordinals = timeline => timeline.messages.map(m => m.ordinal);
const page = (from, to) =>
  Array.from({ length: to - from + 1 }, (_, i) => message(from + i));

test('changedMessageTakesThePlaceOfTheOldOne', () => {
  const timeline = prependMessages(emptyTimeline, page(1, 3), 60);
  const changed = mergeMessages(timeline, [message(2, { text: 'delivered' }), message(4)]);
  assertEquals(['x', 'delivered', 'x', 'x'], changed.messages.map(m => m.text));
});

test('messagesAreInTheOrderOfTheirOrdinalsHoweverTheyCome', () => {
  const timeline = mergeMessages(emptyTimeline, [message(3), message(1), message(2)]);
  assertEquals([1, 2, 3], ordinals(timeline));
});

test('removedMessageGoes', () => {
  const timeline = prependMessages(emptyTimeline, page(1, 3), 60);
  assertEquals([1, 3], ordinals(mergeMessages(timeline, [{ id: 'm2', removed: true }])));
});

test('olderMessageWaitsForTheHistoryBetween', () => {
  const timeline = prependMessages(emptyTimeline, page(50, 52), 3);
  assertEquals([50, 51, 52], ordinals(mergeMessages(timeline, [message(7)])));
  const whole = prependMessages(timeline, page(7, 8), 3);
  assertEquals([7, 8, 50, 51, 52], ordinals(whole));
  assertEquals([6, 7, 8, 50, 51, 52], ordinals(mergeMessages(whole, [message(6)])));
});

test('shortPageIsTheFirstOne', () => {
  assertEquals(false, prependMessages(emptyTimeline, page(4, 6), 3).complete);
  assertEquals(true, prependMessages(emptyTimeline, page(4, 5), 3).complete);
});

test('liveMessageIsNotUndoneByAPageReadBeforeIt', () => {
  const live = mergeMessages({ ...emptyTimeline, loading: true }, [message(2, { text: 'new' })]);
  const loaded = prependMessages(live, [message(1), message(2, { text: 'old' })], 60);
  assertEquals(['x', 'new'], loaded.messages.map(m => m.text));
});

test('messagesInARowBelongTogether', () => {
  const [a, b] = [message(1), message(2)];
  const mine = message(3, { mine: true, from: 'alice' });
  const later = message(4, { sentAt: NOON + 10 * MINUTE });
  assertEquals(['day', '1', '2+', '3', '4'], kinds([a, b, mine, later]));
});

test('daysAreSeparated', () => {
  const rows = kinds([message(1), message(2, { sentAt: NOON + DAY }),
    message(3, { sentAt: NOON + DAY + 1 })]);
  assertEquals(['day', '1', 'day', '2', '3+'], rows);
});

test('newLineStandsOnceBeforeTheFirstUnreadMessage', () => {
  assertEquals(['day', '1', 'new', '2', '3+'], kinds(page(1, 3), 2));
  assertEquals(['day', '1', '2+'], kinds(page(1, 2), 9), 'nothing unread is here');
});

test('noticeEndsAGroup', () => {
  const rows = kinds([message(1), message(2, { kind: 'notice' }), message(3)]);
  assertEquals(['day', '1', 'notice', '3'], rows);
});

test('rowKeysAreUnique', () => {
  const many = page(1, 40).map(m => ({ ...m, sentAt: NOON + (m.ordinal % 3) * DAY }));
  const keys = timelineRows(many, 12).map(row => row.key);
  assertEquals(keys.length, new Set(keys).size);
});

test('onlyWhatWasDeliveredUpToTheSeenOneIsRead', () => {
  const states = ['sent', 'delivered', 'delivered', 'delivered'];
  const messages = states.map((state, i) => message(i + 1, { mine: true, from: 'alice', state }));
  const shown = timelineRows([...messages, message(5)], null, 3)
    .filter(row => row.kind === 'message').map(row => row.state);
  assertEquals(['sent', 'read', 'read', 'delivered', undefined], shown);
});

test('whatIsHiddenIsSaidOfTheMessageAndOfWhatAnswersIt', () => {
  const rows = timelineRows([message(1, { from: 'mallory' }),
    message(2, { replyTo: { id: 'm1', from: 'mallory' } }),
    message(3, { replyTo: { id: 'm2', from: 'bob' } })], null, 0, {}, ({ from }) =>
    from === 'mallory').filter(({ kind }) => kind === 'message');
  assertEquals([[true, undefined], [undefined, true], [undefined, undefined]],
    rows.map(({ isHidden, hidesQuote }) => [isHidden, hidesQuote]));
});
