/** A clock that tests set forward and back: the time that passes is the same for all. */

const { now } = Date;
let ahead = 0;

Date.now = () => now.call(Date) + ahead;

/** @param {number} seconds negative to set it back */
export function moveClock(seconds) {
  ahead += seconds * 1000;
}

/** The clock is right again. */
export function resetClock() {
  ahead = 0;
}
