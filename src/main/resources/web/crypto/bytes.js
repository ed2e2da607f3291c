/** Byte strings (`Uint8Array`) and their strict text forms (docs/protocol.md §1.2, RFC 4648). */

import { Refused } from './refused.js';

/** UTF-8 of a string; a string with an unpaired surrogate has none (Refused `encoding`). */
export function utf8(text) {
  if (!text.isWellFormed()) throw new Refused('encoding', 'unpaired surrogate');
  return new TextEncoder().encode(text);
}

/** The string whose UTF-8 `bytes` are; a byte order mark is kept as a character. */
export function fromUtf8(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refused('encoding', 'not UTF-8');
  }
}

/** Lower-case hex. */
export function hex(bytes) {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}

/** The bytes of lower-case hex. */
export function fromHex(text) {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new Refused('encoding', 'not lower-case hex');
  return Uint8Array.from(text.match(/../g) ?? [], pair => Number.parseInt(pair, 16));
}

/** base64url without padding. */
export function base64url(bytes) {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The bytes of canonical base64url: no padding, no other characters, unused bits zero. */
export function fromBase64url(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) {
    throw new Refused('encoding', 'not base64url');
  }
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, character => character.charCodeAt(0));
  // Unused bits that are not zero are lost in the bytes, and so do not come back.
  if (base64url(bytes) !== text) throw new Refused('encoding', 'not canonical base64url');
  return bytes;
}

export function concat(...parts) {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

/** Compares without leaving early, so that the time says nothing about where two secrets differ. */
export function equal(left, right) {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let i = 0; i < left.length; i++) difference |= left[i] ^ right[i];
  return difference === 0;
}

/** Orders byte strings, a prefix before the longer: negative, 0 or positive. */
export function compare(left, right) {
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    if (left[i] !== right[i]) return left[i] - right[i];
  }
  return left.length - right.length;
}

/** `length` bytes of the system's cryptographic random source. */
export function randomBytes(length) {
  return crypto.getRandomValues(new Uint8Array(length));
}
