/**
 * Who may move ratchets: work that reads sessions, computes and writes them back runs one after the
 * other, never two at once.
 */
export class Turn {
  #last = Promise.resolve();

  /** @returns {Promise<*>} what `work` gives, once all earlier work is done */
  take(work) {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }
}
