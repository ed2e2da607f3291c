/** Times in words, in the reader's own language and time zone. */
import { texts } from './texts.js';
import { sameDay } from '../state/timeline.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const shortDay = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const longDay = new Intl.DateTimeFormat(undefined,
  { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });

export function clockTime(at) {
  return clock.format(at);
}

export function fullTime(at) {
  return full.format(at);
}

export function dayName(at, now) {
  if (sameDay(at, now)) {
    return texts.today;
  }
  return sameDay(at, now - DAY_MS) ? texts.yesterday : longDay.format(at);
}

/** The clock for today, the day for anything else: as short as a list needs. */
export function shortTime(at, now) {
  return sameDay(at, now) ? clock.format(at) : shortDay.format(at);
}
