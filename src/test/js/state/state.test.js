import { assert, assertEquals, test } from '../harness.js';
import { initialState, reduce, screenOf } from '/state/state.js';
import { canReload, listed, lockOf, peopleOnline, unreadTotal } from '/state/conversations.js';

const BOB = { id: 'c1', user: 'bob', draft: '', unread: 0, lastOrdinal: 0, verified: false,
  keyChanged: false };
const signedIn = after(initialState,
  { type: 'account', phase: 'signed-in', user: 'alice' },
  { type: 'connection', status: 'connected' },
  { type: 'conversations', list: [BOB] });

function after(state, ...events) {
  return events.reduce(reduce, Object.freeze(state));
}

function message(ordinal, fields = {}) {
  return { id: `m${ordinal}`, conversation: 'c1', ordinal, mine: false, from: 'bob',
    sentAt: ordinal * 1000, kind: 'text', text: `text ${ordinal}`, ...fields };
}

test('everyPhaseHasItsScreen', () => {
  const screens = { loading: 'loading', 'signed-out': 'start', 'signed-in': 'main',
    'needs-password': 'main', replaced: 'main', unsupported: 'gate', failed: 'gate', revoked: 'gate',
    'storage-refused': 'gate', 'storage-wiped': 'gate', 'server-changed': 'gate' };
  for (const [phase, screen] of Object.entries(screens)) {
    assertEquals(screen, screenOf(after(initialState, { type: 'account', phase })), phase);
  }
});

test('unknownEventChangesNothing', () => {
  for (const type of ['nonsense', 'toString', '__proto__', 'constructor']) {
    assert(after(signedIn, { type }) === signedIn, type);
  }
});

test('startOffersSignInWhereAnAccountIsKnown', () => {
  const form = users => after(initialState, { type: 'account', phase: 'signed-out', users }).form;
  assertEquals('create', form([]).mode);
  assertEquals('sign-in', form(['alice']).mode);
});

test('busyFormStaysOnScreenWhileTheEngineLoads', () => {
  const busy = after(initialState, { type: 'account', phase: 'signed-out' }, { type: 'form-busy' },
    { type: 'account', phase: 'loading' });
  assertEquals('start', screenOf(busy));
  const failed = after(busy, { type: 'account', phase: 'signed-out' },
    { type: 'form-failed', text: 'This name is taken.', field: 'user' });
  assertEquals({ mode: 'create', busy: false, error: 'This name is taken.', field: 'user',
    devices: null, reopened: false }, failed.form);
});

test('needingThePasswordKeepsEverything', () => {
  const before = after(signedIn, { type: 'opened', conversation: 'c1' },
    { type: 'draft', conversation: 'c1', text: 'half a thought' });
  const state = after(before, { type: 'account', phase: 'needs-password', user: 'alice' });
  assertEquals('half a thought', state.drafts.c1);
  assertEquals('c1', state.open);
  assertEquals(before.conversations, state.conversations);
});

test('whoSignsInAgainMeetsNothingOfBefore', () => {
  const talking = after(signedIn, { type: 'history-loaded', conversation: 'c1', limit: 9,
    messages: [message(1)] });
  for (const phase of ['signed-out', 'revoked', 'storage-wiped']) {
    const gone = after(talking, { type: 'account', phase, user: 'alice' });
    assertEquals([null, {}], [gone.conversations, gone.timelines], phase);
  }
});

test('anotherAccountSeesNothingOfTheFirst', () => {
  const state = after(signedIn, { type: 'draft', conversation: 'c1', text: 'secret' },
    { type: 'alarm', text: 'for alice only' },
    { type: 'account', phase: 'signed-out', users: ['alice'] },
    { type: 'account', phase: 'signed-in', user: 'carol' });
  assertEquals([null, {}, {}, null, []],
    [state.conversations, state.drafts, state.timelines, state.open, state.alerts]);
});

test('draftBeingTypedIsNotReplacedByAnOlderOne', () => {
  const typing = after(signedIn, { type: 'opened', conversation: 'c1' },
    { type: 'draft', conversation: 'c1', text: 'hello wor' });
  const stored = { type: 'conversation', conversation: { ...BOB, draft: 'hello' } };
  assertEquals('hello wor', after(typing, stored).drafts.c1);
  const elsewhere = after(typing, { type: 'attention', attentive: false });
  assertEquals('hello', after(elsewhere, stored).drafts.c1, 'typed in another tab');
});

test('lineOfNewMessagesStandsWhereTheReaderStopped', () => {
  const unread = { ...BOB, unread: 2, firstUnreadOrdinal: 7 };
  const opened = after(signedIn, { type: 'conversation', conversation: unread },
    { type: 'opened', conversation: 'c1' });
  assertEquals(7, opened.newLine);
  const read = after(opened, { type: 'conversation', conversation: BOB });
  assertEquals(7, read.newLine, 'stays while the conversation is open');
  assertEquals(null, after(read, { type: 'sending', conversation: 'c1' }).newLine);
  assertEquals(null, after(read, { type: 'opened', conversation: null }).newLine);
});

test('lineIsDrawnForWhatComesWhileNobodyLooks', () => {
  const open = after(signedIn, { type: 'opened', conversation: 'c1' });
  const conversation = { ...BOB, unread: 1, firstUnreadOrdinal: 9 };
  const unread = { type: 'conversation', conversation };
  assertEquals(null, after(open, unread).newLine);
  assertEquals(9, after(open, { type: 'attention', attentive: false }, unread).newLine);
});

