/**
 * Where the handing over of history between the devices of a user stands (docs/protocol.md §14.3),
 * inside a caller's transaction over `meta`.
 *
 * Row `history` of `meta`: {asked, asks, giving, taking}. `asked` says that this device waits for an
 * answer; `asks` are the devices that wait for one of its user: {device, have}; `giving` is how far
 * it is with handing over: {device, done, total, after, time}, `after` the last message that was
 * sent, and when it was written; `taking` how far it is with taking: {device, done, total}.
 */

import { settle } from './database.js';

const ROW = 'history';
const NOTHING = { asked: false, asks: [], giving: null, taking: null };

export async function historyRow({ meta }) {
  return { ...NOTHING, ...await settle(meta.get(ROW)) };
}

/** Changes the row. @returns {Promise<object>} what it is now */
export async function changeHistory(stores, change) {
  const row = { ...await historyRow(stores), ...change };
  stores.meta.put(row, ROW);
  return row;
}

/** The asks without that of a device. */
export function withoutAsk({ asks }, device) {
  return asks.filter(ask => ask.device !== device);
}
