import { exportedJson, exportedPage, fileName, lasting } from '/state/export.js';
import { assert, assertEquals, test } from '../harness.js';

const AT = Date.UTC(2026, 10, 26, 12);
const WORDS = {
  language: 'en', heading: ({ messages }) => `${messages.length} messages`, time: String,
  edited: 'edited', deleted: ({ from }) => `${from} deleted this`, quoted: ({ text }) => text ?? '?',
};

function exported(...texts) {
  const messages = texts.map((text, i) =>
    ({ id: `m${i}`, ordinal: i + 1, from: 'bob', sentAt: AT + i, kind: 'text', text }));
  return { title: 'bob', user: 'alice', at: AT, messages };
}

function read(page) {
  return new DOMParser().parseFromString(page, 'text/html');
}

test('whatWasWrittenIsTextOnThePage', () => {
  const hostile = ['<script>parent.ran = true</script>', '"><img src=x onerror=ran()>',
    '</p></article></body>', '&lt;b&gt; & <b>', '\u202eevil', '<!-- '];
  const page = read(exportedPage(
    { ...exported(...hostile), title: '<img src=x>', user: '"\'' }, WORDS));
  assertEquals(hostile, [...page.querySelectorAll('article p')].map(p => p.textContent));
  assertEquals(0, page.querySelectorAll('script, img, b b').length);
  assertEquals(['<img src=x>', '<img src=x>'],
    [page.title, page.querySelector('h1').textContent]);
});

test('nameOfAFileIsAsItIsShownInTheConversation', () => {
  const base = exported();
  base.messages.push({ id: 'f', from: 'bob', sentAt: AT, kind: 'file', text: '',
    file: { name: 'a\u202egpj.exe', mediaType: 'x/y', size: 1 } });
  const page = read(exportedPage(base, WORDS));
  assertEquals('a\ufffdgpj.exe', page.querySelector('article p').textContent);
});

test('pageLoadsAndRunsNothing', () => {
  const page = read(exportedPage(exported('x'), WORDS));
  const policy = page.querySelector('meta[http-equiv]').content;
  assert(policy.startsWith('default-src \'none\''));
  assertEquals(0, page.querySelectorAll('script, link, [src], [href]').length);
});

test('dataHoldsEveryMessageInOrder', () => {
  const base = exported('one', 'two');
  base.messages.push(
    { from: 'bob', sentAt: AT, kind: 'undecryptable', text: '', reason: 'cannot be opened' },
    { from: 'alice', sentAt: 9e15, kind: 'text', text: 'mine', mine: true, state: 'delivered' });
  const { version, conversation, user, exportedAt, messages } = JSON.parse(exportedJson(base));
  assertEquals([1, 'bob', 'alice', '2026-11-26T12:00:00.000Z'],
    [version, conversation, user, exportedAt]);
  assertEquals(['one', 'two', 'cannot be opened', 'mine'], messages.map(({ text }) => text));
  assertEquals([undefined, undefined, undefined, 'delivered'],
    messages.map(({ state }) => state));
  assertEquals('', messages[3].sentAt, 'a clock beyond all calendars');
});

test('whatDisappearsIsNotKeptNorWhatIsQuotedOfIt', () => {
  const { messages: all, ...base } = exported('stays', 'goes', 'an answer', 'another');
  all[1].disappearAfter = 5;
  all[2].replyTo = { id: 'm1', from: 'bob', text: 'goes', kind: 'text' };
  all[3].replyTo = { id: 'm0', from: 'bob', text: 'stays', kind: 'text' };
  const kept = { ...base, ...lasting(all) };
  const words = { ...WORDS, leftOut: count => `${count} left out` };
  for (const made of [exportedJson(kept), exportedPage(kept, words)]) {
    assert(!made.includes('goes') && made.includes('an answer'), made);
  }
  assertEquals(1, JSON.parse(exportedJson(kept)).leftOut);
  const page = read(exportedPage(kept, words));
  assertEquals(['1 left out'], [...page.querySelectorAll('body > .notice')].map(p => p.textContent));
  assertEquals(['?', 'stays'], [...page.querySelectorAll('blockquote')]
    .map(quote => quote.textContent.replace('bob ', '')));
});

test('everyFileSystemTakesTheName', () => {
  const names = {
    'bob': 'sotto-bob-2026-11-26.html',
    '../../etc/passwd': 'sotto-etc-passwd-2026-11-26.html',
    'Lesekreis «Köln»': 'sotto-Lesekreis-Köln-2026-11-26.html',
    '\u202e/\u0000': 'sotto-conversation-2026-11-26.html',
    ['x'.repeat(300)]: `sotto-${'x'.repeat(60)}-2026-11-26.html`,
  };
  for (const [title, name] of Object.entries(names)) {
    assertEquals(name, fileName({ title, at: AT }, 'html'));
  }
});

test('answersReactionsAndChangesAreInBothForms', () => {
  const hostile = '<b onclick=x>';
  const base = exported('one', 'two', '');
  Object.assign(base.messages[1], { edited: true, reactions: [{ emoji: hostile, users: ['a', 'b'],
    mine: true }], replyTo: { id: 'm0', from: hostile, text: hostile, kind: 'text' } });
  Object.assign(base.messages[2], { kind: 'deleted', replyTo: { id: 'm0', from: 'bob',
    text: 'gone', kind: 'text' } });
  const { messages } = JSON.parse(exportedJson(base));
  assertEquals([undefined, { id: 'm0', from: hostile }, [{ emoji: hostile, users: ['a', 'b'] }],
    true, 'deleted'], [messages[0].edited, messages[1].replyTo, messages[1].reactions,
    messages[1].edited, messages[2].kind]);
  const articles = read(exportedPage(base, WORDS)).querySelectorAll('article');
  assertEquals([`${hostile} ${hostile}`, 'two', `${hostile} a, b`],
    [...articles[1].querySelectorAll('blockquote, p')].map(one => one.textContent));
  assert(articles[1].querySelector('header').textContent.endsWith('(edited)'));
  assertEquals('bob deleted this', articles[2].querySelector('p').textContent);
  assertEquals(null, articles[2].querySelector('blockquote'));
});

test('whatBlockedMembersWroteIsLeftOutAndItIsSaidHowMuch', () => {
  const { messages: all, ...base } = exported('kept', 'unwanted', 'an answer', 'bob is in', 'goes');
  for (const i of [1, 3, 4]) all[i].from = 'mallory';
  all[2].replyTo = { id: 'm1', from: 'mallory', text: 'unwanted', kind: 'text' };
  all[3].kind = 'notice';
  all[4].disappearAfter = 5;
  const kept = { ...base, ...lasting(all, ['mallory']) };
  const words = { ...WORDS, leftOut: count => `${count} disappear`,
    ofBlocked: count => `${count} of blocked` };
  for (const made of [exportedJson(kept), exportedPage(kept, words)]) {
    assert(!made.includes('unwanted') && made.includes('an answer'), made);
    assert(made.includes('bob is in'), made);
  }
  const { leftOut, leftOutOfBlocked } = JSON.parse(exportedJson(kept));
  assertEquals([1, 1], [leftOut, leftOutOfBlocked]);
  const lines = read(exportedPage(kept, words)).querySelectorAll('body > p.notice');
  assertEquals(['1 disappear', '1 of blocked'], [...lines].map(line => line.textContent));
  assertEquals(undefined, JSON.parse(exportedJson({ ...base, ...lasting(all) })).leftOutOfBlocked);
});
