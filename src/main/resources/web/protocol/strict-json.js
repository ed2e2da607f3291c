/**
 * JSON as docs/protocol.md §1.2 allows it: UTF-8 without byte order mark, no duplicate keys,
 * no number but integers from 0 to 2^53−1, no unpaired surrogates, at most 16 levels, nothing
 * trailing. JSON.parse alone takes all of these.
 */

import { fromUtf8 } from '../crypto/bytes.js';

const DEPTH_MAX = 16;
const SPACE = /[ \t\n\r]*/y;
const STRING =
  /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const WORD = /true|false|null/y;
const INTEGER = /(?:0|[1-9][0-9]{0,15})(?![0-9.eE])/y;

export class JsonError extends Error {
  name = 'JsonError';
}

/**
 * @param {Uint8Array} bytes one JSON value
 * @returns {*} the value, as JSON.parse gives it
 * @throws {JsonError} for anything that the protocol refuses
 */
export function parseStrict(bytes) {
  const text = decode(bytes);
  new Scanner(text).scan();
  return JSON.parse(text);
}

function decode(bytes) {
  try {
    // A byte order mark stays in the text, where the scanner refuses it.
    return fromUtf8(bytes);
  } catch {
    throw new JsonError('not UTF-8');
  }
}

class Scanner {
  #text;
  #at = 0;

  constructor(text) {
    this.#text = text;
  }

  scan() {
    this.#value(0);
    this.#take(SPACE);
    if (this.#at !== this.#text.length) throw new JsonError('trailing bytes');
  }

  #value(depth) {
    this.#take(SPACE);
    const first = this.#text[this.#at];
    if (first === '{' || first === '[') {
      if (depth === DEPTH_MAX) throw new JsonError('nested too deep');
      this.#at++;
      return first === '{' ? this.#members(depth + 1) : this.#elements(depth + 1);
    }
    if (first === '"') return this.#string();
    return this.#take(WORD) ?? this.#integer();
  }

  #members(depth) {
    const keys = new Set();
    if (this.#takeSymbol('}')) return;
    do {
      this.#take(SPACE);
      const key = this.#string();
      if (keys.has(key)) throw new JsonError('duplicate key');
      keys.add(key);
      this.#expectSymbol(':');
      this.#value(depth);
    } while (this.#takeSymbol(','));
    this.#expectSymbol('}');
  }

  #elements(depth) {
    if (this.#takeSymbol(']')) return;
    do {
      this.#value(depth);
    } while (this.#takeSymbol(','));
    this.#expectSymbol(']');
  }

  /** @returns {string} the string's content: two spellings of one key are one key */
  #string() {
    const token = this.#take(STRING);
    if (token === undefined) throw new JsonError('not a string');
    const content = token.includes('\\') ? JSON.parse(token) : token.slice(1, -1);
    if (!content.isWellFormed()) throw new JsonError('unpaired surrogate');
    return content;
  }

  #integer() {
    const token = this.#take(INTEGER);
    if (token === undefined || !Number.isSafeInteger(Number(token))) {
      throw new JsonError('not a value');
    }
  }

  #takeSymbol(symbol) {
    this.#take(SPACE);
    if (this.#text[this.#at] !== symbol) return false;
    this.#at++;
    return true;
  }

  #expectSymbol(symbol) {
    if (!this.#takeSymbol(symbol)) throw new JsonError(`expected ${symbol}`);
  }

  #take(pattern) {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    return match[0];
  }
}
