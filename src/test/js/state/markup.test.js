import { assert, assertEquals, test } from '../harness.js';
import { isEmojiAlone, markupOf, plainWords } from '/state/markup.js';

/** A tree as text: [b …], [i …], [c …], [a href …], [pre …], [q …], [ul …], [ol …]. */
const drawn = text => markupOf(text).map(drawnBlock).join('|');

function drawnBlock(block) {
  switch (block.kind) {
    case 'code': return `[pre ${block.text}]`;
    case 'quote': return `[q ${block.blocks.map(drawnBlock).join('|')}]`;
    case 'list': return `[${block.ordered ? 'ol' : 'ul'} ${block.items.map(item =>
      `${block.ordered ? `${item.number}:` : ''}${item.blocks.map(drawnBlock).join('|')}`)
      .join(';')}]`;
    default: return block.inlines.map(drawnInline).join('');
  }
}

function drawnInline({ kind, text, inlines, href, address }) {
  switch (kind) {
    case 'text': return text;
    case 'code': return `[c ${text}]`;
    case 'link': return `[a ${href}${address ? '!' : ''} ${text}]`;
    default: return `[${kind[0]} ${inlines.map(drawnInline).join('')}]`;
  }
}

function nodes(tree) {
  if (tree === null || typeof tree !== 'object') return 0;
  return 1 + Object.values(tree).reduce((sum, value) => sum + nodes(value), 0);
}

test('markersBecomeBoldItalicAndCode', () => {
  assertEquals('a [b bold] b', drawn('a **bold** b'));
  assertEquals('[i one] [i two]', drawn('*one* _two_'));
  assertEquals('[b a [i b] c]', drawn('**a *b* c**'));
  assertEquals('[b [i both]]', drawn('***both***'));
  assertEquals('[i [b both]]', drawn('_**both**_'));
  assertEquals('run [c a **b** <i>] now', drawn('run `a **b** <i>` now'));
  assertEquals('[c a`b]', drawn('``a`b``'));
  assertEquals('这是[b 重点]内容', drawn('这是**重点**内容'));
  assertEquals('[b two\nlines]', drawn('**two\nlines**'));
});

test('whatIsNotClosedOrNotMeantStaysText', () => {
  for (const text of ['**', '*', '**open', 'close**', '*a', '2*3*4', 'snake_case_name', '__init__',
    '* * *', '- - -', '---', 'a ** b ** c', '**a\n\nb**', '`', '``', '` `', '```', '```\nopen',
    '>no', '>:(', '->', '-1', '1.5', '1.', '- ', '****', '*****a*****', '> '.trim(), ':*  :*',
    '\\*a', '[x](y)', '[x]', '', ' ', '\n\n', 'a\n\n\nb', '\ud800*']) {
    assertEquals(text, drawn(text), JSON.stringify(text));
  }
  assertEquals('**a [i b]', drawn('**a *b*'));
  assertEquals('*a [i b]', drawn('*a *b*'));
  assertEquals('[b a *b]', drawn('**a *b**'));
});

test('codeBlocksKeepTheirSpaces', () => {
  assertEquals('look:|[pre   if (a) {\n\n    b();\n  }]|done',
    drawn('look:\n\n```js\n  if (a) {\n\n    b();\n  }\n```\n\ndone'));
  assertEquals('[pre - a\n> b **c**]', drawn('```\n- a\n> b **c**\n```'));
  assertEquals('[pre ]', drawn('```\n```'));
});

test('listsAndQuotesHoldWhatIsInThem', () => {
  assertEquals('Bring:|[ul a;[b b]]', drawn('Bring:\n- a\n- **b**'));
  assertEquals('[ul a|[ul b|[ul c]];d]', drawn('- a\n  - b\n    - c\n- d'));
  assertEquals('[ol 1:a;2:b;7:c;8:d]', drawn('1. a\n1. b\n7. c\n2. d'));
  assertEquals('[ol 14:May is fine]', drawn('14. May is fine'));
  assertEquals('[q a\n\nb]|c', drawn('> a\n>\n> b\nc'));
  assertEquals('[q [q deep]|[ul one]]', drawn('> > deep\n> - one'));
  assertEquals('[ul a|[pre b]]', drawn('- a\n  ```\n  b\n  ```'));
});

test('wordsOfALinkShowWhereTheyLead', () => {
  assertEquals('see [a https://a.example/x! the page].',
    drawn('see [the page](https://a.example/x).'));
  assertEquals('[a https://a.example/x_(y)! y]', drawn('[y](https://a.example/x_(y))'));
  assertEquals('[a mailto:a@b.example! write]', drawn('[write](mailto:a@b.example)'));
  assertEquals('[a https://evil.example/! https://bank.example]',
    drawn('[https://bank.example](https://evil.example)'));
  assertEquals('[a https://xn--80ak6aa92e.com/! apple]', drawn('[apple](https://аррӏе.com)'));
  assertEquals('[b [a https://a.example/_b_c https://a.example/_b_c]]',
    drawn('**https://a.example/_b_c**'));
});

