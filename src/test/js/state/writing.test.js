import { assert, assertEquals, test } from '../harness.js';
import { canReload } from '/state/conversations.js';
import { initialState, reduce } from '/state/state.js';
import { textInBox } from '/state/writing.js';

const BOB = { id: 'c1', user: 'bob', draft: '', unread: 0, lastOrdinal: 0 };
const HERS = { id: 'bob/1', conversation: 'c1', ordinal: 1, from: 'bob', kind: 'text', text: 'hi' };
const MINE = { id: 'alice/2', conversation: 'c1', ordinal: 2, from: 'alice', kind: 'text',
  text: 'so', mine: true };
const signedIn = after(initialState, { type: 'account', phase: 'signed-in', user: 'alice' },
  { type: 'conversations', list: [BOB] }, { type: 'opened', conversation: 'c1' });

function after(state, ...events) {
  return events.reduce(reduce, state);
}

function typed(text) {
  return { type: 'draft', conversation: 'c1', text };
}

function begun(type, message) {
  return { type, conversation: 'c1', message };
}

function upsert(message, change) {
  return { type: 'messages', conversation: 'c1', upserts: [{ ...message, ...change }] };
}

test('editIsInTheBoxAndTheDraftComesBackAfterIt', () => {
  const editing = after(signedIn, typed('half a thought'), begun('editing', MINE));
  assertEquals('so', textInBox(editing, 'c1'));
  const changed = after(editing, typed('so be it'));
  assertEquals(['so be it', 'half a thought'], [textInBox(changed, 'c1'), changed.drafts.c1]);
  assertEquals('half a thought', textInBox(after(changed, begun('editing', null)), 'c1'));
});

test('editThatFailedIsInTheBoxAgainWithTheReason', () => {
  const failed = after(signedIn, typed('draft'),
    { type: 'edit-failed', conversation: 'c1', message: MINE, text: 'No.', unsent: 'so so' });
  assertEquals(['so so', 'No.', 'draft'],
    [textInBox(failed, 'c1'), failed.composerErrors.c1, failed.drafts.c1]);
});

test('answerGoesWithTheTextAndComesBackWithOneThatFailed', () => {
  const replying = after(signedIn, begun('replying', HERS), typed('yes'));
  assertEquals(HERS, replying.replies.c1);
  const sent = after(replying, { type: 'sending', conversation: 'c1' });
  assertEquals([{}, ''], [sent.replies, textInBox(sent, 'c1')]);
  const refused = { type: 'composer-failed', conversation: 'c1', text: 'No.', unsent: 'yes',
    replyTo: HERS };
  assertEquals([HERS, 'yes'], [after(sent, refused).replies.c1, after(sent, refused).drafts.c1]);
  assertEquals(MINE, after(sent, begun('replying', MINE), refused).replies.c1);
});

test('toAnswerEndsAnEditAndToDropTheAnswerKeepsTheText', () => {
  const replying = after(signedIn, typed('draft'), begun('editing', MINE),
    begun('replying', HERS));
  assertEquals([{}, 'draft'], [replying.edits, textInBox(replying, 'c1')]);
  const dropped = after(replying, begun('replying', null));
  assertEquals([{}, 'draft'], [dropped.replies, textInBox(dropped, 'c1')]);
});

test('whatIsDeletedIsNeitherAnsweredNorEdited', () => {
  const both = after(signedIn, begun('replying', HERS), begun('editing', MINE));
  assertEquals('hey', after(both, upsert(HERS, { text: 'hey' })).replies.c1.text);
  assertEquals([{}, MINE.id], [after(both, upsert(HERS, { kind: 'deleted' })).replies,
    after(both, upsert(HERS, { kind: 'deleted' })).edits.c1.message.id]);
  assertEquals({}, after(both, upsert(MINE, { kind: 'deleted' })).edits);
  assertEquals({}, after(both, upsert(MINE, { removed: true })).edits);
  assertEquals({}, after(both, { type: 'account', phase: 'signed-out' }).replies);
});

test('pageWithAnEditOrAnAnswerDoesNotReload', () => {
  assert(canReload(signedIn));
  assert(!canReload(after(signedIn, begun('editing', MINE))));
  assert(!canReload(after(signedIn, begun('replying', HERS), { type: 'opened',
    conversation: null })));
});
