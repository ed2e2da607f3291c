/**
 * People with several devices in groups: the client's own parts from the store to the frames of
 * groups, one set for each device, and the groups of the server in the page. What the engine does
 * for accounts, tests do here by hand: they make lists of devices and tell each device of them.
 */

import { base64url, fromUtf8, hex, randomBytes } from '/crypto/bytes.js';
import { Contacts } from '/client/contacts.js';
import { Conversations } from '/client/conversations.js';
import { Groups } from '/client/groups.js';
import { News } from '/client/news.js';
import { createPrekeys } from '/client/prekeys.js';
import { Turn } from '/client/turn.js';
import { WAITING_STORES, allWaiting } from '/client/waiting.js';
import { generateSigningKeyPair } from '/crypto/ed25519.js';
import { FIRST_GENERATION, logStart } from '/crypto/entry-chain.js';
import { SUITE_X25519 } from '/crypto/hpke.js';
import { deviceListHash, signAccountChange, signDeviceList } from '/crypto/statements.js';
import { ConnectionLost, RequestRefused } from '/protocol/connection.js';
import { encodeJson, parseServerFrame } from '/protocol/frames.js';
import { AccountStore } from '/store/account-store.js';
import { test } from '../harness.js';
import { Failure } from './failure.js';
import { InPageGroups } from './in-page-groups.js';
import { HOST, Person, freshName, until } from './people.js';

const MESSAGES_MAX = 1_000;

const opened = [];

/** A test after which no device of it is left. */
export function scenario(name, run) {
  test(name, async () => {
    try {
      await run(new World());
    } finally {
      for (const device of opened.splice(0)) device.erase();
    }
  });
}

class World {
  /** What the server in the page knows, by name. */
  users = new Map();
  groups = new InPageGroups(this);
  /** Tests replace this: called with each request and who asks. */
  onRequest = async () => {};

  /** @returns {Promise<Owner>} with one device, connected */
  async person(name) {
    const owner = new Owner(this, freshName(name), await generateSigningKeyPair());
    await owner.link();
    return owner;
  }

  async handle(type, fields, record) {
    await this.onRequest({ type, ...fields }, record);
    switch (type) {
      case 'group-append': return this.groups.append(fields, record);
      case 'group-keys': return this.groups.keys(fields, record);
      case 'group-seen': return this.groups.seen(fields, record);
      case 'follow': return this.groups.follow(fields, record);
      case 'keys': return this.#keysOf(fields);
      default: throw new Failure('unknown-type');
    }
  }

  #keysOf({ user }) {
    const { deviceList, devices } = this.users.get(user);
    const keys = [...devices.values()].map(({ deviceId, signedPrekey }) =>
      ({ device: deviceId, signedPrekey }));
    return { type: 'key-bundle', deviceList, keys };
  }
}

/** Somebody with an account key in hand. */
export class Owner {
  devices = [];
  list = null;

  constructor(world, user, accountKey) {
    Object.assign(this, { world, user, accountKey });
    world.users.set(user, { devices: new Map() });
  }

  /** One more device, told of by nobody but the server. @returns {Promise<Device>} connected */
  async link() {
    const device = await Device.create(this);
    this.world.users.get(this.user).devices.set(device.record.deviceId, device.record);
    this.devices.push(device);
    await this.take([...this.list?.devices ?? [], device.listed]);
    device.connect();
    return device;
  }

  /** A device is out of the list; its connection has ended. */
  async drop(gone) {
    gone.disconnect();
    this.world.users.get(this.user).devices.delete(gone.record.deviceId);
    this.devices = this.devices.filter(device => device !== gone);
    await this.take(this.list.devices.filter(({ id }) => id !== gone.record.deviceId));
  }

  /** Another account key, as a device announces it. */
  async changeKey(by) {
    const accountKey = await generateSigningKeyPair();
    const from = this.accountKey.publicKey;
    const change = { serverHost: HOST, user: this.user, from, to: accountKey.publicKey };
    const signature = await signAccountChange(by.self.devicePrivateKey, change);
    this.accountKey = accountKey;
    await this.take(this.list.devices, { device: by.record.deviceId, signature });
  }

  /** The next list, which the server and all devices have now. */
  async take(devices, keyChange) {
    this.list = await this.next(devices, keyChange);
    this.world.users.get(this.user).deviceList =
      JSON.parse(fromUtf8(encodeJson(this.list)));
    const listHash = await deviceListHash(this.list);
    for (const device of this.devices) device.know(this.list, listHash);
  }

  async next(devices, keyChange = this.list?.keyChange) {
    const { user, list, accountKey } = this;
    const prevHash = list ? await deviceListHash(list) : new Uint8Array(32);
    const made = {
      user, serverHost: HOST, version: (list?.version ?? 0) + 1, prevHash,
      accountKey: accountKey.publicKey, devices,
    };
    const signature = await signDeviceList(accountKey.privateKey, made);
    return { ...made, signature, ...keyChange && { keyChange } };
  }
}

