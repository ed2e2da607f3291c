import { assertEquals, assertThrows, test } from '../harness.js';
import { readQr } from './qr-decoder.js';
import { randomBytes, utf8 } from '/crypto/bytes.js';
import { qrMatrix } from '/crypto/qr.js';

test('everyLengthReadsBackInTheSmallestVersion', () => {
  const capacities = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213];
  for (let length = 0; length <= 213; length++) {
    const bytes = randomBytes(length);
    const read = readQr(qrMatrix(bytes));
    assertEquals(bytes, read.bytes);
    assertEquals(capacities.findIndex(capacity => length <= capacity) + 1, read.version);
  }
});

test('refusesMoreThanItHolds', async () => {
  await assertThrows(() => qrMatrix(new Uint8Array(214)), RangeError);
});

const GOLDEN = [
  '#######..###..#######',
  '#.....#.##....#.....#',
  '#.###.#.....#.#.###.#',
  '#.###.#..##...#.###.#',
  '#.###.#.##..#.#.###.#',
  '#.....#..##.#.#.....#',
  '#######.#.#.#.#######',
  '..........###........',
  '#.#.#.#..#.#....#..#.',
  '.#.#...#.##...#...###',
  '####.##..#..#...##.##',
  '#.##.#..#.....#.....#',
  '.#.##.##.##.#.#.##..#',
  '........##.#.#.#....#',
  '#######...##.###..###',
  '#.....#..#.###.##....',
  '#.###.#.#.##.###.#.##',
  '#.###.#..#....##...#.',
  '#.###.#.#...#...#.#.#',
  '#.....#..#....#.#..#.',
  '#######.##..#.##...##',
];

// Read by an independent QR decoder, too.
test('drawsTheSameCodeAlways', () => {
  const rows = qrMatrix(utf8('sotto')).map(row => row.map(dark => (dark ? '#' : '.')).join(''));
  assertEquals(GOLDEN, rows);
});
