/** How long something takes, as people say it. */

const SECONDS = { day: 86_400, hour: 3_600, minute: 60, second: 1 };

/** @returns {{count: number, unit: string}} in the largest unit of which it is a whole number */
export function spanOf(seconds) {
  const [unit, size] = Object.entries(SECONDS).find(([, each]) => seconds % each === 0);
  return { count: seconds / size, unit };
}
