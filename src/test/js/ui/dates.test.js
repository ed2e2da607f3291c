import { assert, assertEquals, test } from '../harness.js';
import { clockTime, dayName, fullTime, isoTime, shortTime } from '/ui/dates.js';
import { texts } from '/ui/texts.js';

const NOON = new Date(2026, 2, 14, 12).getTime();
const DAY = 24 * 60 * 60 * 1000;

test('daysThatAreNearHaveTheirNames', () => {
  assertEquals(texts.today, dayName(NOON - 1, NOON));
  assertEquals(texts.yesterday, dayName(NOON - DAY, NOON));
  assert(/2026/.test(dayName(NOON - 2 * DAY, NOON)));
});

test('listShowsTheClockForTodayOnly', () => {
  assertEquals(clockTime(NOON), shortTime(NOON, NOON));
  assert(shortTime(NOON - DAY, NOON) !== clockTime(NOON - DAY));
});

test('noNumberIsTooStrangeForATime', () => {
  for (const at of [Number.MAX_SAFE_INTEGER, 8_640_000_000_000_001, -8_640_000_000_000_001, NaN,
    Infinity, -Infinity, undefined, null, '1', {}]) {
    for (const words of [clockTime, fullTime, isoTime]) assertEquals('', words(at));
    for (const words of [dayName, shortTime]) assertEquals('', words(at, NOON));
  }
  for (const at of [0, -1, 8_640_000_000_000_000, -8_640_000_000_000_000, 1.5]) {
    for (const words of [clockTime, fullTime, isoTime]) assert(words(at) !== '', `${at}`);
  }
});
