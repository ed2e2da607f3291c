/**
 * A server in the page, for tests of the client: one that keeps the rules of docs/protocol.md for
 * honest clients, in memory. Tests bend it where a client must notice.
 */

import { base64url, fromBase64url, randomBytes } from '/crypto/bytes.js';
import { sha256 } from '/crypto/encoding.js';
import { FIRST_GENERATION, bodyDigest, entryHash, logStart } from '/crypto/entry-chain.js';
import { deviceListHash } from '/crypto/statements.js';
import { encodeJson, parseDeviceList } from '/protocol/frames.js';
import { ServerConnection, ServerIdentity, installWebSocket } from '../protocol/server-side.js';
import { Failure } from './failure.js';
import { InPageGroups } from './in-page-groups.js';

const ORDER_KEPT = 32;

class ServerUser {
  oneTimePrekeys = new Map();
  /** By asking device: the same one gets the same prekey for a while. */
  given = new Map();
  entries = [];
  /** Of the last entry. */
  generation = FIRST_GENERATION;
  cursor = 0;
  /** By group: the number of the last entry that was acknowledged. */
  groupCursors = new Map();
  connection = null;
  visibility = 'all';
  /** By sender's device: {n, digests}. */
  sends = new Map();

  constructor(frame) {
    const { user, authSecret, deviceId, deviceKey, deviceList } = frame;
    Object.assign(this, { user, authSecret, deviceId, deviceKey, deviceList });
  }

  async start() {
    this.listHash = await deviceListHash(parseDeviceList(encodeJson(this.deviceList)));
    this.hashes = [await logStart('inbox', this.user, FIRST_GENERATION)];
  }

  putPrekeys(prekeys, replace) {
    if (replace) this.oneTimePrekeys.clear();
    for (const prekey of prekeys) {
      if (prekey.kind === 'signed') this.signedPrekey = prekey;
      else this.oneTimePrekeys.set(prekey.id, prekey);
    }
  }

  point(sequenceNr) {
    return { sequenceNr, hash: this.hashes[sequenceNr] };
  }

  logPoint(sequenceNr) {
    const { generation } = this.entries[sequenceNr - 1] ?? { generation: FIRST_GENERATION };
    return { kind: 'inbox', owner: this.user, generation, ...this.point(sequenceNr) };
  }

  signedIn() {
    return {
      type: 'signed-in', token: this.token, tokenExpiresAt: Date.now() + 1e9,
      inbox: {
        generation: this.generation, cursor: this.point(this.cursor),
        head: this.point(this.entries.length),
      },
      deviceListVersion: this.deviceList.version, deviceListHash: this.listHash,
      signedPrekeyId: this.signedPrekey.id, oneTimePrekeyIds: [...this.oneTimePrekeys.keys()],
      visibility: this.visibility,
    };
  }
}

export class InPageServer {
  users = new Map();
  groups = new InPageGroups(this);
  /** Every frame of a client after it was opened, with the user it came from. */
  seen = [];
  /** Tests replace these: called before a request is handled, and before an entry is pushed. */
  onRequest = async () => {};
  onPush = entry => entry;
  isDown = false;
  #ends = new Set();

  static async start(host) {
    const server = new InPageServer();
    server.identity = await ServerIdentity.create(host);
    installWebSocket(end => server.#accept(end));
    return server;
  }

  /** All connections break, and none can be made until `up`. */
  down() {
    this.isDown = true;
    for (const end of this.#ends) end.close(1006);
    this.#ends.clear();
  }

  up() {
    this.isDown = false;
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
    let user = null;
    end.onMessage = bytes => {
      last = last.then(async () => {
        if (user) await this.#later(connection, user, await connection.open(bytes));
        else user = await this.#first(connection, bytes, end);
      });
    };
    end.onClose = () => { if (user?.connection === connection) user.connection = null; };
    return end.deliver(hello);
  }

  async #first(connection, bytes, end) {
    const frame = await connection.acceptFirst(bytes);
    this.seen.push({ frame, from: frame.user });
    const nonce = frame.nonce + 1;
    try {
      await this.onRequest(frame, null);
      const user = await this[`_${frame.type}`](frame);
      await connection.replyFirst({ ...user.signedIn(), nonce });
      user.connection?.socket.close(4409);
      user.connection = connection;
      connection.pushed = user.cursor;
      connection.groupsPushed = new Map();
      this.push(user);
      this.groups.push(user);
      return user;
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      await connection.replyFirst({ ...failure.frame, nonce });
      end.close(1000);
      return null;
    }
  }

  async #later(connection, user, frame) {
    this.seen.push({ frame, from: user.user });
    const nonce = frame.nonce + 1;
    try {
      const bent = await this.onRequest(frame, user);
      if (bent === 'no answer') return;
      const reply = bent ?? await this[`_${frame.type}`](frame, user, connection);
      if (reply) await connection.reply({ ...reply, nonce });
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      await connection.reply({ ...failure.frame, nonce });
    }
  }

