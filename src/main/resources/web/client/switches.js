/**
 * The switches that all devices of a user share (docs/protocol.md §13), as the row `sync` of `meta`
 * holds them: each by its name, and beside it, as `readReceiptsChanged`, whether it was changed here
 * and not put yet.
 */

/** As they are if nobody touched them. */
export const SWITCHES = Object.freeze({ readReceipts: true, typing: true, openToAll: false });

const NAMES = Object.keys(SWITCHES);

/** Those of a row or of what a blob holds, without anything else. */
export function switchesOf(holder) {
  return byName(name => holder[name] ?? SWITCHES[name]);
}

/** Only those that somebody touched, as a blob has them. */
export function touchedSwitches(holder) {
  return Object.fromEntries(NAMES.filter(name => holder[name] !== SWITCHES[name])
    .map(name => [name, holder[name]]));
}

/** What was changed here wins over what others put, until they say the same. */
export function joinedSwitches(row, theirs) {
  const isOurs = name => Boolean(row[changed(name)]) && row[name] !== theirs[name];
  return {
    ...byName(name => (isOurs(name) ? row[name] : theirs[name])),
    ...Object.fromEntries(NAMES.map(name => [changed(name), isOurs(name)])),
  };
}

/** Those that are another way than they were, by name. */
export function movedSwitches(before, after) {
  return Object.fromEntries(NAMES.filter(name => before[name] !== after[name])
    .map(name => [name, after[name]]));
}

/** The change of a row when the user switches one. */
export function switched(name, on) {
  return { [name]: on, [changed(name)]: true };
}

/** The change of a row when these were put: what was switched meanwhile is still to be put. */
export function putSwitches(row, put) {
  return Object.fromEntries(NAMES.map(name => [changed(name), row[name] !== put[name]]));
}

/** Whether one was changed here and not put yet. */
export function isAnySwitched(row) {
  return NAMES.some(name => row[changed(name)]);
}

function byName(valueOf) {
  return Object.fromEntries(NAMES.map(name => [name, valueOf(name)]));
}

function changed(name) {
  return `${name}Changed`;
}
