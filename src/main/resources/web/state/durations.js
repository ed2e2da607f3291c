/** Lengths of time, split into a number and a unit. */
const SECONDS_IN = Object.freeze({ week: 604_800, day: 86_400, hour: 3_600, minute: 60,
  second: 1 });

/** What a timer of a conversation can be set to, in seconds; 0 is off (docs/protocol.md §7.9). */
export const DISAPPEAR_CHOICES = Object.freeze([0, 3_600, 86_400, 604_800, 4 * 604_800]);

/** And what a client takes of others. */
export const DISAPPEAR_AFTER = Object.freeze({ min: 5, max: 365 * 86_400 });

const MS_IN_SECOND = 1000;

/** From how many seconds on a unit is said: a few seconds less than an hour are one, too. */
const SAID_FROM = Object.freeze({ day: 86_400 - 1_800, hour: 3_600 - 30, minute: 60 });

/** In the largest unit that goes into it without a rest: {count, unit}. */
export function wholeDuration(seconds) {
  const [unit, length] = Object.entries(SECONDS_IN).find(([, one]) => seconds % one === 0);
  return { count: seconds / length, unit };
}

/** About how long it is: {count, unit} in days, hours or minutes; null if it is less than one. */
export function roughDuration(ms) {
  const seconds = ms / MS_IN_SECOND;
  const unit = Object.keys(SAID_FROM).find(name => seconds >= SAID_FROM[name]);
  return unit ? { count: Math.round(seconds / SECONDS_IN[unit]), unit } : null;
}

/** The seconds that somebody typed as a number of a unit; null if no timer can be that long. */
export function typedDuration(typed, unit) {
  const { min, max } = DISAPPEAR_AFTER;
  const seconds = Number(typed) * SECONDS_IN[unit];
  return Number.isInteger(seconds) && seconds >= min && seconds <= max ? seconds : null;
}
