/** Lengths of time, as one says them in the language of the page. */
import { locale } from './language.js';

const fromNow = new Intl.RelativeTimeFormat(locale);

/** "3 hours" */
export function durationName({ count, unit }) {
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
}

/** "in 3 hours" */
export const fromNowName = ({ count, unit }) => fromNow.format(count, unit);

/** "hours" */
export function unitName(unit) {
  const parts = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' })
    .formatToParts(2);
  return parts.find(({ type }) => type === 'unit').value;
}
