/**
 * Reads a QR code back, written from the standard alone and sharing nothing with `/crypto/qr.js`:
 * tables instead of formulas, logarithms instead of polynomials, syndromes instead of remainders.
 */

const FINDER = ['#######.', '#.....#.', '#.###.#.', '#.###.#.', '#.###.#.', '#.....#.', '#######.',
  '........'];
const ALIGNMENT = ['#####', '#...#', '#.#.#', '#...#', '#####'];
const CENTRES = [[], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42],
  [6, 26, 46], [6, 28, 50]];
/** ISO/IEC 18004 table 9, level M: total codewords, then [blocks, codewords, data codewords]. */
const TABLE = [[[1, 26, 16]], [[1, 44, 28]], [[1, 70, 44]], [[2, 50, 32]], [[2, 67, 43]],
  [[4, 43, 27]], [[4, 49, 31]], [[2, 60, 38], [2, 61, 39]], [[3, 58, 36], [2, 59, 37]],
  [[4, 69, 43], [1, 70, 44]]];
/** Table C.1: format information of level M, by mask. */
const FORMATS = [0x5412, 0x5125, 0x5e7c, 0x5b4b, 0x45f9, 0x40ce, 0x4f97, 0x4aa0];
/** Table D.1: version information of versions 7 to 10. */
const VERSIONS = { 7: 0x07c94, 8: 0x085bc, 9: 0x09a99, 10: 0x0a4d3 };

/** The bytes that `matrix` holds, and its version; an error if anything is not as it must be. */
export function readQr(matrix) {
  const version = (matrix.length - 17) / 4;
  const taken = checkPatterns(matrix, version);
  const mask = readFormat(matrix);
  const codewords = readCodewords(matrix, taken, mask);
  return { version, bytes: parse(version, correctData(version, codewords)) };
}

function fail(message) {
  throw new Error(message);
}

function checkPatterns(matrix, version) {
  const size = matrix.length;
  const taken = matrix.map(() => new Array(size).fill(false));
  const expect = (x, y, dark) => {
    if (x < 0 || y < 0 || x >= size || y >= size) return;
    if (matrix[y][x] !== dark) fail(`module ${x}, ${y} is not ${dark ? 'dark' : 'light'}`);
    taken[y][x] = true;
  };
  for (let i = 0; i < 8; i++) {
    for (let j = 0; j < 8; j++) {
      const dark = FINDER[i][j] === '#';
      expect(j, i, dark);
      expect(size - 1 - j, i, dark);
      expect(j, size - 1 - i, dark);
    }
  }
  for (let i = 8; i < size - 8; i++) {
    expect(i, 6, i % 2 === 0);
    expect(6, i, i % 2 === 0);
  }
  const last = size - 7;
  for (const x of CENTRES[version - 1]) {
    for (const y of CENTRES[version - 1]) {
      if ((x === 6 && y === 6) || (x === 6 && y === last) || (x === last && y === 6)) continue;
      ALIGNMENT.forEach((row, i) => [...row].forEach((cell, j) =>
        expect(x - 2 + j, y - 2 + i, cell === '#')));
    }
  }
  for (let i = 0; i < 9; i++) taken[8][i] = taken[i][8] = true;
  for (let i = 1; i < 9; i++) taken[8][size - i] = taken[size - i][8] = true;
  expect(8, size - 8, true);
  for (let i = 0; version >= 7 && i < 18; i++) {
    const dark = ((VERSIONS[version] >> i) & 1) === 1;
    expect(Math.floor(i / 3), size - 11 + i % 3, dark);
    expect(size - 11 + i % 3, Math.floor(i / 3), dark);
  }
  return taken;
}

/** Both copies, most significant bit first. */
function readFormat(matrix) {
  const end = matrix.length - 1;
  const first = [[0, 8], [1, 8], [2, 8], [3, 8], [4, 8], [5, 8], [7, 8], [8, 8], [8, 7], [8, 5],
    [8, 4], [8, 3], [8, 2], [8, 1], [8, 0]];
  const second = [...[0, 1, 2, 3, 4, 5, 6].map(i => [8, end - i]),
    ...[7, 6, 5, 4, 3, 2, 1, 0].map(i => [end - i, 8])];
  const [one, two] = [first, second].map(places =>
    places.reduce((bits, [x, y]) => bits * 2 + Number(matrix[y][x]), 0));
  if (one !== two) fail('the two formats differ');
  const mask = FORMATS.indexOf(one);
  return mask >= 0 ? mask : fail('unknown format');
}

function isMasked(mask, row, column) {
  const product = row * column;
  return [row + column, row, column, row + column,
    Math.floor(row / 2) + Math.floor(column / 3), product % 2 + product % 3,
    product % 2 + product % 3, (row + column) % 2 + product % 3][mask]
    % [2, 2, 3, 3, 2, 7, 2, 2][mask] === 0;
}

function readCodewords(matrix, taken, mask) {
  const bits = [];
  const columns = matrix.map((_, i) => i).filter(i => i !== 6).reverse();
  for (let pair = 0; pair < columns.length; pair += 2) {
    const rows = matrix.map((_, i) => i);
    if (pair % 4 === 0) rows.reverse();
    for (const y of rows) {
      for (const x of columns.slice(pair, pair + 2)) {
        if (!taken[y][x]) bits.push(Number(matrix[y][x] !== isMasked(mask, y, x)));
      }
    }
  }
  return Array.from({ length: bits.length >> 3 }, (_, i) =>
    bits.slice(8 * i, 8 * i + 8).reduce((value, bit) => value * 2 + bit, 0));
}

/** Deinterleaves, and checks that every block is a codeword of its Reed-Solomon code. */
function correctData(version, codewords) {
  const blocks = TABLE[version - 1].flatMap(([count, total, data]) =>
    Array.from({ length: count }, () => ({ total, data, codewords: [] })));
  const expected = blocks.reduce((sum, block) => sum + block.total, 0);
  if (codewords.length !== expected) fail(`${codewords.length} codewords, not ${expected}`);
  const queue = [...codewords];
  const longest = Math.max(...blocks.map(block => block.data));
  for (let i = 0; i < longest; i++) {
    for (const block of blocks) if (i < block.data) block.codewords.push(queue.shift());
  }
  while (queue.length > 0) for (const block of blocks) block.codewords.push(queue.shift());
  const powers = [1];
  for (let i = 1; i < 255; i++) powers[i] = powers[i - 1] * 2 ^ (powers[i - 1] > 127 ? 0x11d : 0);
  for (const block of blocks) {
    for (let root = 0; root < block.total - block.data; root++) {
      const syndrome = block.codewords.reduce((sum, codeword, i) => {
        if (codeword === 0) return sum;
        const degree = block.total - 1 - i;
        return sum ^ powers[(powers.indexOf(codeword) + root * degree) % 255];
      }, 0);
      if (syndrome !== 0) fail(`syndrome ${root} is not zero`);
    }
  }
  return blocks.flatMap(block => block.codewords.slice(0, block.data));
}

function parse(version, data) {
  let bits = data.map(codeword => codeword.toString(2).padStart(8, '0')).join('');
  const take = count => {
    const value = Number.parseInt(bits.slice(0, count), 2);
    bits = bits.slice(count);
    return value;
  };
  if (take(4) !== 4) fail('not byte mode');
  const length = take(version < 10 ? 8 : 16);
  const bytes = Uint8Array.from({ length }, () => take(8));
  if (!/^0{0,4}0*(1110110000010001)*(11101100)?$/.test(bits)) fail(`wrong padding ${bits}`);
  return bytes;
}
