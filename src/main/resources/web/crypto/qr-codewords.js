/** Codewords of a QR code (ISO/IEC 18004 §7.4 to §7.6): byte mode, level M, versions 1 to 10. */

/** By version - 1: error correction codewords of a block, and number of blocks, at level M. */
const ECC_CODEWORDS = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26];
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5];
const BYTE_MODE = 0b0100;

/** The smallest version that holds `length` bytes; RangeError if none does. */
export function smallestVersion(length) {
  for (let version = 1; version <= BLOCKS.length; version++) {
    if (4 + lengthBits(version) + 8 * length <= 8 * dataCapacity(version)) return version;
  }
  throw new RangeError(`${length} bytes do not fit a QR code of version ${BLOCKS.length}`);
}

function lengthBits(version) {
  return version < 10 ? 8 : 16;
}

/** All codewords of a version: its modules less the function patterns, in bytes. */
function totalCodewords(version) {
  const size = 4 * version + 17;
  const aligned = version === 1 ? 0 : version < 7 ? 25 : 6 * 25 - 2 * 5;
  const versionInformation = version < 7 ? 0 : 36;
  const modules = size * size - 3 * 64 - 31 - 2 * (size - 16) - aligned - versionInformation;
  return Math.floor(modules / 8);
}

function dataCapacity(version) {
  return totalCodewords(version) - ECC_CODEWORDS[version - 1] * BLOCKS[version - 1];
}

/** The codewords of `bytes`: mode, length, bytes, end and padding. */
export function dataCodewords(version, bytes) {
  const bits = [];
  append(bits, BYTE_MODE, 4);
  append(bits, bytes.length, lengthBits(version));
  for (const byte of bytes) append(bits, byte, 8);
  const capacity = dataCapacity(version);
  append(bits, 0, Math.min(4, 8 * capacity - bits.length));
  append(bits, 0, -bits.length & 7);
  for (let padding = 0xec; bits.length < 8 * capacity; padding ^= 0xec ^ 0x11) {
    append(bits, padding, 8);
  }
  return Array.from({ length: capacity },
    (_, i) => Number.parseInt(bits.slice(8 * i, 8 * i + 8).join(''), 2));
}

function append(bits, value, count) {
  for (let i = count - 1; i >= 0; i--) bits.push((value >> i) & 1);
}

/** Splits the data into blocks, the shorter ones first, and interleaves data and correction. */
export function withErrorCorrection(version, data) {
  const count = BLOCKS[version - 1];
  const short = Math.floor(data.length / count);
  const shortCount = count - data.length % count;
  const generator = generatorPolynomial(ECC_CODEWORDS[version - 1]);
  const blocks = [];
  for (let i = 0, offset = 0; i < count; i++) {
    const length = short + (i < shortCount ? 0 : 1);
    blocks.push(data.slice(offset, offset + length));
    offset += length;
  }
  const corrections = blocks.map(block => remainder(block, generator));
  return [...interleave(blocks), ...interleave(corrections)];
}

function interleave(blocks) {
  const longest = Math.max(...blocks.map(block => block.length));
  const columns = Array.from({ length: longest }, (_, i) => blocks.map(block => block[i]));
  return columns.flat().filter(codeword => codeword !== undefined);
}

/** Product in GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1. */
function multiply(left, right) {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ (product >> 7) * 0x11d;
    if ((right >> bit) & 1) product ^= left;
  }
  return product;
}

/** (x - 2^0)(x - 2^1)…, highest coefficient first, without the leading 1. */
function generatorPolynomial(degree) {
  let polynomial = [1];
  for (let i = 0, root = 1; i < degree; i++, root = multiply(root, 2)) {
    const shifted = [...polynomial, 0];
    polynomial.forEach((coefficient, k) => { shifted[k + 1] ^= multiply(coefficient, root); });
    polynomial = shifted;
  }
  return polynomial.slice(1);
}

function remainder(data, generator) {
  const result = new Array(generator.length).fill(0);
  for (const codeword of data) {
    const factor = codeword ^ result.shift();
    result.push(0);
    generator.forEach((coefficient, i) => { result[i] ^= multiply(coefficient, factor); });
  }
  return result;
}
