import { assertEquals, assertThrows, test } from '../harness.js';
import { fromHex, hex } from '/crypto/bytes.js';
import { enc, hash, parseBytes, parseEnc, parseEncOf, parseInteger, parseText }
  from '/crypto/encoding.js';
import { SERVER } from '/crypto/labels.js';
import { Refused } from '/crypto/refused.js';

const ENCODED = '00000002616200000008000000000000000500000002010200000015'
  + '00000008000000000000000100000001780000000000000000';

test('encodesEveryKindOfItem', () => {
  assertEquals(ENCODED, hex(enc('ab', 5, Uint8Array.of(1, 2), [1, 'x', []], null)));
  assertEquals('0000000c000000000000000000000000', hex(enc(['', null, new Uint8Array()])));
});

test('hashesUnderItsLabel', async () => {
  const bytes = Uint8Array.from({ length: 32 }, (_, i) => i);
  assertEquals('904fc89c23a5146e7dc58df8396a66cc90c1393c7bf17f114687855fb0f147e1',
    hex(await hash(SERVER, bytes)));
});

test('refusesToEncodeWhatIsNoItem', async () => {
  for (const item of [undefined, -1, 1.5, 2 ** 53, NaN, 1n, true, {}, [undefined]]) {
    await assertThrows(() => enc(item), TypeError);
  }
  await assertThrows(() => enc('\udc00'), Refused);
});

test('parsesWhatItEncodes', async () => {
  const [text, integer, bytes, list, absent] = parseEncOf(5, fromHex(ENCODED));
  assertEquals('ab', parseText(text));
  assertEquals(5, parseInteger(integer));
  assertEquals(Uint8Array.of(1, 2), parseBytes(bytes, 2));
  assertEquals(3, parseEnc(list).length);
  assertEquals(0, absent.length);
  assertEquals(Number.MAX_SAFE_INTEGER, parseInteger(parseEnc(enc(Number.MAX_SAFE_INTEGER))[0]));
});

test('refusesLengthsThatDoNotFitAndTrailingBytes', async () => {
  const encoded = fromHex(ENCODED);
  for (const end of [1, 3, 5, encoded.length - 1]) {
    await assertThrows(() => parseEnc(encoded.subarray(0, end)), Refused);
  }
  await assertThrows(() => parseEncOf(4, encoded), Refused);
  await assertThrows(() => parseEncOf(6, encoded), Refused);
  await assertThrows(() => parseEnc(fromHex('ffffffff00')), Refused);
  await assertThrows(() => parseInteger(fromHex('0020000000000000')), Refused);
  await assertThrows(() => parseInteger(fromHex('00')), Refused);
  await assertThrows(() => parseBytes(fromHex('0000'), 3), Refused);
});
