/**
 * The tabs that show one account. One of them leads: it alone holds the Web Lock, and so it alone
 * has the connection and moves ratchets. The others ask it over a channel, and all get its events.
 */

import { UserError } from './user-error.js';

const ANSWER_MS_MAX = 45_000;

export class Tabs {
  #channel;
  #onEvent;
  #onLed;
  #commands = null;
  #asked = new Map();
  #closing = new AbortController();

  /**
   * @param {string} user
   * @param {{onEvent: function(object, {isOwn: boolean}), lead: function(): Promise<object>,
   *   onLed: function()}} tab `onEvent` hears, too, whether this tab gave the event; `lead` is called
   *   when this tab begins to lead, and gives the commands that it then answers, by name; `onLed` is
   *   called when this tab or another has begun to lead
   */
  constructor(user, { onEvent, lead, onLed }) {
    this.#onEvent = onEvent;
    this.#onLed = onLed;
    this.#channel = new BroadcastChannel(`sotto:${user}`);
    this.#channel.onmessage = ({ data }) => this.#hear(data);
    const { signal } = this.#closing;
    navigator.locks.request(`sotto-${user}`, { signal }, () => this.#lead(lead, signal))
      .catch(error => { if (!signal.aborted) throw error; });
  }

  /** Gives an event to every tab, this one too. */
  emit(event) {
    if (this.#closing.signal.aborted) return;
    // First the other tabs: this one may be left because of what the event says.
    this.#channel.postMessage({ event });
    this.#onEvent(event, { isOwn: true });
  }

  /** Gives an event to the other tabs alone. */
  tellOthers(event) {
    this.#channel.postMessage({ event });
  }

  /**
   * Has the leading tab run a command.
   *
   * @returns {Promise<*>} what it gives; rejects with UserError
   */
  ask(command, args) {
    if (this.#closing.signal.aborted) return Promise.reject(new UserError('signed-out'));
    if (this.#commands) return this.#commands[command](args);
    return new Promise((resolve, reject) => {
      const id = crypto.randomUUID();
      const timer = setTimeout(() => {
        this.#asked.delete(id);
        reject(new UserError('no-answer'));
      }, ANSWER_MS_MAX);
      this.#asked.set(id, { command, args, resolve, reject, timer });
      this.#channel.postMessage({ ask: { id, command, args } });
    });
  }

  close() {
    this.#closing.abort();
    this.#channel.close();
    for (const { reject, timer } of this.#asked.values()) {
      clearTimeout(timer);
      reject(new UserError('signed-out'));
    }
    this.#asked.clear();
  }

  async #lead(lead, signal) {
    if (signal.aborted) return;
    const closed = new Promise(resolve => signal.addEventListener('abort', resolve));
    // The store of a tab that closes answers nothing any more, also to one that begins to lead.
    const commands = await Promise.race([lead(), closed.then(() => null)]);
    if (!commands) return;
    this.#commands = commands;
    this.#channel.postMessage({ leads: true });
    this.#onLed();
    for (const [id, { command, args }] of this.#asked) this.#answer({ id, command, args });
    // The lock is held until this tab closes, or leaves the account.
    await closed;
    this.#commands = null;
  }

  #hear({ event, ask, answer, leads }) {
    if (event) this.#onEvent(event);
    if (ask && this.#commands) this.#answer(ask);
    if (answer) this.#settle(answer);
    if (!leads) return;
    this.#onLed();
    // The tab that was asked is gone: what it left unanswered is asked again.
    for (const [id, { command, args }] of this.#asked) {
      this.#channel.postMessage({ ask: { id, command, args } });
    }
  }

  async #answer({ id, command, args }) {
    const answer = { id };
    try {
      answer.result = await this.#commands[command](args);
    } catch (error) {
      if (!(error instanceof UserError)) reportError(error);
      const { code, text, values } = error instanceof UserError ? error
        : new UserError('failed-here');
      answer.error = { code, text, values };
    }
    if (this.#asked.has(id)) this.#settle(answer);
    else if (!this.#closing.signal.aborted) this.#channel.postMessage({ answer });
  }

  #settle({ id, result, error }) {
    const asked = this.#asked.get(id);
    if (!asked) return;
    this.#asked.delete(id);
    clearTimeout(asked.timer);
    if (error) asked.reject(UserError.of(error));
    else asked.resolve(result);
  }
}
