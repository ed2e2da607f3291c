/**
 * What rows of messages are: what people say, and how they change it. What was `deleted` is neither,
 * nor is a change that is `void`.
 */

const TEXTS = ['text', 'file'];
const CHANGES = ['reaction', 'edit', 'delete', 'timer'];

/** Whether this is a text or a file, which has a place in the timeline. */
export function isText({ kind }) {
  return TEXTS.includes(kind);
}

/** Whether this changes how a message looks, or what becomes of those that follow. */
export function isChange({ kind }) {
  return CHANGES.includes(kind);
}

/** Whether a person said this: what goes to others, and into the archive. */
export function isSaid(row) {
  return isText(row) || isChange(row);
}

/** Whether it is one of the unread while nobody has seen it. */
export function isCounted({ mine, kind }) {
  return !mine && kind !== 'notice' && kind !== 'deleted';
}

/** Rows in the order of their places; changes, which have none, are behind all others. */
export function comparePlaces({ ordinal: left }, { ordinal: right }) {
  return indexedDB.cmp(left, right);
}
