/** Devices of one user around one archive, without what else an engine does. */

import { createOwnKey } from '/crypto/own-keys.js';
import { generateSigningKeyPair } from '/crypto/ed25519.js';
import { hex, randomBytes } from '/crypto/bytes.js';
import { generateKeyPair } from '/crypto/x25519.js';
import { Archive, pace } from '/client/archive.js';
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

/** A second look comes only in the test that asks for it: tests say when a device looks. */
const NEVER_MS = 1e9;

Object.assign(pace, { waitMs: 1, jitterMs: 5, lookMs: NEVER_MS, retryMs: 10 });

const BEGUN_AT = 1_750_000_000_000;
const open = [];
let made = 0;

/** The devices of a user, and what they share. */
export class Household {
  user = 'alice';
  server = new InPageArchive();
  ownKeys = [createOwnKey(1)];
  sync = { on: true, nr: 0 };
  generation = 1;
  /** Called with each request; what it gives is answered instead. */
  bend = () => undefined;
  clock = BEGUN_AT;

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
  mayWrite = true;
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
        mayWrite: async () => this.mayWrite,
        archive: async () => ({ ...this.household.sync }),
        put: async () => {
          const { on, seen } = await this.row();
          this.household.sync = { on, nr: seen };
        },
      },
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
