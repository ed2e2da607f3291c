import { GroupMethods } from './group-methods.js';

/** What the page does with the archive and with history that browsers hand over. */
export class PastMethods extends GroupMethods {
  #ask;

  /** @param {function(string, object?): Promise<*>} ask has the leading tab run a command */
  constructor(ask) {
    super(ask);
    this.#ask = ask;
  }

  /** @returns {Promise<{on: boolean, bytes: number, quota: number}>} */
  archive() {
    return this.#ask('archive');
  }

  /** Off erases what was archived; events `archive` say when that is done. */
  setArchive(on) {
    return this.#ask('setArchive', { on });
  }

  /** Asks the user's other browsers for what they have; they ask the user. */
  askHistory() {
    return this.#ask('askHistory');
  }

  /** @param {string} device as `history-asked` named it */
  answerHistory(device, agreed) {
    return this.#ask('answerHistory', { device, agreed });
  }
}
