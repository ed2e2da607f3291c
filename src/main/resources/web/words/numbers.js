/** Numbers, sizes and lists of names, as one writes them in the language of the page. */
import { locale } from './language.js';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
const STEP = 1000;

const numbers = new Intl.NumberFormat(locale);
const lists = new Intl.ListFormat(locale, { type: 'conjunction' });

export const numberName = number => numbers.format(number);

export const listName = names => lists.format(names);

/** @param bytes from 0 */
export function sizeName(bytes) {
  const power = bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / Math.log10(STEP));
  const place = Math.min(power, UNITS.length - 1);
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: UNITS[place],
    // The short form of a byte has no plural.
    unitDisplay: place === 0 ? 'long' : 'short',
    maximumFractionDigits: place > 1 ? 1 : 0,
  }).format(bytes / STEP ** place);
}
