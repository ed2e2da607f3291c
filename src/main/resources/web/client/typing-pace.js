/** How often it is told that somebody writes (docs/protocol.md §7.10). */

/** At most so often it goes out; and a tab says it to the leading one more often, at little cost. */
export const TOLD_EVERY_MS = 4_000;
export const SAID_EVERY_MS = 1_000;

export class TypingPace {
  #every;
  #now;
  /** By conversation: when it was told last that the user writes, and whether that still holds. */
  #told = new Map();

  /** @param {function(): number} now milliseconds, rising */
  constructor(every, now = () => performance.now()) {
    this.#every = every;
    this.#now = now;
  }

  /** Whether it is to be told now; then it counts as told. */
  take(conversation, isWriting) {
    const { at = -Infinity, isWriting: wasWriting = false } = this.#told.get(conversation) ?? {};
    const now = this.#now();
    if (isWriting ? now - at < this.#every : !wasWriting) return false;
    this.#told.set(conversation, { at: isWriting ? now : at, isWriting });
    return true;
  }

  /** A message says by itself that its writing is over. */
  sent(conversation) {
    this.#told.delete(conversation);
  }
}
