/**
 * Waiting in tests of the client: before it acknowledges, and before it tries again, the product
 * waits five seconds for more to come, and gets a moment. Nothing of these tests is about how long.
 */

const WAIT_MS = 5_000;
const QUICK_MS = 100;

const { setTimeout } = globalThis;

globalThis.setTimeout = (run, ms, ...rest) =>
  setTimeout(run, ms === WAIT_MS ? QUICK_MS : ms, ...rest);