/** One browser of somebody, with a store of its own. */
export class Device extends Person {
  static async create(owner) {
    const device = new Device();
    const { user } = owner;
    const deviceId = hex(randomBytes(16));
    const keyPair = await generateSigningKeyPair();
    const prekeys = await createPrekeys(keyPair.privateKey, { user, deviceId }, 1, true, 1);
    const store = await AccountStore.create(`${user}@${deviceId}`, {
      meta: {}, device: keyPair, prekeys: prekeys.map(({ row }) => row),
    });
    // Two devices of one person meet in no store, but know the same name.
    device.name = store.user;
    store.user = user;
    const start = { sequenceNr: 0, hash: await logStart('inbox', user, FIRST_GENERATION) };
    const signedPrekey = JSON.parse(fromUtf8(encodeJson(prekeys[0].prekey)));
    Object.assign(device, {
      user, owner, store,
      record: { user, deviceId, signedPrekey, groupCursors: new Map(), connection: null },
      listed: {
        id: deviceId, signKey: keyPair.publicKey, suites: [SUITE_X25519], addedAt: Date.now(),
        inboxStart: start,
      },
      self: {
        user, serverHost: HOST, deviceId, devicePrivateKey: keyPair.privateKey,
        deviceKey: keyPair.publicKey,
      },
    });
    device.open();
    opened.push(device);
    return device;
  }

  /** The client's parts on what is stored: the first time, or after a reload. */
  open() {
    const { store, self, owner: { world } } = this;
    const news = new News(store, event => this.take(event));
    const parts = { store, self, news, contacts: new Contacts(store, self, news), turn: new Turn() };
    const request = (type, fields) => this.request(type, fields);
    this.groups = new Groups(parts, request, error => { throw error; }, event => this.take(event));
    this.writing = new Conversations(store, news);
    this.world = world;
  }

  know(list, listHash) {
    Object.assign(this.self, { deviceList: list, listHash });
    if (this.record.connection) this.groups.ownListChanged();
  }

  async request(type, fields) {
    const { connection } = this.record;
    if (!connection) throw new ConnectionLost();
    const asked = JSON.parse(fromUtf8(encodeJson(fields)));
    try {
      const reply = await this.world.handle(type, asked, this.record);
      return parseServerFrame(encodeJson({ nonce: 1, ...reply }));
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      throw new RequestRefused({ nonce: 1, ...failure.frame });
    }
  }

  connect() {
    const connection = {
      groupsPushed: new Map(), push: (type, fields) => this.hear(connection, type, fields),
    };
    this.record.connection = connection;
    const { groups } = this.world;
    this.groups.begin({ serverTime: () => Date.now() + groups.ahead }, {
      stored: (_, { owner, sequenceNr, hash }) =>
        groups.acknowledge({ owner, sequenceNr, hash: base64url(hash) }, this.record),
      caughtUp() {},
    }, FIRST_GENERATION);
    this.groups.setConnected(true);
    this.kick();
    groups.push(this.record);
  }

  async hear(connection, type, fields) {
    if (this.record.connection !== connection) return;
    this.heard ??= [];
    const frame = parseServerFrame(encodeJson({ type, nonce: 2, ...fields }));
    this.heard.push(frame);
    await this.groups.push(frame);
  }

  disconnect() {
    this.record.connection = null;
    this.groups.setConnected(false);
  }

  /** A new page on the same store; nothing of the old one goes on. */
  async reload() {
    this.disconnect();
    this.groups.stop();
    this.store.close();
    this.store = await AccountStore.open(this.name);
    this.store.user = this.user;
    this.open();
    this.messages.clear();
    for (const id of this.conversations.keys()) {
      this.merge(await this.writing.load(id, { limit: MESSAGES_MAX }));
    }
    this.connect();
  }

  erase() {
    this.disconnect();
    this.groups.stop();
    this.store.close();
    AccountStore.erase(this.name);
  }

  /** @returns {Promise<string>} the id of the message's row */
  async send(id, text) {
    const message = await this.writing.send(id, text);
    await this.kick();
    return message;
  }

  /** As the leading tab does. */
  async kick() {
    const { targets, changing } = await this.store.read(WAITING_STORES, allWaiting);
    this.groups.startAll(targets, changing);
  }

  command(name, asked) {
    return this.groups.commands[name](asked);
  }

  group(id) {
    return this.conversations.get(id)?.group;
  }
}

/** A group of the first person, in which all others have accepted. @returns {Promise<string>} */
export async function groupOf([first, ...others]) {
  const [founder] = first.devices;
  const id = await founder.command('createGroup', { name: 'Climbing' });
  if (others.length > 0) {
    const users = others.map(({ user }) => user);
    await founder.command('inviteMembers', { conversation: id, users });
    for (const { devices: [device] } of others) {
      await device.until(() => device.group(id)?.status === 'invited', 'the invitation');
      await device.command('acceptInvitation', { conversation: id });
    }
  }
  return id;
}

/** The log of a group's conversation on the server. */
export function logOf({ groups }, id) {
  return groups.logs.get(id.slice('group:'.length));
}

/** Every device shows these texts, in this order. */
export async function allShow(devices, texts) {
  const shown = device => JSON.stringify(device.texts);
  const expected = JSON.stringify(texts);
  await until(() => devices.every(device => shown(device) === expected),
    `${expected} instead of ${devices.map(shown).join(' and ')}`);
}
