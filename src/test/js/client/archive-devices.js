/** Devices of one user around one archive, without what else an engine does. */

import { createOwnKey } from '/crypto/own-keys.js';
import { generateSigningKeyPair } from '/crypto/ed25519.js';
import { hex, randomBytes } from '/crypto/bytes.js';
import { generateKeyPair } from '/crypto/x25519.js';
import { Archive } from '/client/archive.js';
import { Search } from '/client/search.js';
import { ConnectionLost, RequestRefused } from '/protocol/connection.js';
import { AccountStore } from '/store/account-store.js';
import {
  CONVERSATION_STORES, addMessage, conversationOf, messagePage, messagePlace, rowId,
} from '/store/conversations.js';
import { settle } from '/store/database.js';
import { test } from '../harness.js';
import { Failure } from './failure.js';
import { InPageArchive } from './in-page-archive.js';

const HOUR_MS = 3_600_000;
const BEGUN_AT = 1_750_000_000_000;
const open = [];
let made = 0;

/** Time that stands still until a test says that it passes. */
class Time {
  #now = 0;
  #due = new Set();
  /** What was waited for, in milliseconds. */
  waits = [];

  set(run, ms) {
    const timer = { run, at: this.#now + ms };
    this.#due.add(timer);
    this.waits.push(ms);
    return timer;
  }

  clear(timer) {
    this.#due.delete(timer);
  }

  /** Does what is due then; what that leads to is for the test to wait for. */
  pass(ms = HOUR_MS) {
    this.#now += ms;
    for (const timer of [...this.#due].filter(({ at }) => at <= this.#now)) {
      this.#due.delete(timer);
      timer.run();
    }
  }
}

/** The devices of a user, and what they share. */
export class Household {
  user = 'alice';
  server = new InPageArchive();
  ownKeys = [createOwnKey(1)];
  sync = { on: true, nr: 0 };
  /** Where the archive ended when own keys were made. */
  closed = [];
  generation = 1;
  /** Called with each request; what it gives is answered instead. */
  bend = () => undefined;
  clock = BEGUN_AT;
  time = new Time();

  async device() {
    made++;
    const name = `archive-${Date.now().toString(36)}-${made}`;
    const [device, prekey] = await Promise.all([generateSigningKeyPair(), generateKeyPair()]);
    const store = await AccountStore.create(name, {
      meta: { account: { user: name, deviceList: { accountKey: randomBytes(32), version: 1 } } },
      device, prekeys: [{ id: 1, kind: 'signed', ...prekey }],
    });
    const added = new Device(this, store);
    open.push(added);
    return added;
  }

  /** Everything that a removed device knows is closed to it from now on. */
  newKey() {
    this.ownKeys = [...this.ownKeys, createOwnKey(this.ownKeys.length + 1)];
  }
}

export class Device {
  events = [];
  shown = [];
  isAgreed = true;
  isOnline = true;
  requests = [];

  constructor(household, store) {
    this.household = household;
    this.store = store;
    const deviceId = hex(randomBytes(16));
    this.self = { user: household.user, serverHost: 'chat.example', deviceId };
    this.knownKeys = null;
    this.begin();
  }

  /** A new page on the same store. */
  begin() {
    this.archive?.stop();
    this.archive = new Archive({
      store: this.store,
      self: this.self,
      news: { show: async (_, rows) => { this.shown.push(...rows); } },
      emit: event => this.events.push(event),
      share: {
        ownKeys: async () => this.knownKeys ?? this.household.ownKeys,
        standing: async () => {
          const { length } = this.knownKeys ?? this.household.ownKeys;
          return { hasKeys: length > 0, isAgreed: this.isAgreed };
        },
        archive: async () => ({ ...this.household.sync, closed: this.household.closed }),
        put: async () => {
          const { on, seen } = await this.row();
          this.household.sync = { on, nr: seen };
        },
        putNr: async () => {
          this.household.sync = { ...this.household.sync, nr: (await this.row()).seen };
        },
        kick: () => {},
      },
      clock: this.household.time,
    }, (type, fields) => this.#request(type, fields));
  }

  connect() {
    return this.archive.begin(this.household.generation);
  }

  async #request(type, fields) {
    this.requests.push(type);
    if (!this.isOnline) throw new ConnectionLost();
    const { server, bend } = this.household;
    try {
      const bent = await bend(type, fields, this);
      if (bent) return bent;
      return structuredClone(this.#answer(server, type, fields));
    } catch (error) {
      throw error instanceof Failure ? new RequestRefused(error.frame) : error;
    }
  }

  #answer(server, type, fields) {
    switch (type) {
      case 'archive-append': return server.append(fields);
      case 'archive-page': return server.page(fields);
      case 'archive-drop': return server.drop();
      default: return server.state;
    }
  }

  row() {
    return this.store.meta('archive');
  }

  get state() {
    return this.events.findLast(({ type }) => type === 'archive');
  }

  /** Shows a text that bob wrote, or that alice wrote here. */
  async say(text, { from = 'bob', conversation = conversationOf('alice', 'bob'), id } = {}) {
    const { household } = this;
    household.clock += 1000;
    const messageId = id ?? randomBytes(16);
    const mine = from === household.user;
    const row = {
      conversation, id: rowId(from, messageId), mine, from, device: this.self.deviceId,
      sentAt: household.clock, receivedAt: household.clock, kind: 'text',
      ...mine && { state: 'sent', acceptedAt: household.clock },
    };
    row.sealed = await this.store.sealing.seal(messagePlace(row), text);
    await this.store.write(CONVERSATION_STORES, stores => addMessage(stores, 'bob', row));
    return messageId;
  }

  /** The texts of a conversation in the order in which they are shown. */
  async texts(conversation = conversationOf('alice', 'bob')) {
    const rows = await this.store.read(['messages'],
      stores => messagePage(stores, conversation, Infinity, 10_000));
    return Promise.all(rows.map(row => this.store.sealing.open(messagePlace(row), row.sealed)));
  }

  find(text, page) {
    return new Search(this.store).find(text, page);
  }

  conversation(id = conversationOf('alice', 'bob')) {
    return this.store.read(['conversations'],
      ({ conversations }) => settle(conversations.get(id)));
  }

  async close() {
    this.archive.stop();
    this.store.close();
    await AccountStore.erase(this.store.user);
  }
}

/** `message <first>` and so on, every third of them by alice. */
export async function talk(device, count, first = 0) {
  for (let i = first; i < first + count; i++) {
    await device.say(`message ${i}`, { from: i % 3 === 0 ? 'alice' : 'bob' });
  }
}

/** What `talk` said. */
export function expected(count) {
  return Array.from({ length: count }, (_, i) => `message ${i}`);
}

/** A test after which nothing of its devices is left. */
export function scenario(name, run) {
  test(name, async () => {
    try {
      await run(new Household());
    } finally {
      for (const device of open.splice(0)) await device.close();
    }
  });
}
