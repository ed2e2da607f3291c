/**
 * A server in the page, for tests of the client: one that keeps the rules of docs/protocol.md for
 * honest clients, in memory. Tests bend it where a client must notice.
 */

import { base64url, fromBase64url } from '/crypto/bytes.js';
import { sha256 } from '/crypto/encoding.js';
import { bodyDigest, entryHash } from '/crypto/entry-chain.js';
import { ServerConnection, ServerIdentity, installWebSocket } from '../protocol/server-side.js';
import { Failure } from './failure.js';
import { InPageAccounts } from './in-page-accounts.js';
import { InPageFiles } from './in-page-files.js';
import { InPageGroups } from './in-page-groups.js';
import { passTyping } from './in-page-typing.js';
import { ServerDevice, ServerUser } from './in-page-user.js';

const ORDER_KEPT = 32;

export class InPageServer {
  users = new Map();
  accounts = new InPageAccounts(this);
  groups = new InPageGroups(this);
  /** Every frame of a client after it was opened, with the user and device that it came from. */
  seen = [];
  /**
   * Tests replace these: called before a request of a device is handled (null if it is the first
   * of a connection), and before an entry is pushed.
   */
  onRequest = async () => {};
  onPush = entry => entry;
  isDown = false;
  #ends = new Set();

  static async start(host) {
    const server = new InPageServer();
    server.identity = await ServerIdentity.create(host);
    server.files = new InPageFiles(server, host);
    installWebSocket(end => server.#accept(end));
    return server;
  }

  /** All connections break, and none can be made until `up`. */
  down() {
    this.isDown = true;
    for (const end of this.#ends) end.close(1006);
    this.#ends.clear();
  }

  /** It is there again, and its people need not wait until they try again by themselves. */
  up() {
    this.isDown = false;
    dispatchEvent(new Event('online'));
  }

  frames(type, user) {
    return this.seen.filter(({ frame, from }) => frame.type === type && (!user || from === user))
      .map(({ frame }) => frame);
  }

  async #accept(end) {
    if (this.isDown) return end.close(1006);
    this.#ends.add(end);
    const hello = await this.identity.hello({ time: Date.now() + this.groups.ahead });
    const connection = new ServerConnection(this.identity, hello, end);
    let last = Promise.resolve();
    end.onMessage = bytes => {
      last = last.then(() => this.#take(connection, bytes));
    };
    end.onClose = () => {
      const { device } = connection;
      if (device?.connection === connection) device.connection = null;
    };
    return end.deliver(hello);
  }

  async #take(connection, bytes) {
    if (connection.device) await this.#later(connection, await connection.open(bytes));
    else if (connection.linking) await this.#link(connection, await connection.open(bytes));
    else await this.#first(connection, bytes);
  }

  async #first(connection, bytes) {
    const frame = await connection.acceptFirst(bytes);
    this.seen.push({ frame, from: frame.user });
    const nonce = frame.nonce + 1;
    try {
      await this.onRequest(frame, null);
      const reply = await this[`_${frame.type}`](frame);
      if (reply instanceof ServerDevice) {
        await connection.replyFirst({ ...reply.signedIn(), nonce });
        this.#begin(connection, reply);
      } else {
        connection.linking = frame;
        await connection.replyFirst({ ...reply, nonce });
      }
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      await connection.replyFirst({ ...failure.frame, nonce });
      connection.socket.close(1000);
    }
  }

