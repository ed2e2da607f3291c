/** People with engines, as tests of the client use them. */

import { openEngine } from '/client/engine.js';
import { AccountStore } from '/store/account-store.js';
import { forgetAccount, leaveAccount, rememberAccount } from '/store/known-accounts.js';
import './quick-passwords.js';
import './quick-prekeys.js';
import './quick-timers.js';
import { test } from '../harness.js';
import { InPageServer } from './in-page-server.js';
import { inProfile } from './profiles.js';

export const HOST = 'chat.example';
export const PASSWORD = 'correct horse battery staple of tests';

const LOCATION = { protocol: 'https:', hostname: HOST, host: HOST };
const TIMEOUT_MS = 60_000;
/** To look is work, too, often in the database. */
const LOOK_MS = 20;
const opened = [];
let made = 0;

/** A name that no other test uses: stores stay in the browser's profile. */
export function freshName(name) {
  made++;
  return `${name}-${Date.now().toString(36)}-${made}`;
}

/** A test after which nobody of it is left: pages of other tests share the browser's profile. */
export function scenario(name, run) {
  test(name, async () => {
    try {
      await run();
    } finally {
      for (const person of opened.splice(0)) {
        person.engine.close();
        if (person.user) await inProfile(person.profile, () => forgetAccount(person.user));
      }
    }
  });
}

/** A server, and two people of whom the first has the conversation open. */
export async function pair() {
  const server = await InPageServer.start(HOST);
  const [alice, bob] = [await Person.create('alice'), await Person.create('bob')];
  const id = await alice.engine.startConversation(bob.user);
  return { server, alice, bob, id };
}

/** Waits for a condition that nothing tells. */
export async function until(condition, what = String(condition)) {
  const end = performance.now() + TIMEOUT_MS;
  while (!await condition()) {
    if (performance.now() > end) throw new Error(`never came: ${what}`);
    await new Promise(resolve => setTimeout(resolve, LOOK_MS));
  }
}

/** Everything that an account keeps in this browser, by object store: [key, row] pairs. */
export async function dump(user) {
  const store = await AccountStore.open(user);
  const names = ['meta', 'keys', 'prekeys', 'openings', 'chain', 'contacts', 'conversations',
    'messages', 'outbox', 'sessions', 'standings', 'ownLists', 'ownKeys', 'earlyReceipts', 'groups',
    'groupChain', 'operations', 'acknowledgements', 'acknowledgedLogs', 'files', 'filePieces',
    'typingKeys'];
  const all = await store.read(names, async stores => {
    const found = {};
    for (const name of names) found[name] = await pairs(stores[name]);
    return found;
  });
  store.close();
  return all;
}

/** Puts an account back to what `dump` gave. */
export async function restore(user, dumped) {
  const store = await AccountStore.open(user);
  await store.write(Object.keys(dumped), stores => {
    for (const [name, rows] of Object.entries(dumped)) {
      stores[name].clear();
      for (const [key, row] of rows) stores[name].put(row, stores[name].keyPath ? undefined : key);
    }
  });
  store.close();
}

function pairs(objectStore) {
  return new Promise((resolve, reject) => {
    const found = [];
    const cursors = objectStore.openCursor();
    cursors.onerror = () => reject(cursors.error);
    cursors.onsuccess = () => {
      if (!cursors.result) return resolve(found);
      found.push([cursors.result.key, cursors.result.value]);
      return cursors.result.continue();
    };
  });
}

export class Person {
  events = [];
  conversations = new Map();
  messages = new Map();

  /** @returns {Promise<Person>} with an open engine and no account, or the one that is signed in */
  static async open(user, profile = '') {
    const person = new Person();
    person.user = user;
    person.profile = profile;
    await inProfile(profile, async () => {
      if (user) rememberAccount(user);
      else leaveAccount();
      person.engine = await openEngine(person.page());
    });
    opened.push(person);
    return person;
  }

  /** @returns {Promise<Person>} signed in with a new account */
  static async create(name) {
    const person = await Person.open();
    person.user = freshName(name);
    await person.engine.createAccount({ user: person.user, password: PASSWORD });
    await person.until(() => person.status === 'connected');
    // People of tests write to each other out of nowhere.
    await person.engine.setOpenToAll(true);
    return person;
  }

  /** The same browser profile after a reload of the page: a new engine on the same store. */
  reload() {
    this.engine.close();
    return Person.open(this.user, this.profile);
  }

  /** Another tab of the same browser. */
  tab() {
    return Person.open(this.user, this.profile);
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
    if (event.type === 'messages-gone') event.ids.forEach(id => this.messages.delete(id));
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
    return this.timeline.filter(({ kind }) => kind !== 'notice').map(({ text }) => text);
  }

  get alarms() {
    return this.events.filter(({ type }) => type === 'alarm').map(({ text }) => text);
  }

  async until(condition, what = String(condition)) {
    try {
      await until(condition, what);
    } catch (error) {
      const shown = this.events.slice(-8).map(event => JSON.stringify(event)).join('\n');
      throw new Error(`${this.user}: ${error.message}\n${shown}`);
    }
  }

  close() {
    this.engine.close();
    forgetAccount(this.user);
  }
}
