/** Events of which a new tab must know the last one, and those about how the account stands. */

import { refusalText, restoredText } from './texts.js';

const STANDING = [
  'account', 'account-state', 'archive', 'connection', 'history-asked', 'online', 'restored',
  'server', 'visibility',
];

/** What the account's phase becomes when the link stops, and the text that says why. */
const STOPPED = {
  'token': ['needs-password', 'token-ended'],
  'revoked': ['revoked', 'revoked'],
  'revoked-unproven': ['replaced', 'revoked-unproven'],
  'replaced': ['replaced', 'replaced'],
  'device-refused': ['replaced', 'device-refused'],
  'server-key': ['server-changed', 'server-changed'],
};

export class Standing {
  #store;
  #tell;
  #last = new Map();

  /** @param {function(object)} tell gives an event to every tab */
  constructor(store, tell) {
    this.#store = store;
    this.#tell = tell;
  }

  /** The last of each kind. */
  get events() {
    return [...this.#last.values()];
  }

  emit = event => {
    if (STANDING.includes(event.type)) this.#last.set(event.type, event);
    this.#tell(event);
  };

  account(phase, code) {
    const event = { type: 'account', phase, user: this.#store.user };
    this.emit(code ? { ...event, text: refusalText(code) } : event);
  }

  /** The link has stopped, and only a person can decide how to go on. */
  stopped(reason) {
    this.account(...STOPPED[reason]);
  }

  /** Until a person has put it away, and then never again. */
  restored(copyTime) {
    this.emit({ type: 'restored', text: restoredText(copyTime) });
  }

  async dismissRestored() {
    await this.#store.write(['meta'], ({ meta }) => { meta.delete('restored'); });
    this.emit({ type: 'restored', text: null });
  }
}
