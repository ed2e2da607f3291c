/** What the page asks of the server and says about it. The leading tab does it. */
export class ServerMethods {
  #ask;

  /** @param {function(string, object?): Promise<*>} ask has the leading tab run a command */
  constructor(ask) {
    this.#ask = ask;
  }

  searchOnline(filter = {}) {
    return this.#ask('searchOnline', filter);
  }

  setVisibility(value) {
    return this.#ask('setVisibility', { value });
  }

  trustNewServer() {
    return this.#ask('trustNewServer');
  }

  /** The person has read that the server was restored. */
  dismissRestored() {
    return this.#ask('dismissRestored');
  }
}
