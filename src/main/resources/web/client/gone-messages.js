/**
 * What has disappeared while this tab was open: whatever was read from the store before that, and is
 * told or given only after, shows none of it.
 */
export class GoneMessages {
  #ids = new Set();

  /** @returns {object} the event as the page may have it */
  pass(event) {
    if (event.type === 'messages-gone') event.ids.forEach(id => this.#ids.add(id));
    if (event.type !== 'messages' || this.#ids.size === 0) return event;
    const upserts = event.upserts.filter(({ id, removed }) => removed || !this.#ids.has(id));
    return { ...event, upserts: upserts.map(message => this.#withoutQuote(message)) };
  }

  /**
   * @param {function(): Promise<object[]>} load reads messages of the page from the store
   * @returns {Promise<object[]>} read anew if some of them disappeared meanwhile
   */
  async load(load) {
    for (;;) {
      const messages = await load();
      const isStale = ({ id, replyTo }) =>
        this.#ids.has(id) || replyTo?.text && this.#ids.has(replyTo.id);
      if (!messages.some(isStale)) return messages;
    }
  }

  #withoutQuote(message) {
    const { replyTo } = message;
    const isGone = replyTo && this.#ids.has(replyTo.id);
    return isGone ? { ...message, replyTo: { ...replyTo, text: null, kind: 'text' } } : message;
  }
}
