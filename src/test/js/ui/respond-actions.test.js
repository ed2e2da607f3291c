import { assertEquals, test } from '../harness.js';
import { desk, refused } from './desk.js';
import { forgetEmoji, quickEmoji } from '/ui/emoji-data.js';

const MINE = { id: 'alice/1', conversation: 'c1', ordinal: 1, mine: true, from: 'alice',
  kind: 'text', text: 'first', state: 'sent' };
const LAST = { ...MINE, id: 'alice/2', ordinal: 2, text: 'last' };
const UNSENT = { ...MINE, id: 'alice/3', ordinal: 3, state: 'not-sent' };
const HERS = { ...MINE, id: 'bob/4', ordinal: 4, mine: false, from: 'bob' };

function loaded(answers) {
  const it = desk(answers);
  it.dispatch({ type: 'history-loaded', conversation: 'c1', limit: 60,
    messages: [MINE, LAST, UNSENT, HERS] });
  return it;
}

test('oneReactionForEachPersonAndTheSameIsTakenBack', async () => {
  forgetEmoji();
  const it = loaded();
  await it.actions.react(HERS, '🦖');
  await it.actions.react({ ...HERS, reactions: [{ emoji: '🦖', users: ['alice'], mine: true }] },
    '🦖');
  await it.actions.react({ ...HERS, reactions: [{ emoji: '🦖', users: ['bob'], mine: false }] },
    '🦖');
  assertEquals([['react', 'bob/4', '🦖'], ['react', 'bob/4', null], ['react', 'bob/4', '🦖']],
    it.calls);
  assertEquals(['🦖', 6], [quickEmoji()[0], quickEmoji().length]);
  forgetEmoji();
});

test('lastTextThatWentOutIsEdited', async () => {
  const it = loaded();
  it.actions.editLast('c1');
  assertEquals('last', it.state.edits.c1.text);
  it.actions.draft('c1', 'last of all');
  await it.actions.saveEdit('c1');
  assertEquals([[['edit', 'alice/2', 'last of all']], {}], [it.calls, it.state.edits]);
});

test('unchangedTextIsNotSentAndAnEmptyOneAsksToBeDeleted', async () => {
  const it = loaded();
  it.actions.startEdit(LAST);
  await it.actions.saveEdit('c1');
  assertEquals([[], {}], [it.calls, it.state.edits]);
  it.actions.startEdit(LAST);
  it.actions.draft('c1', ' ');
  await it.actions.saveEdit('c1');
  assertEquals([[], 'delete-message', LAST],
    [it.calls, it.state.dialog.kind, it.state.dialog.message]);
});

test('refusedEditIsInTheBoxAgain', async () => {
  const it = loaded({ edit: refused('The disk is full.') });
  it.actions.startEdit(LAST);
  it.actions.draft('c1', 'other');
  await it.actions.saveEdit('c1');
  assertEquals(['other', 'The disk is full.'],
    [it.state.edits.c1.text, it.state.composerErrors.c1]);
});

test('messageIsDeletedOnceAndARefusalStaysInTheQuestion', async () => {
  const it = loaded({ deleteForAll: refused('Not now.') });
  it.actions.askDelete(MINE);
  await it.actions.deleteForAll(MINE.id);
  assertEquals(['Not now.', false], [it.state.dialog.error, it.state.dialog.busy]);
  const other = loaded();
  other.actions.askDelete(MINE);
  await other.actions.deleteForAll(MINE.id);
  assertEquals([[['deleteForAll', 'alice/1']], null], [other.calls, other.state.dialog]);
});

test('answerNamesWhatItAnswers', async () => {
  const it = loaded();
  it.actions.replyTo(HERS);
  await it.actions.send('c1', 'yes');
  assertEquals(['sendText', 'c1', 'yes', { replyTo: 'bob/4' }], it.calls[0]);
  await it.actions.send('c1', 'and');
  assertEquals(['sendText', 'c1', 'and', { replyTo: undefined }], it.calls[2]);
});

test('historyIsLoadedUntilWhatIsQuotedIsInIt', async () => {
  const page = first => Array.from({ length: 60 }, (_, i) => ({ id: `m${first + i}`,
    ordinal: first + i }));
  const it = desk({ loadMessages: (_, { before = 181 }) => page(before - 60) });
  await it.actions.openQuoted('c1', 'm5');
  assertEquals([undefined, 121, 61], it.calls.map(call => call[2].before));
  assertEquals({ conversation: 'c1', ordinal: 5 }, it.state.jump);
  const gone = desk({ loadMessages: [] });
  await gone.actions.openQuoted('c1', 'm5');
  assertEquals([1, null], [gone.calls.length, gone.state.jump]);
});
