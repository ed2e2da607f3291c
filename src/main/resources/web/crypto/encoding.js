/** The canonical encoding and the hash over it (docs/protocol.md §1.1). */

import { concat, fromUtf8, utf8 } from './bytes.js';
import { Refused } from './refused.js';

/**
 * `enc(x1, …, xn)`: each item's length as 4 bytes big-endian, then its bytes.
 *
 * @param {...(Uint8Array|string|number|Array|null)} items integers are 0 to 2^53-1; an array is one
 *   item, the `enc` of its parts; null is the absent value. `undefined` is an error, so that a
 *   misspelt field can never be signed or hashed as an absent one.
 */
export function enc(...items) {
  const parts = [];
  for (const item of items) {
    const bytes = itemBytes(item);
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, bytes.length);
    parts.push(length, bytes);
  }
  return concat(...parts);
}

/**
 * The items of an `enc`: lengths fit exactly, nothing trails.
 *
 * @returns {Uint8Array[]} copies
 */
export function parseEnc(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const items = [];
  let offset = 0;
  while (offset < bytes.length) {
    const start = offset + 4;
    if (start > bytes.length) throw new Refused('encoding', 'truncated length');
    const end = start + view.getUint32(offset);
    if (end > bytes.length) throw new Refused('encoding', 'truncated item');
    items.push(bytes.slice(start, end));
    offset = end;
  }
  return items;
}

/** The items of an `enc` of exactly `count` items. */
export function parseEncOf(count, bytes) {
  const items = parseEnc(bytes);
  if (items.length !== count) {
    throw new Refused('encoding', `expected ${count} items, found ${items.length}`);
  }
  return items;
}

/** The integer, 0 to 2^53-1, of an item. */
export function parseInteger(item) {
  if (item.length !== 8) throw new Refused('encoding', 'an integer has 8 bytes');
  const value = new DataView(item.buffer, item.byteOffset, 8).getBigUint64(0);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Refused('encoding', 'over 2^53-1');
  return Number(value);
}

/** An item of exactly `length` bytes. */
export function parseBytes(item, length) {
  if (item.length !== length) throw new Refused('encoding', `expected ${length} bytes`);
  return item;
}

/** The string of an item. */
export const parseText = fromUtf8;

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/** `H(label, x1, …) = SHA-256(enc(label, x1, …))`, `label` one of labels.js. */
export function hash(label, ...items) {
  return sha256(enc(label, ...items));
}

function itemBytes(item) {
  if (item === null) return new Uint8Array(0);
  if (item instanceof Uint8Array) return item;
  if (typeof item === 'string') return utf8(item);
  if (Array.isArray(item)) return enc(...item);
  if (Number.isSafeInteger(item) && item >= 0) {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(item));
    return bytes;
  }
  throw new TypeError(`cannot encode ${typeof item}`);
}
