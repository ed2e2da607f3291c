import { assertEquals, test } from '../harness.js';
import { initialState, reduce } from '/state/state.js';
import { arrivalIn } from '/state/arrivals.js';

const BOB = { id: 'c1', user: 'bob', draft: '', unread: 1, lastOrdinal: 5, lastMine: false };
const NEW = { ...BOB, unread: 2, lastOrdinal: 6, lastText: 'hello', lastFrom: 'bob' };

function world(...events) {
  return [{ type: 'account', phase: 'signed-in', user: 'alice' },
    { type: 'conversations', list: [BOB] }, ...events].reduce(reduce, initialState);
}

function arrived(change = {}, state = world()) {
  return arrivalIn(state, { type: 'conversation', conversation: { ...NEW, ...change } });
}

test('messageOfSomebodyElseArrives', () => {
  assertEquals({ conversation: 'c1', text: 'hello', from: 'bob', isMention: false }, arrived());
  assertEquals('c9', arrived({ id: 'c9', unread: 1, lastOrdinal: 1 }).conversation);
});

test('whatIsOldOrMineOrReadOrMutedDoesNotArrive', () => {
  for (const change of [{ unread: 1 }, { unread: 0 }, { lastOrdinal: 5 }, { lastMine: true },
    { muted: true }, { unread: 1, lastOrdinal: 5, draft: 'x' },
    { id: 'restored', unread: 0, lastOrdinal: -3 },
    { id: 'restored', unread: 0, lastOrdinal: 0 }]) {
    assertEquals(null, arrived(change), JSON.stringify(change));
  }
});

test('whatAListHoldsWhenItIsFirstToldDoesNotArrive', () => {
  assertEquals(null, arrived({}, reduce(initialState,
    { type: 'account', phase: 'signed-in', user: 'alice' })));
  assertEquals(null, arrivalIn(world(), { type: 'conversations', list: [NEW] }));
});

test('whatSomebodyLooksAtDoesNotArriveAndInATabBehindItDoes', () => {
  const open = { type: 'opened', conversation: 'c1' };
  assertEquals(null, arrived({}, world(open)));
  assertEquals('c1', arrived({}, world(open, { type: 'attention', attentive: false }))
    .conversation);
});

test('mentionIsToldEvenWhereTheConversationIsMuted', () => {
  const named = { type: 'messages', conversation: 'c1',
    upserts: [{ id: 'x', kind: 'text', ordinal: 6, text: 'you, @alice' }] };
  assertEquals(true, arrived({ muted: true }, world(named)).isMention);
  assertEquals(null, arrived({ muted: true, unread: 1 }, world(named)));
  assertEquals(null, arrived({ muted: true, lastOrdinal: 7, unread: 3 },
    world(named, { type: 'conversation', conversation: { ...NEW, muted: true } })));
});

test('strangerWhoAsksIsOneArrivalWithoutContent', () => {
  const asks = { id: 'c9', user: 'nadia', standing: 'asked', unread: 0, lastOrdinal: 1,
    lastText: 'buy this', lastFrom: 'nadia' };
  assertEquals({ conversation: 'c9', isRequest: true }, arrived(asks));
  const asked = world({ type: 'conversation', conversation: asks });
  assertEquals(null, arrived({ ...asks, lastOrdinal: 2 }, asked));
  assertEquals(null, arrived({ ...asks, lastOrdinal: -4 }), 'history is no request');
});

test('nobodyWhoIsBlockedArrives', () => {
  assertEquals(null, arrived({ standing: 'blocked' }));
  const crew = { id: 'g', kind: 'group', group: { status: 'member', members: [] },
    lastFrom: 'mallory' };
  assertEquals('g', arrived(crew).conversation);
  assertEquals(null, arrived(crew, world({ type: 'privacy', blocked: ['mallory'] })));
});
