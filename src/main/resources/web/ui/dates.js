/**
 * Times in words, in the language of the page and the reader's time zone. A time comes from whoever
 * wrote the message, so it can be any number: one that is no time gives an empty text and never
 * throws.
 */
import { sameDay } from '../state/timeline.js';
import { locale } from '../words/language.js';
import { texts } from './texts.js';

const TIME_MS_MAX = 8_640_000_000_000_000;
const DAY_MS = 24 * 60 * 60 * 1000;
const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const shortDay = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const longDay = new Intl.DateTimeFormat(locale,
  { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const date = new Intl.DateTimeFormat(locale,
  { day: 'numeric', month: 'short', year: 'numeric' });
const moment = new Intl.DateTimeFormat(locale,
  { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const full = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' });

export function clockTime(at) {
  return format(clock, at);
}

export function fullTime(at) {
  return format(full, at);
}

/** The day alone, of whatever year. */
export function dateName(at) {
  return format(date, at);
}

/** A day and the clock, for what will be. */
export function momentName(at) {
  return format(moment, at);
}

/** The time for machines, as a `time` element wants it. */
export function isoTime(at) {
  return isTime(at) ? new Date(at).toISOString() : '';
}

export function dayName(at, now) {
  if (sameDay(at, now)) {
    return texts.today;
  }
  return sameDay(at, now - DAY_MS) ? texts.yesterday : format(longDay, at);
}

/** The clock for today, the day for anything else: as short as a list needs. */
export function shortTime(at, now) {
  return format(sameDay(at, now) ? clock : shortDay, at);
}

/** ECMAScript, Time Values and Time Range: nothing beyond it can be shown. */
function isTime(at) {
  return typeof at === 'number' && Math.abs(at) <= TIME_MS_MAX;
}

function format(words, at) {
  return isTime(at) ? words.format(at) : '';
}