  async _register(frame) {
    if (this.users.has(frame.user)) throw new Failure('name-taken');
    const user = new ServerUser(frame);
    await user.start();
    user.putPrekeys(frame.prekeys, true);
    this.users.set(frame.user, user);
    user.token = base64url(randomBytes(32));
    return user;
  }

  async _login({ user: name, authSecret, deviceId }) {
    const user = this.users.get(name);
    if (user?.authSecret !== authSecret) throw new Failure('sign-in-failed');
    if (user.deviceId !== deviceId) throw new Failure('unknown-device');
    user.token = base64url(randomBytes(32));
    return user;
  }

  async _resume({ user: name, token }) {
    const user = this.users.get(name);
    if (user?.token !== token) throw new Failure('token-refused');
    return user;
  }

  async _devices({ user }) {
    return { type: 'device-list', deviceList: this.user(user).deviceList };
  }

  async _keys({ user: name }, asker) {
    const { deviceList, deviceId, signedPrekey, oneTimePrekeys, given } = this.user(name);
    const oneTimePrekey = given.get(asker.deviceId) ?? oneTimePrekeys.values().next().value;
    given.set(asker.deviceId, oneTimePrekey);
    const keys = { device: deviceId, signedPrekey };
    if (oneTimePrekey) {
      oneTimePrekeys.delete(oneTimePrekey.id);
      keys.oneTimePrekey = oneTimePrekey;
    }
    return { type: 'key-bundle', deviceList, keys: [keys] };
  }

  async _send({ to, n, deviceListVersion, messageId, copies }, sender) {
    const user = this.user(to);
    const isCurrent = deviceListVersion === user.deviceList.version
      && copies.every(({ device }) => device === user.deviceId);
    if (!isCurrent) {
      throw new Failure('devices-changed', { deviceList: user.deviceList });
    }
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
    const users = [...this.users.values()]
      .filter(({ user, connection, visibility }) => connection && user !== asker.user
        && visibility === 'all' && user.startsWith(prefix) && user > after)
      .map(({ user }) => user).sort();
    return { type: 'online-users', users, more: false };
  }

  async _visibility({ visibility }, user) {
    user.visibility = visibility;
    return { type: 'done' };
  }

  async _prekeys({ replace, prekeys }, user) {
    user.putPrekeys(prekeys, replace);
    return { type: 'done' };
  }

  async '_sign-out'(_, user) {
    user.token = null;
    return { type: 'done' };
  }

  async _ping() {
    return { type: 'pong' };
  }

  async _ack({ items }, user) {
    for (const item of items) {
      if (item.kind === 'group') this.groups.acknowledge(item, user);
      else this.#acknowledge(item, user);
    }
    return null;
  }

  #acknowledge({ sequenceNr, hash }, user) {
    if (hash !== base64url(user.hashes[sequenceNr])) throw new Failure('ack-refused');
    user.cursor = Math.max(user.cursor, sequenceNr);
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
    const sequenceNr = user.entries.length + 1;
    const entry = {
      kind: 'inbox', owner: user.user, generation: user.generation, sequenceNr,
      time: Date.now() + sequenceNr, entryKind: 'message', fromUser: sender.user, fromDevice: sender.deviceId,
      messageId: fromBase64url(messageId), bodies,
      ciphertext: fromBase64url(copies.find(({ device }) => device === user.deviceId).ciphertext),
    };
    entry.hash = await entryHash(user.hashes.at(-1), entry);
    user.entries.push(entry);
    user.hashes.push(entry.hash);
    const digest = await bodyDigest(bodies);
    return { type: 'accepted', n, sequenceNr, time: entry.time, hash: entry.hash, digest };
  }

  /** Pushes what the user's connection has not had. */
  async push(user) {
    const { connection } = user;
    if (!connection || connection.pushing) return;
    connection.pushing = true;
    while (user.connection === connection && connection.pushed < user.entries.length) {
      const entry = this.onPush(user.entries[connection.pushed]);
      connection.pushed++;
      await connection.push(entry.copyTime === undefined ? 'entry' : 'restored', entry);
    }
    connection.pushing = false;
    if (connection.caughtUp) return;
    connection.caughtUp = true;
    await connection.push('caught-up', user.logPoint(user.entries.length));
  }
}
