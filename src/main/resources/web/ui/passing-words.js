/** Words for what does not stay: who is writing just now, and when a message disappears. */
import { roughDuration, wholeDuration } from '../state/durations.js';
import { durationName, fromNowName } from '../words/durations.js';
import { listName } from '../words/numbers.js';
import { texts } from './texts.js';

const NAMED_MAX = 2;

/** @param users who are writing, at least one */
export function writersWords(users) {
  if (users.length === 1) return texts.oneWrites(users[0]);
  return users.length > NAMED_MAX ? texts.manyWrite : texts.someWrite(listName(users));
}

export const timerWords = seconds => durationName(wholeDuration(seconds));

/** When a message will be gone; null if it stays. */
export function goneWords({ kind, mine, disappearAfter = 0, goneAt = null }) {
  if (disappearAfter === 0 || kind === 'deleted') return null;
  if (goneAt === null) {
    const duration = timerWords(disappearAfter);
    return mine ? texts.disappearsOnceSent(duration) : texts.disappearsOnceRead(duration);
  }
  const left = roughDuration(goneAt - Date.now());
  return left ? texts.disappearsIn(fromNowName(left)) : texts.disappearsSoon;
}
