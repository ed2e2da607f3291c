/**
 * Files as the server holds them (docs/protocol.md §7.6): padded with zeros, cut into chunks, each
 * sealed under its number and whether it is the last, so that none can be left out, moved or added.
 */

import { importAeadKey, openWith, sealWith } from './aead.js';
import { concat, equal } from './bytes.js';
import { enc } from './encoding.js';
import { FILE } from './labels.js';
import { Refused } from './refused.js';
import { RunningHash } from './running-hash.js';

export const FILE_CHUNK_BYTES = 65_536;
const TAG_BYTES = 16;
export const SEALED_CHUNK_BYTES = FILE_CHUNK_BYTES + TAG_BYTES;

const NONCE_BYTES = 12;
const PADDED_BYTES_MIN = 1024;

const AAD = enc(FILE, uint32(FILE_CHUNK_BYTES));

/** The length up to which zeros follow a file: Padmé, which gives away little of its size. */
export function paddedSize(size) {
  if (size <= PADDED_BYTES_MIN) return PADDED_BYTES_MIN;
  const exponent = log2(size);
  const kept = log2(exponent) + 1;
  const step = 2 ** (exponent - kept);
  return Math.ceil(size / step) * step;
}

/** How long the ciphertext of a file of this size is. */
export function sealedSize(size) {
  const padded = paddedSize(size);
  return padded + Math.ceil(padded / FILE_CHUNK_BYTES) * TAG_BYTES;
}

/** Seals one file, from its beginning to its end. The key must be of this file alone. */
export class FileSealer {
  #key;
  #size;
  #hash = new RunningHash();
  #chunks;
  #next = 0;

  static async begin(key, size) {
    return new FileSealer(await importAeadKey(key), size);
  }

  constructor(key, size) {
    this.#key = key;
    this.#size = size;
    this.#chunks = Math.ceil(paddedSize(size) / FILE_CHUNK_BYTES);
  }

  /** @returns {{start: number, end: number}|null} what of the file the next chunk holds */
  get wanted() {
    if (this.#next === this.#chunks) return null;
    const start = this.#next * FILE_CHUNK_BYTES;
    const at = offset => Math.min(offset, this.#size);
    return { start: at(start), end: at(start + FILE_CHUNK_BYTES) };
  }

  /** @param {Uint8Array} content what was wanted @returns {Promise<Uint8Array>} the sealed chunk */
  async seal(content) {
    const { start, end } = this.wanted;
    if (content.length !== end - start) throw new TypeError('not what was wanted');
    const index = this.#next++;
    const isLast = this.#next === this.#chunks;
    const rest = paddedSize(this.#size) - index * FILE_CHUNK_BYTES;
    const chunk = new Uint8Array(Math.min(FILE_CHUNK_BYTES, rest));
    chunk.set(content);
    const sealed = await sealWith(this.#key, nonceOf(index, isLast), AAD, chunk);
    this.#hash.update(sealed);
    return sealed;
  }

  /** The digest of the ciphertext, after its last chunk. */
  digest() {
    return this.#hash.digest();
  }
}

/** Opens one file whose digest was found right, from its beginning to its end. */
export class FileOpener {
  #key;
  #size;
  #chunks;
  #next = 0;

  static async begin(key, size) {
    return new FileOpener(await importAeadKey(key), size);
  }

  constructor(key, size) {
    this.#key = key;
    this.#size = size;
    this.#chunks = Math.ceil(paddedSize(size) / FILE_CHUNK_BYTES);
  }

  /** @returns {Promise<Uint8Array>} what of the file is in the next chunk; Refused `sealed` */
  async open(sealed) {
    const index = this.#next++;
    if (index >= this.#chunks) throw new Refused('sealed', 'more than the file');
    const isLast = this.#next === this.#chunks;
    const chunk = await openWith(this.#key, nonceOf(index, isLast), AAD, sealed);
    const rest = this.#size - index * FILE_CHUNK_BYTES;
    return chunk.subarray(0, Math.max(0, Math.min(chunk.length, rest)));
  }
}

/** Whether a ciphertext is what its message says; of the whole, whatever came when. */
export class FileCheck {
  #hash = new RunningHash();
  #left;

  /** @param {number} size of the file, as the message says */
  constructor(size) {
    this.#left = sealedSize(size);
  }

  /** @throws {Refused} `size` as soon as there is more than the message says */
  take(bytes) {
    this.#left -= bytes.length;
    if (this.#left < 0) throw new Refused('size', 'longer than the message says');
    this.#hash.update(bytes);
  }

  get isWhole() {
    return this.#left === 0;
  }

  /** @throws {Refused} `digest` */
  end(digest) {
    if (!this.isWhole) throw new Refused('size', 'shorter than the message says');
    if (!equal(this.#hash.digest(), digest)) throw new Refused('digest', 'another ciphertext');
  }
}

/** The key is used for one file, and each number for one chunk: so no nonce comes twice. */
function nonceOf(index, isLast) {
  return concat(new Uint8Array(NONCE_BYTES - 5), uint32(index), Uint8Array.of(isLast ? 1 : 0));
}

/** Rounded down; a logarithm of doubles would round up just below large powers of two. */
function log2(value) {
  return value.toString(2).length - 1;
}

function uint32(value) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
