/**
 * QR codes (ISO/IEC 18004): byte mode, error correction level M, versions 1 to 10.
 *
 * A matrix is an array of rows of modules; true is dark. The quiet zone of four light modules
 * around it is the drawer's.
 */

import { dataCodewords, smallestVersion, withErrorCorrection } from './qr-codewords.js';

/** The two bits of error correction level M in the format information. */
const LEVEL_M = 0b00;

const MASKS = [
  (x, y) => (x + y) % 2 === 0,
  (x, y) => y % 2 === 0,
  x => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => (x * y) % 2 + (x * y) % 3 === 0,
  (x, y) => ((x * y) % 2 + (x * y) % 3) % 2 === 0,
  (x, y) => ((x + y) % 2 + (x * y) % 3) % 2 === 0,
];

/**
 * The smallest code that holds `bytes`, at most 213 of them (else RangeError).
 *
 * @returns {boolean[][]}
 */
export function qrMatrix(bytes) {
  const version = smallestVersion(bytes.length);
  const codewords = withErrorCorrection(version, dataCodewords(version, bytes));
  const frame = functionPatterns(version);
  const candidates = MASKS.map((_, mask) => fill(frame, codewords, mask));
  const penalties = candidates.map(penalty);
  return candidates[penalties.indexOf(Math.min(...penalties))];
}

/** A matrix with all patterns that hold no data; null is free for data. */
function functionPatterns(version) {
  const size = 4 * version + 17;
  const matrix = Array.from({ length: size }, () => new Array(size).fill(null));
  for (let i = 0; i < size; i++) matrix[6][i] = matrix[i][6] = i % 2 === 0;
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) {
    drawRings(matrix, x, y, 4, ring => ring !== 2 && ring !== 4);
  }
  const last = size - 7;
  const positions = version === 1 ? [] : version < 7 ? [6, last] : [6, (6 + last) / 2, last];
  for (const x of positions) {
    for (const y of positions) {
      const onFinder = (x === 6 && (y === 6 || y === last)) || (x === last && y === 6);
      if (!onFinder) drawRings(matrix, x, y, 2, ring => ring !== 1);
    }
  }
  drawFormat(matrix, 0);
  if (version >= 7) drawVersion(matrix, version);
  return matrix;
}

function drawRings(matrix, centreX, centreY, radius, isDark) {
  for (let y = centreY - radius; y <= centreY + radius; y++) {
    for (let x = centreX - radius; x <= centreX + radius; x++) {
      const ring = Math.max(Math.abs(x - centreX), Math.abs(y - centreY));
      if (matrix[y]?.[x] !== undefined) matrix[y][x] = isDark(ring);
    }
  }
}

/** `value` with the remainder of its BCH code: as many bits as `generator` has after its first. */
function bch(value, generator) {
  const degree = generator.toString(2).length - 1;
  let rest = value << degree;
  for (let bit = 31; bit >= degree; bit--) {
    if ((rest >>> bit) & 1) rest ^= generator << (bit - degree);
  }
  return (value << degree) | rest;
}

function drawFormat(matrix, mask) {
  const size = matrix.length;
  const bits = bch((LEVEL_M << 3) | mask, 0x537) ^ 0x5412;
  for (let i = 0; i < 15; i++) {
    const dark = ((bits >> i) & 1) === 1;
    const near = i < 6 ? i : i < 8 ? i + 1 : -1;
    if (near >= 0) matrix[near][8] = dark;
    else matrix[8][i === 8 ? 7 : 14 - i] = dark;
    if (i < 8) matrix[8][size - 1 - i] = dark;
    else matrix[size - 15 + i][8] = dark;
  }
  matrix[size - 8][8] = true;
}

function drawVersion(matrix, version) {
  const bits = bch(version, 0x1f25);
  for (let i = 0; i < 18; i++) {
    const [near, far] = [Math.floor(i / 3), matrix.length - 11 + i % 3];
    matrix[near][far] = matrix[far][near] = ((bits >> i) & 1) === 1;
  }
}

/** Lays the codewords in the free modules, two columns at a time from the right, and masks them. */
function fill(frame, codewords, mask) {
  const matrix = frame.map(row => [...row]);
  let index = 0;
  for (const { x, y } of zigzag(frame.length)) {
    if (frame[y][x] !== null) continue;
    // The few modules left over after the last codeword are 0.
    const bit = (codewords[index >> 3] >> (7 - index % 8)) & 1;
    matrix[y][x] = (bit === 1) !== MASKS[mask](x, y);
    index++;
  }
  drawFormat(matrix, mask);
  return matrix;
}

function* zigzag(size) {
  let upward = true;
  for (let pair = size - 1; pair > 0; pair -= 2, upward = !upward) {
    // Column 6 is a timing pattern.
    const right = pair <= 6 ? pair - 1 : pair;
    for (let step = 0; step < size; step++) {
      const y = upward ? size - 1 - step : step;
      yield { x: right, y };
      yield { x: right - 1, y };
    }
  }
}

function penalty(matrix) {
  const columns = matrix.map((_, x) => matrix.map(row => row[x]));
  const lines = [...matrix, ...columns].map(line => line.map(Number).join(''));
  let score = 0;
  for (const line of lines) {
    for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) score += run.length - 2;
    score += 40 * [...line.matchAll(/(?=10111010000|00001011101)/g)].length;
  }
  return score + squares(matrix) + balance(matrix);
}

function squares(matrix) {
  let score = 0;
  for (let y = 1; y < matrix.length; y++) {
    for (let x = 1; x < matrix.length; x++) {
      const dark = matrix[y][x];
      const same = matrix[y - 1][x] === dark && matrix[y][x - 1] === dark
        && matrix[y - 1][x - 1] === dark;
      if (same) score += 3;
    }
  }
  return score;
}

function balance(matrix) {
  const dark = matrix.flat().filter(Boolean).length;
  return 10 * Math.floor(Math.abs(20 * dark / matrix.length ** 2 - 10));
}
