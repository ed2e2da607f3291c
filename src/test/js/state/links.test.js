import { assert, assertEquals, test } from '../harness.js';
import { splitLinks } from '/state/links.js';

const hrefs = text => splitLinks(text).filter(part => part.href).map(part => part.href);

test('partsJoinToTheTextAgain', () => {
  for (const text of ['', 'no link', 'https://a.example',
    ' https://a.example/ (https://b.example) ',
    'x\nhttp://c.example/?q=1&r=2#f\n', '\ud800 https://d.example \u202e']) {
    assertEquals(text, splitLinks(text).map(part => part.text).join(''));
  }
});

test('webAddressesBecomeLinks', () => {
  assertEquals(['https://example.org/a?b=c#d'], hrefs('see https://example.org/a?b=c#d now'));
  assertEquals(['http://a.example/', 'https://b.example/'],
    hrefs('http://a.example and HTTPS://B.EXAMPLE'));
});

test('punctuationAroundAnAddressStaysOutside', () => {
  assertEquals(['https://a.example/x'], hrefs('(see https://a.example/x).'));
  assertEquals(['https://a.example/x_(y)'], hrefs('https://a.example/x_(y)'));
  assertEquals(['https://a.example/x'], hrefs('“https://a.example/x”!'));
});

test('nothingElseBecomesALink', () => {
  for (const text of ['javascript:alert(1)', 'JaVaScRiPt://https://x', 'data:text/html,hi',
    'vbscript:x', 'file:///etc/passwd', 'blob:https://x.example/1', 'mailto:a@b.example',
    'www.example.org', '//example.org', 'https://', 'https:///x', 'http://[', 'ahttps://x.example',
    'intent://x#Intent;scheme=http;end']) {
    const found = hrefs(text).filter(href => !/^https?:\/\/x(\.example)?\//.test(href));
    assertEquals([], found, text);
  }
});

test('addressWithAUserNameStaysText', () => {
  assertEquals([], hrefs('https://bank.example@evil.example/login'));
  assertEquals([], hrefs('https://a:b@evil.example'));
});

test('invisibleCharactersEndAnAddress', () => {
  for (const char of ['\u202e', '\u2066', '\u200b', '\u200d', '\u0000', '\u0085']) {
    const parts = splitLinks(`https://a.example/${char}gpj.exe`);
    assertEquals('https://a.example/', parts[0].href);
    assert(parts[1].href === undefined);
  }
});

test('longTextsTakeNoLongTime', () => {
  const began = performance.now();
  splitLinks('https://'.repeat(8000));
  splitLinks(`https://a.example/${'('.repeat(60_000)}`);
  splitLinks(`https://a.example/${')'.repeat(60_000)}`);
  splitLinks(`https://a.example/${'.'.repeat(60_000)}x`);
  assert(performance.now() - began < 2000, `${performance.now() - began} ms`);
});
