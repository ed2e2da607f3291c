/** Who is shown as writing: until they stop, until what they wrote is there, or for a while. */

const SHOWN_MS = 6_000;

export class Typists {
  #emit;
  /** By conversation, and in it by user: {timer, since}. */
  #shown = new Map();

  /** @param {function(object)} emit gives an event to every tab */
  constructor(emit) {
    this.#emit = emit;
  }

  show(conversation, user, isWriting) {
    const users = this.#shown.get(conversation) ?? new Map();
    const before = users.get(user);
    if (!isWriting && !before) return;
    clearTimeout(before?.timer);
    if (isWriting) {
      const timer = setTimeout(() => this.show(conversation, user, false), SHOWN_MS);
      users.set(user, { timer, since: before?.since ?? Date.now() });
      this.#shown.set(conversation, users);
    } else {
      users.delete(user);
      if (users.size === 0) this.#shown.delete(conversation);
    }
    this.#emit({ type: 'typing', conversation, user, isWriting });
  }

  /** @param {object[]} upserts Messages of the page; those that came before say nothing */
  heard(conversation, upserts) {
    const users = this.#shown.get(conversation);
    if (!users) return;
    for (const { from, receivedAt } of upserts) {
      if (users.has(from) && receivedAt >= users.get(from).since) {
        this.show(conversation, from, false);
      }
    }
  }

  /** Nobody is heard of any more. */
  clear() {
    for (const [conversation, users] of [...this.#shown]) {
      for (const user of [...users.keys()]) this.show(conversation, user, false);
    }
  }
}
