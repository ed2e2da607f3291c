/** What one step of a lane comes to: go on with the next, or rest, perhaps for a while. */

/** @typedef {{rest: boolean, pause: number|null}} Step pause: milliseconds, null until something
 *   happens */

/** @type {Step} */
export const GO_ON = { rest: false, pause: null };
export const REST = { rest: true, pause: null };
export const restFor = pause => ({ rest: true, pause });

/** Refusals after which the same bytes are sent again. */
export const SENT_AGAIN = ['unknown-outcome', 'internal', 'busy', 'rate-limited', 'server-full'];

const RETRY_MS = 5_000;
const STALE_MS = 2_000;

/** The server named one of SENT_AGAIN. */
export function again({ frame }) {
  return restFor(frame.retryAfter ?? RETRY_MS);
}

/** Something was quicker: it is here already, or on its way. @returns {Step} */
export function afterQuicker(before, state) {
  const changedNr = of => of?.membership?.changedNr ?? 0;
  return changedNr(state) > changedNr(before) ? GO_ON : restFor(STALE_MS);
}
