/** What a browser is called until its user gives it another name: such as "Firefox on Linux". */
import { words } from '../words/words.js';
import { fill } from './texts.js';

/** The first that stands in the user agent: browsers name those before them, too. */
const BROWSERS = [
  ['Firefox', /Firefox\//], ['Edge', /Edg\w*\//], ['Opera', /OPR\//], ['Chrome', /Chrome\//],
  ['Safari', /Safari\//],
];
const SYSTEMS = [
  ['Android', /Android/], ['iPhone', /iPhone/], ['iPad', /iPad/], ['ChromeOS', /CrOS/],
  ['Windows', /Windows/], ['macOS', /Mac OS X/], ['Linux', /Linux|X11/],
];

/**
 * @param {{userAgent: string, userAgentData?: {brands: {brand: string}[]}}} browser as `navigator`
 * @returns {string}
 */
export function defaultDeviceName({ userAgent, userAgentData }) {
  const named = nameIn(BROWSERS, userAgent);
  const brands = userAgentData?.brands.map(({ brand }) => brand) ?? [];
  const isChromium = named === 'Chrome' && brands.includes('Chromium')
    && !brands.includes('Google Chrome');
  const browser = isChromium ? 'Chromium' : named ?? words.engine.deviceNames.browser;
  const system = nameIn(SYSTEMS, userAgent);
  return system ? fill(words.engine.deviceNames.on, { browser, system }) : browser;
}

function nameIn(names, userAgent) {
  return names.find(([, pattern]) => pattern.test(userAgent))?.[0];
}