test('messagesOfAConversationThatIsNotLoadedWaitForItsHistory', () => {
  const upsert = { type: 'messages', conversation: 'c1', upserts: [message(5)] };
  assertEquals({}, after(signedIn, upsert).timelines);
  const loading = after(signedIn, { type: 'history-loading', conversation: 'c1' }, upsert);
  const loaded = after(loading,
    { type: 'history-loaded', conversation: 'c1', messages: [message(4)], limit: 60 });
  assertEquals([4, 5], loaded.timelines.c1.messages.map(m => m.ordinal));
  assert(loaded.timelines.c1.complete && !loaded.timelines.c1.loading);
});

test('failedHistoryIsTold', () => {
  const state = after(signedIn, { type: 'history-loading', conversation: 'c1' },
    { type: 'history-failed', conversation: 'c1', text: 'The disk is full.' });
  assertEquals(['The disk is full.', false],
    [state.timelines.c1.error, state.timelines.c1.loading]);
});

test('refusedTextGoesBackIntoTheBoxBeforeWhatWasTypedSince', () => {
  const failure = { type: 'composer-failed', conversation: 'c1', text: 'Too long.', unsent: 'one' };
  const sending = after(signedIn, { type: 'draft', conversation: 'c1', text: 'one' },
    { type: 'sending', conversation: 'c1' });
  assertEquals('', sending.drafts.c1);
  const failed = after(sending, failure);
  assertEquals(['Too long.', 'one'], [failed.composerErrors.c1, failed.drafts.c1]);
  const typed = after(sending, { type: 'draft', conversation: 'c1', text: 'two' }, failure);
  assertEquals('one\ntwo', typed.drafts.c1);
  assertEquals(null, after(failed, { type: 'sending', conversation: 'c1' }).composerErrors.c1);
});

test('alarmStaysUntilDismissedAndIsShownOnce', () => {
  const alarm = { type: 'alarm', text: 'History changed.' };
  const state = after(signedIn, alarm, alarm, { type: 'alarm', text: 'Another.' });
  assertEquals(['History changed.', 'Another.'], state.alerts.map(a => a.text));
  const left = after(state, { type: 'dismissed', id: state.alerts[0].id });
  assertEquals(['Another.'], left.alerts.map(a => a.text));
});

test('lateAnswerToAnotherSearchIsDropped', () => {
  const state = after(signedIn, { type: 'online', users: ['bob'], more: false },
    { type: 'search-busy', prefix: 'c' }, { type: 'search-busy', prefix: 'ca' },
    { type: 'search-found', prefix: 'c', users: ['cleo'], more: false });
  assertEquals(null, peopleOnline(state));
  const found = after(state, { type: 'search-found', prefix: 'ca', users: ['carl'], more: true });
  assertEquals(['carl'], peopleOnline(found));
  const more = after(found,
    { type: 'search-found', prefix: 'ca', after: 'carl', users: ['cass'], more: false });
  assertEquals(['carl', 'cass'], peopleOnline(more));
  assertEquals(['bob'], peopleOnline(after(more, { type: 'search-busy', prefix: '' })));
});

test('oneselfIsNotAmongThePeopleOnline', () => {
  const state = after(signedIn, { type: 'online', users: ['alice', 'bob'], more: false });
  assertEquals(['bob'], peopleOnline(state));
});

test('newestConversationComesFirst', () => {
  const list = [{ ...BOB, id: 'c1', lastAt: 10 }, { ...BOB, id: 'c2', user: 'zoe' },
    { ...BOB, id: 'c3', user: 'carol', lastAt: 30, unread: 2 }, { ...BOB, id: 'c4', user: 'abe' }];
  const state = after(signedIn, { type: 'conversations', list });
  assertEquals(['c3', 'c1', 'c4', 'c2'], listed(state).map(c => c.id));
  assertEquals(2, unreadTotal(state));
  assertEquals(null, listed(initialState));
});

test('changedKeyIsShownEvenIfTheOldOneWasVerified', () => {
  assertEquals('unverified', lockOf(BOB));
  assertEquals('verified', lockOf({ ...BOB, verified: true }));
  assertEquals('changed', lockOf({ ...BOB, verified: true, keyChanged: true }));
});

test('pageReloadsOnlyWhenNothingWouldBeLost', () => {
  assert(canReload(signedIn));
  const open = after(signedIn, { type: 'opened', conversation: 'c1' });
  assert(!canReload(after(open, { type: 'draft', conversation: 'c1', text: 'x' })));
  assert(!canReload(after(signedIn, { type: 'dialog', dialog: { kind: 'settings' } })));
  assert(!canReload(after(initialState, { type: 'account', phase: 'signed-out' })));
  const pending = after(open, { type: 'history-loaded', conversation: 'c1', limit: 9,
    messages: [message(1, { mine: true, state: 'pending' })] });
  assert(!canReload(pending));
});

test('restoredServerIsToldUntilItIsPutAway', () => {
  const told = after(signedIn, { type: 'restored', text: 'Restored.' });
  assertEquals(['Restored.', null],
    [told.restored, after(told, { type: 'restored', text: null }).restored]);
  assertEquals(null, after(told, { type: 'account', phase: 'signed-in', user: 'bob' }).restored);
});

test('dialogTakesOnlyItsOwnChanges', () => {
  const state = after(signedIn, { type: 'dialog', dialog: { kind: 'settings' } });
  const change = { type: 'dialog-changed', kind: 'details', change: { error: 'late' } };
  assert(after(state, change) === state);
  assertEquals(null, after(state, { type: 'dialog', dialog: null }, change).dialog);
});
