/** Who is online: refreshed while a tab is looked at, and searched on request (§5.2). */

import { userErrorOf } from './user-error.js';

const REFRESH_MS = 10_000;

export class Presence {
  #request;
  #emit;
  /** Tabs that are looked at. */
  #visible = new Set();
  #connected = false;
  #timer = null;

  /** @param {function(string, object): Promise<object>} request */
  constructor(request, emit) {
    this.#request = request;
    this.#emit = emit;
  }

  /** The commands that tabs may give, by name. They reject with UserError. */
  get commands() {
    return {
      searchOnline: filter => this.#search(filter).catch(refuse),
      setVisibility: ({ value }) => this.#setVisibility(value).catch(refuse),
    };
  }

  setConnected(connected) {
    this.#connected = connected;
    this.#refresh();
  }

  setVisible(tab, visible) {
    if (visible) this.#visible.add(tab);
    else this.#visible.delete(tab);
    this.#refresh();
  }

  /** Who may see that this user is online. */
  async #setVisibility(visibility) {
    await this.#request('visibility', { visibility });
    this.#emit({ type: 'visibility', value: visibility });
  }

  async #search({ prefix, after }) {
    const filter = {};
    if (prefix) filter.prefix = prefix;
    if (after) filter.after = after;
    const { users, more } = await this.#request('online', filter);
    return { users, more };
  }

  async #refresh() {
    clearTimeout(this.#timer);
    if (!this.#connected || this.#visible.size === 0) return;
    this.#timer = setTimeout(() => this.#refresh(), REFRESH_MS);
    try {
      this.#emit({ type: 'online', ...await this.#search({}) });
    } catch {
      // A list that could not be had is asked for again at the next turn.
    }
  }
}

function refuse(error) {
  throw userErrorOf(error);
}
