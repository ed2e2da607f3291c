import { GoneMessages } from '/client/gone-messages.js';
import { assertEquals, test } from '../harness.js';

const gone = ids => ({ type: 'messages-gone', conversation: 'c', ids });
const shown = (...upserts) => ({ type: 'messages', conversation: 'c', upserts });

test('whatIsToldLateOfAMessageThatIsGoneIsNotShown', () => {
  const messages = new GoneMessages();
  const replyTo = { id: 'a', from: 'bob', text: 'no', kind: 'file' };
  const answer = { id: 'b', text: 'yes', replyTo };
  const before = shown({ id: 'a', text: 'no' }, answer);
  assertEquals(before, messages.pass(before));
  assertEquals(gone(['a']), messages.pass(gone(['a'])));
  const unquoted = { ...answer, replyTo: { ...replyTo, text: null, kind: 'text' } };
  assertEquals(shown(unquoted), messages.pass(before));
  assertEquals(shown({ id: 'a', removed: true }), messages.pass(shown({ id: 'a', removed: true })));
});

test('pageThatWasReadBeforeIsReadAnew', async () => {
  const messages = new GoneMessages();
  const pages = [[{ id: 'a' }, { id: 'b' }], [{ id: 'b', replyTo: { id: 'a', text: 'no' } }],
    [{ id: 'b', replyTo: { id: 'a', text: null } }]];
  messages.pass(gone(['a']));
  const last = pages.at(-1);
  assertEquals(last, await messages.load(async () => pages.shift()));
});
