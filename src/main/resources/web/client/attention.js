/**
 * Which conversation each tab has before its reader's eyes. Only the leading tab asks: what
 * somebody sees in another tab needs no notification.
 */
export class Attention {
  #conversations = new Map();

  /** @param {string|null} conversation null when nobody looks at the tab */
  set(tab, conversation) {
    if (conversation === null) this.#conversations.delete(tab);
    else this.#conversations.set(tab, conversation);
  }

  isOn(conversation) {
    return [...this.#conversations.values()].includes(conversation);
  }
}
