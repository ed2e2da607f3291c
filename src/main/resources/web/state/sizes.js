/** Sizes of data in words. */

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
const STEP = 1000;

/** @param bytes from 0 */
export function sizeName(bytes) {
  const power = bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / Math.log10(STEP));
  const place = Math.min(power, UNITS.length - 1);
  return new Intl.NumberFormat(undefined, {
    style: 'unit',
    unit: UNITS[place],
    unitDisplay: 'short',
    maximumFractionDigits: place > 1 ? 1 : 0,
  }).format(bytes / STEP ** place);
}
