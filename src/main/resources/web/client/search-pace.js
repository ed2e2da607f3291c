/**
 * How long texts wait until they are sealed together, between one turn of that and the next, and
 * until a search says how far it is. Tests wait for less.
 */
export const searchPace = { waitMs: 3_000, pauseMs: 20, tellMs: 1_000 };