test('noOtherAddressBecomesALink', () => {
  for (const text of ['[x](javascript:alert(1))', '[x](JaVaScRiPt:alert(1))', '[x](vbscript:x)',
    '[x](data:text/html,hi)', '[x](//a.example)', '[x](/a)', '[x](mailto:a@b.example?body=x)',
    '[x](https://)', '[x](https://bank.example@evil.example)',
    '[x](mailto:javascript:x)', '[x](blob:https://a)']) {
    assert(!drawn(text).includes('[a') || /\[a https:\/\/a\b/.test(drawn(text)), drawn(text));
  }
  assertEquals('[x](javascript:alert(1))', drawn('[x](javascript:alert(1))'));
});

test('wordsStayInTheirOrderAndNoneIsLost', () => {
  const words = /\p{L}+/gu;
  const pieces = ['**', '*', '_', '`', '```\n', '\n', '> ', '- ', '1. ', '[a](https://b.example)',
    ' ', 'x', 'yz', '  ', '\u202e', '\u200d', '😀'];
  const wordsIn = text =>
    (text.replaceAll('(https://b.example)', '').match(words) ?? []).join('');
  let seed = 7;
  const next = max => (seed = seed * 1103515245 + 12345 & 0x7fffffff) % max;
  for (let i = 0; i < 3000; i += 1) {
    const text = Array.from({ length: next(30) }, () => pieces[next(pieces.length)]).join('');
    const shown = JSON.stringify(markupOf(text));
    assertEquals(wordsIn(text), wordsIn(plainWords(text, 1000)), `${text} ${shown}`);
  }
});

test('emojiAloneAreKnown', () => {
  for (const text of ['😀', '❤️', '👍🏽', '👩‍👩‍👧‍👦', '🇩🇪', '1️⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '😀 😀 😀',
    '😀😀😀😀😀😀']) {
    assert(isEmojiAlone(text), text);
  }
  for (const text of ['', ' ', '1', '12', '#', 'a😀', '😀😀😀😀😀😀😀', '😀\u202e', '\u200d',
    '\u{1f1e9}', `😀${'\u200d😀'.repeat(100)}`]) {
    assert(!isEmojiAlone(text), text);
  }
});

test('previewHasWordsWithoutMarkers', () => {
  assertEquals('a bold and code see this one two quoted end',
    plainWords('a **bold** and `code`\nsee [this](https://a.example)\n- one\n- two\n\n'
      + '> quoted\n\nend', 120));
  assertEquals('aaaa', plainWords('a'.repeat(100_000), 4));
  assertEquals('😀😀', plainWords('😀😀😀', 2));
});

test('hostileTextsTakeLinearTimeAndSpace', () => {
  const units = ['*', '**', '***', '_', '`', '``` ', '```js\n', '```\n', '[', '](', '[a](', '>',
    '> ', '> > ', '> \n', '- ', '- a\n', '  - a\n', '1. ', '1. a\n', '*a', '*a ', '*a*', '**a*',
    '_a *b **c ', '*a _b', '**a**', '[a](https://', '[a](https://a', '[a](https://(', '[[[]',
    'https://a.a ', '(', 'https://', '\n', '\n ', ' ', '\t', '\\', '\u202e', '`a``b```', '* `',
    '*\n\n', '😀', '\u200d', '\ud800', '![', '<', '**_', 'a*', '~', '- *', '> - ', '> ```\n'];
  const slow = [];
  for (const unit of units) {
    const text = unit.repeat(Math.ceil(65_536 / unit.length)).slice(0, 65_536);
    const began = performance.now();
    const tree = markupOf(text);
    plainWords(text, 120);
    isEmojiAlone(text);
    const ms = performance.now() - began;
    if (ms > 2000) slow.push(`${JSON.stringify(unit)} ${ms.toFixed()} ms`);
    assert(nodes(tree) < 40_000, `${JSON.stringify(unit)}: ${nodes(tree)} nodes`);
  }
  assertEquals([], slow);
});

test('growthOfTimeIsThatOfTheText', () => {
  const timeOnce = text => {
    const began = performance.now();
    markupOf(text);
    return performance.now() - began;
  };
  const time = text => Math.min(timeOnce(text), timeOnce(text), timeOnce(text));
  for (const unit of ['*a _b ', '[a](https://(', '`', '> ', '```js\n', '_a *b **c ']) {
    time(unit.repeat(1000));
    const small = time(unit.repeat(4000));
    const large = time(unit.repeat(32_000));
    assert(large < 40 * small + 300, `${unit}: ${small} ms, ${large} ms`);
  }
});
