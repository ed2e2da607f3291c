import { rasterKind } from '/state/raster.js';
import { assertEquals, test } from '../harness.js';

const bytesOf = hex => Uint8Array.from(hex.replaceAll(' ', '').match(/../g), pair =>
  Number.parseInt(pair, 16));

const PNG = '89504e47 0d0a1a0a 0000000d 49484452 00000280 000001e0 08060000 00';
const GIF = '474946383961 4001 f000 80 00 00 000000 ffffff 21 f9 04 00000000 00'
  + '21 fe 02 6869 01 21 00 2c 0000 0000 4001 f000 00';
const JPEG = 'ffd8 ffe0 0004 0102 ffff c4 0003 00 ffc2 0011 08 01e0 0280 03 01';
const VP8 = '52494646 00000000 57454250 56503820 00000000 000000 9d012a 8002 e001';
const VP8L = '52494646 00000000 57454250 5650384c 00000000 2f 7fc27700';
const VP8X = '52494646 00000000 57454250 56503858 0a000000 10000000 7f0200 df0100';

test('findsOutWhatAnImageIsByItsBytes', () => {
  const kinds = {
    'image/png': PNG, 'image/jpeg': JPEG, 'image/webp': VP8, 'image/webp ': VP8L,
    'image/webp  ': VP8X,
  };
  for (const [type, hex] of Object.entries(kinds)) {
    assertEquals({ type: type.trim(), width: 640, height: 480 }, rasterKind(bytesOf(hex)));
  }
  assertEquals({ type: 'image/gif', width: 320, height: 240 }, rasterKind(bytesOf(GIF)));
});

test('nothingElseIsAnImage', () => {
  const others = ['', '<svg xmlns="http://www.w3.org/2000/svg"/>', '<?xml version="1.0"?><svg/>',
    'GIF89', 'RIFF....WEBPVP9 ', '<html>', 'BM............'];
  for (const text of others) assertEquals(null, rasterKind(new TextEncoder().encode(text)));
  // Whatever is cut off, and a JPEG whose parts lead nowhere.
  for (const hex of [PNG, GIF, JPEG, VP8, VP8L, VP8X]) {
    const whole = bytesOf(hex);
    for (let end = 0; end < 8; end++) assertEquals(null, rasterKind(whole.subarray(0, end)));
  }
  assertEquals(null, rasterKind(bytesOf('ffd8 ffe0 0000 ffe0 0000')));
});

test('aGifIsAsLargeAsItsFirstImageNeeds', () => {
  const large = GIF.replace('2c 0000 0000 4001 f000', '2c 0a00 1400 d859 d859');
  assertEquals(null, rasterKind(bytesOf(large)));
  assertEquals({ type: 'image/gif', width: 23_010, height: 23_020 },
    rasterKind(bytesOf(large), Infinity));
  assertEquals(null, rasterKind(bytesOf(GIF.replace('f9 04 000000', 'f9 01')), Infinity));
  // Without an image there is nothing to show.
  assertEquals(null, rasterKind(bytesOf(GIF.replace('2c', '3b'))));
  assertEquals(null, rasterKind(bytesOf(GIF).subarray(0, -2)));
});

/** Readers skip these, and take the large header that is behind them. */
test('aJpegThatHidesItsHeaderIsNone', () => {
  const large = 'ffc0 0011 08 59d8 59d8 03 01';
  const claimed = 'ffc0 0011 08 0001 0001 03 01';
  for (const marker of ['00', '01', 'd0', 'd7', 'd8', 'd9']) {
    const hidden = `ffd8 ff${marker} 000d ${large} ${claimed} 00000000`;
    assertEquals(null, rasterKind(bytesOf(hidden)), marker);
  }
  for (const length of ['0000', '0001']) {
    assertEquals(null, rasterKind(bytesOf(`ffd8 ffe0 ${length} 00 ${claimed} ${claimed}`)));
  }
});

test('anImageThatFillsTheMemoryIsNone', () => {
  assertEquals(null, rasterKind(bytesOf(PNG.replace('00000280', '000f4240'))));
  assertEquals(null, rasterKind(bytesOf(PNG.replace('00000280', '00000000'))));
  assertEquals(null, rasterKind(bytesOf(PNG), 1000));
});