  #begin(connection, device) {
    device.connection?.socket.close(4409);
    device.connection = connection;
    device.lastSeen = Date.now();
    connection.device = device;
    connection.pushed = device.cursor;
    connection.groupsPushed = new Map();
    this.accounts.tell(device);
    this.pushTo(device);
    this.groups.push(device);
  }

  /** A connection that was told `linking` may link, and nothing else. */
  async #link(connection, frame) {
    const first = connection.linking;
    this.seen.push({ frame, from: first.user });
    const nonce = frame.nonce + 1;
    try {
      const bent = await this.onRequest(frame, null);
      if (bent === 'no answer') return;
      if (frame.type === 'ping') return await connection.reply({ type: 'pong', nonce });
      if (frame.type !== 'link') throw new Failure('unknown-type');
      const device = await this.accounts.link(frame, this.user(first.user), first);
      const others = [...device.account.devices.values()].filter(other => other !== device);
      for (const other of others) this.accounts.tell(other);
      await connection.reply({ ...device.signedIn(), nonce });
      this.#begin(connection, device);
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      await connection.reply({ ...failure.frame, nonce });
    }
    return undefined;
  }

  async #later(connection, frame) {
    const { device } = connection;
    this.seen.push({ frame, from: device.user, device });
    const nonce = frame.nonce + 1;
    try {
      const bent = await this.onRequest(frame, device);
      if (bent === 'no answer') return;
      const reply = bent ?? await this[`_${frame.type}`](frame, device);
      if (reply) await connection.reply({ ...reply, nonce });
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      await connection.reply({ ...failure.frame, nonce });
    }
  }

  async _register(frame) {
    if (this.users.has(frame.user)) throw new Failure('name-taken');
    const before = await this.accounts.checkFirst(frame);
    const user = new ServerUser(frame);
    await user.start(before);
    this.users.set(frame.user, user);
    const device = user.addDevice(frame);
    device.renewToken();
    return device;
  }

  async _login({ user: name, authSecret, deviceId }) {
    const user = this.users.get(name);
    if (user?.authSecret !== authSecret) throw new Failure('sign-in-failed');
    this.#checkRevoked(user, deviceId);
    const device = user.devices.get(deviceId);
    if (!device) return this.accounts.linking(user);
    device.renewToken();
    return device;
  }

  async _recover({ user: name, recoverySecret, deviceId }) {
    const user = this.users.get(name);
    if (!user) throw new Failure('sign-in-failed');
    user.prove({ recoverySecret });
    this.#checkRevoked(user, deviceId);
    return this.accounts.linking(user, user.recovery.vault);
  }

  async _resume({ user: name, token, deviceId }) {
    const user = this.users.get(name);
    if (user) this.#checkRevoked(user, deviceId);
    const device = user?.devices.get(deviceId);
    if (!device || device.token !== token) throw new Failure('token-refused');
    return device;
  }

  #checkRevoked({ revoked, deviceList }, deviceId) {
    if (revoked.has(deviceId)) throw new Failure('device-revoked', { deviceList });
  }

  async _devices({ user }) {
    return { type: 'device-list', deviceList: this.user(user).deviceList };
  }

  async _keys({ user: name }, asker) {
    const { deviceList, devices } = this.user(name);
    const keys = [...devices.values()].filter(({ signedPrekey }) => signedPrekey)
      .map(device => device.keysFor(asker.deviceId));
    return { type: 'key-bundle', deviceList, keys };
  }

  async _send({ to, n, deviceListVersion, messageId, copies }, sender) {
    const user = this.user(to);
    const { deviceList, devices } = user;
    const expected = [...devices.keys()].filter(id => id !== sender.deviceId);
    if (expected.length === 0) throw new Failure('bad-frame');
    const isCurrent = deviceListVersion === deviceList.version
      && copies.length === expected.length
      && expected.every(id => copies.some(({ device }) => device === id));
    if (!isCurrent) throw new Failure('devices-changed', { deviceList });
    const sends = user.sends.get(sender.deviceId) ?? { n: 0, answers: new Map() };
    user.sends.set(sender.deviceId, sends);
    if (n <= sends.n) return sends.answers.get(n);
    if (n !== sends.n + 1) throw new Failure('out-of-order', { expected: sends.n + 1 });
    const answer = await this.#append(user, sender, n, messageId, copies);
    sends.n = n;
    sends.answers.set(n, answer);
    sends.answers.delete(n - ORDER_KEPT);
    this.push(user);
    return answer;
  }

  async _online({ prefix = '', after = '' }, asker) {
    const isHere = ({ devices }) => [...devices.values()].some(({ connection }) => connection);
    const users = [...this.users.values()]
      .filter(one => isHere(one) && one.user !== asker.user
        && one.visibility === 'all' && one.user.startsWith(prefix) && one.user > after)
      .map(({ user }) => user).sort();
    return { type: 'online-users', users, more: false };
  }

  async _visibility({ visibility }, { account }) {
    account.visibility = visibility;
    return { type: 'done' };
  }

  async _prekeys({ replace, prekeys }, device) {
    device.putPrekeys(prekeys, replace);
    return { type: 'done' };
  }

  async '_sign-out'(_, device) {
    device.token = null;
    return { type: 'done' };
  }

  async _ping() {
    return { type: 'pong' };
  }

  async _ack({ items }, device) {
    for (const item of items) {
      if (item.kind === 'group') this.groups.acknowledge(item, device);
      else this.#acknowledge(item, device);
    }
    return null;
  }

  #acknowledge({ sequenceNr, hash }, device) {
    if (hash !== base64url(device.account.hashes[sequenceNr])) throw new Failure('ack-refused');
    device.cursor = Math.max(device.cursor, sequenceNr);
  }

  async _vault(frame, device) {
    return this.accounts.vault(frame, device);
  }

  async '_account-change'(frame, device) {
    return this.accounts.change(frame, device);
  }

  async '_own-devices'(_, device) {
    return this.accounts.ownDevices(device);
  }

  async '_reset-ask'(_, device) {
    return this.accounts.askReset(device);
  }

  async '_reset-cancel'(frame, device) {
    return this.accounts.cancelReset(frame, device);
  }

  async '_delete-account'(frame, device) {
    return this.accounts.remove(frame, device);
  }

  async _sync(_, device) {
    return this.accounts.sync(device);
  }

  async '_sync-put'(frame, device) {
    return this.accounts.putSync(frame, device);
  }

  async '_archive-state'(_, { account }) {
    return account.archive.state;
  }

  async '_archive-append'(frame, { account }) {
    return account.archive.append(frame);
  }

  async '_archive-page'(frame, { account }) {
    return account.archive.page(frame);
  }

  async '_archive-drop'(_, { account }) {
    return account.archive.drop();
  }

  async '_file-ask'(frame, device) {
    return this.files.ask(frame, device);
  }

  async '_file-drop'(frame, device) {
    return this.files.drop(frame, device);
  }

  async _typing(frame, sender) {
    return passTyping(this, frame, sender);
  }

  async '_group-append'(frame, sender) {
    return this.groups.append(frame, sender);
  }

  async '_group-keys'(frame, asker) {
    return this.groups.keys(frame, asker);
  }

  async '_group-seen'(frame, asker) {
    return this.groups.seen(frame, asker);
  }

  async _follow(frame, asker) {
    return this.groups.follow(frame, asker);
  }

  user(name) {
    if (!this.users.has(name)) throw new Failure('unknown-user');
    return this.users.get(name);
  }

  async #append(user, sender, n, messageId, copies) {
    const bodies = await Promise.all(copies.map(async ({ device, ciphertext }) =>
      ({ device, digest: await sha256(fromBase64url(ciphertext)) })));
    bodies.sort((left, right) => left.device < right.device ? -1 : 1);
    const sequenceNr = user.entries.length + 1;
    const entry = {
      kind: 'inbox', owner: user.user, generation: user.generation, sequenceNr,
      time: Date.now() + sequenceNr, entryKind: 'message', fromUser: sender.user,
      fromDevice: sender.deviceId, messageId: fromBase64url(messageId), bodies,
    };
    entry.hash = await entryHash(user.hashes.at(-1), entry);
    const ciphertexts = new Map(copies.map(({ device, ciphertext }) =>
      [device, fromBase64url(ciphertext)]));
    entry.ciphertext = ciphertexts.get(user.deviceId);
    user.copies.set(sequenceNr, ciphertexts);
    user.entries.push(entry);
    user.hashes.push(entry.hash);
    const digest = await bodyDigest(bodies);
    return { type: 'accepted', n, sequenceNr, time: entry.time, hash: entry.hash, digest };
  }

  /** Pushes what the devices of the user have not had. */
  push({ devices }) {
    for (const device of devices.values()) this.pushTo(device);
  }

  async pushTo(device) {
    const { connection, account } = device;
    if (!connection || connection.pushing) return;
    connection.pushing = true;
    while (device.connection === connection && connection.pushed < account.entries.length) {
      const bent = this.onPush(account.entryFor(device, connection.pushed + 1));
      connection.pushed++;
      await connection.push(bent.copyTime === undefined ? 'entry' : 'restored', bent);
    }
    connection.pushing = false;
    if (connection.caughtUp) return;
    connection.caughtUp = true;
    await connection.push('caught-up', account.logPoint(account.entries.length));
  }
}
