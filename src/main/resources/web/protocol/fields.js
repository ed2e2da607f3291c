/**
 * The forms of fields (docs/protocol.md §1.2, §1.3) as checks: functions from a JSON value to what
 * the rest of the client uses, which throw a FrameError for anything else. Nothing is coerced.
 */

import { fromBase64url } from '../crypto/bytes.js';

const USER_NAME = /^[a-z0-9][a-z0-9._-]{1,31}$/;
const DEVICE_ID = /^[0-9a-f]{32}$/;

export class FrameError extends Error {
  name = 'FrameError';
}

export function isUserName(value) {
  return typeof value === 'string' && USER_NAME.test(value);
}

export function isGroupId(value) {
  return typeof value === 'string' && DEVICE_ID.test(value);
}

/** An integer of at least `min`. */
export const atLeast = min => value =>
  expect(Number.isSafeInteger(value) && value >= min, value, `an integer from ${min}`);

/** An integer from `min` to `max`. */
export const within = (min, max) => value =>
  expect(atLeast(min)(value) <= max, value, `an integer from ${min} to ${max}`);

export const integer = atLeast(0);
export const count = atLeast(1);

/** The last time that a Date holds. */
const TIME_MAX = 8_640_000_000_000_000;

/** Milliseconds since 1970. */
export function time(value) {
  return expect(integer(value) <= TIME_MAX, value, 'a time');
}

export function boolean(value) {
  return expect(typeof value === 'boolean', value, 'a boolean');
}

export function text(value) {
  return expect(typeof value === 'string', value, 'a string');
}

export function userName(value) {
  return expect(isUserName(value), value, 'a user name');
}

export function deviceId(value) {
  return expect(typeof value === 'string' && DEVICE_ID.test(value), value, 'a device id');
}

/** As a device id: 16 random bytes in hex. */
export const groupId = deviceId;

export const oneOf = (...values) => value =>
  expect(values.includes(value), value, `one of ${values.join(', ')}`);

/** base64url to bytes, of exactly `min` bytes or of `min` to `max`. */
export const bytes = (min, max = min) => value => {
  const decoded = decode(text(value));
  return expect(decoded.length >= min && decoded.length <= max, decoded, `${min} bytes`);
};

export const list = (item, { min = 0, max = Infinity } = {}) => value => {
  expect(Array.isArray(value) && value.length >= min && value.length <= max, value, 'a list');
  return value.map(item);
};

/** A list in which what `keyOf` gives rises, so that none stands twice. */
export const rising = (check, keyOf) => value => {
  const items = check(value);
  const rises = items.every((item, i) => i === 0 || keyOf(items[i - 1]) < keyOf(item));
  return expect(rises, items, 'rising');
};

/** A list in which what `keyOf` gives is different for each item. */
export const distinct = (check, keyOf) => value => {
  const items = check(value);
  return expect(new Set(items.map(keyOf)).size === items.length, items, 'distinct');
};

/** Marks a field of a record that may be absent. */
export const optional = check => ({ optional: check });

/** An object with exactly these fields; absent optional ones stay absent. */
export const record = fields => value => {
  expect(value !== null && typeof value === 'object' && !Array.isArray(value), value, 'an object');
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(fields, name)) throw new FrameError(`unknown field ${name}`);
  }
  const parsed = {};
  for (const [name, check] of Object.entries(fields)) {
    if (Object.hasOwn(value, name)) {
      parsed[name] = (check.optional ?? check)(value[name]);
    } else if (!check.optional) {
      throw new FrameError(`missing field ${name}`);
    }
  }
  return parsed;
};

function decode(value) {
  try {
    return fromBase64url(value);
  } catch {
    throw new FrameError('not base64url');
  }
}

function expect(condition, value, form) {
  if (!condition) throw new FrameError(`not ${form}`);
  return value;
}
