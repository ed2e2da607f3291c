import { assertEquals, assertThrows, test, vectors } from '../harness.js';
import { fromUtf8, utf8 } from '/crypto/bytes.js';
import {
  buildPlaintext, parseGroupPlaintext, parseOwnPlaintext, parsePlaintext,
} from '/client/plaintext.js';
import { FrameError } from '/protocol/fields.js';
import { JsonError } from '/protocol/strict-json.js';

const PARSERS = {
  person: bytes => parsePlaintext(bytes, 'alice+bob'),
  own: bytes => parseOwnPlaintext(bytes, 'alice'),
  group: bytes => parseGroupPlaintext(bytes, '0123456789abcdef0123456789abcdef'),
};

function plaintextOf({ plaintext, repeat }) {
  return utf8(repeat ? plaintext.replace('§', repeat.of.repeat(repeat.times)) : plaintext);
}

const parsed = vector => PARSERS[vector.in](plaintextOf(vector));

test('whatIsSaidIsReadAndWrittenAgain', async () => {
  const { valid } = await vectors('content.json');
  for (const vector of valid) {
    const { version, ...fields } = parsed(vector);
    assertEquals(vector.type, fields.type);
    if (fields.type === 'unsupported') continue;
    assertEquals(fromUtf8(plaintextOf(vector)), fromUtf8(buildPlaintext(fields)));
  }
});

test('malformedContentIsRefused', async () => {
  const { refused } = await vectors('content.json');
  for (const wrong of refused) {
    const error = await assertThrows(() => parsed(wrong), Error)
      .catch(missed => { throw new Error(`${wrong.why}: ${missed.message}`); });
    if (error instanceof FrameError || error instanceof JsonError) continue;
    throw new Error(`${wrong.why}: ${error.stack}`);
  }
});
