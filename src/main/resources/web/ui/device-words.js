/** How a device of the person is named, and when it was there. */
import { dateName, shortTime } from './dates.js';
import { texts } from './texts.js';

/** Its name comes to this browser a while after the device itself. */
export function deviceNameOf({ name }) {
  return name || texts.unnamedDevice;
}

/** @param device {addedAt, lastSeen: 0 for never, connected?} */
export function seenOf({ addedAt, lastSeen, connected }) {
  const now = Date.now();
  const added = texts.addedOn(dateName(addedAt));
  if (connected) return `${texts.connectedNow} · ${added}`;
  const seen = lastSeen ? texts.lastSeen(shortTime(lastSeen, now)) : texts.neverSeen;
  return `${seen} · ${added}`;
}
