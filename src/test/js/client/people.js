/** People with engines, as tests of the client use them. */

import { openEngine } from '/client/engine.js';
import { forgetAccount } from '/store/known-accounts.js';

export const HOST = 'chat.example';
export const PASSWORD = 'correct horse battery staple of tests';

const LOCATION = { protocol: 'https:', hostname: HOST, host: HOST };
const TIMEOUT_MS = 15_000;
let made = 0;

/** A name that no other test uses: stores stay in the browser's profile. */
export function freshName(name) {
  made++;
  return `${name}-${Date.now().toString(36)}-${made}`;
}

export class Person {
  events = [];
  conversations = new Map();
  messages = new Map();

  /** @returns {Promise<Person>} with an open engine and no account */
  static async open() {
    const person = new Person();
    localStorage.removeItem('sotto.current');
    person.engine = await openEngine(person.page());
    return person;
  }

  /** @returns {Promise<Person>} signed in with a new account */
  static async create(name) {
    const person = await Person.open();
    person.user = freshName(name);
    await person.engine.createAccount({ user: person.user, password: PASSWORD });
    await person.until(() => person.status === 'connected');
    return person;
  }

  /** The same browser profile after a reload of the page: a new engine on the same store. */
  async reload() {
    this.engine.close();
    localStorage.setItem('sotto.current', this.user);
    const person = new Person();
    person.user = this.user;
    person.engine = await openEngine(person.page());
    return person;
  }

  page() {
    return { onEvent: event => this.take(event), location: LOCATION, bundle: null };
  }

  take(event) {
    this.events.push(event);
    if (event.type === 'connection') this.status = event.status;
    if (event.type === 'account') this.phase = event.phase;
    if (event.type === 'conversation') this.keep(event.conversation);
    if (event.type === 'conversations') event.list.forEach(row => this.keep(row));
    if (event.type === 'messages') this.merge(event.upserts);
  }

  keep(conversation) {
    this.conversations.set(conversation.id, conversation);
  }

  merge(upserts) {
    for (const message of upserts) {
      if (message.removed) this.messages.delete(message.id);
      else this.messages.set(message.id, message);
    }
  }

  /** Messages in display order, as events told them. */
  get timeline() {
    return [...this.messages.values()].sort((left, right) => left.ordinal - right.ordinal);
  }

  get texts() {
    return this.timeline.map(({ text }) => text);
  }

  get alarms() {
    return this.events.filter(({ type }) => type === 'alarm').map(({ text }) => text);
  }

  close() {
    this.engine.close();
    forgetAccount(this.user);
  }

  async until(condition, what = String(condition)) {
    const end = performance.now() + TIMEOUT_MS;
    while (!condition()) {
      if (performance.now() > end) {
        const shown = JSON.stringify(this.events.slice(-8));
        throw new Error(`${this.user}: never came: ${what}\n${shown}`);
      }
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  }
}
