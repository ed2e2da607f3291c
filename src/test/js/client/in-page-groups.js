/** The groups of the server in the page: their logs, by the rules of docs/protocol.md §9. */

import { base64url, equal, fromBase64url, randomBytes } from '/crypto/bytes.js';
import { FIRST_GENERATION } from '/crypto/entry-chain.js';
import {
  contentDigest, groupEntryHash, groupStart, signerOf, verifyContent,
} from '/crypto/group-statements.js';
import { Refused } from '/crypto/refused.js';
import { GroupRefused } from '/group/group-refused.js';
import {
  checkPost, commit, confirm, emptyMembership, placeOf, propose, roster,
} from '/group/membership.js';
import { deviceIn, signerIn } from '/group/rights.js';
import { encodeJson, parseServerFrame } from '/protocol/frames.js';
import { Failure } from './failure.js';

const PAGE = 32;
const NONE = new Uint8Array(32);

class GroupLog {
  entries = [];
  /** Of the last entry. */
  generation = FIRST_GENERATION;
  counters = new Map();
  /**
   * By user: {memberFrom, end, devices}: what of the log is theirs. Devices by id: {start, rows},
   * where the log begins for each.
   */
  readers = new Map();

  constructor(group) {
    this.group = group;
    this.membership = emptyMembership(group);
  }

  async begin() {
    this.start = await groupStart(this.group);
  }

  get head() {
    return this.point(this.entries.length);
  }

  point(sequenceNr) {
    if (sequenceNr === 0) return this.start;
    return { sequenceNr, hash: this.entries[sequenceNr - 1].frame.hash };
  }

  generationAt(sequenceNr) {
    return this.entries[sequenceNr - 1]?.frame.generation ?? FIRST_GENERATION;
  }
}

export class InPageGroups {
  logs = new Map();
  /** Tests replace this: called with each push and the device it is for; null withholds it. */
  onPush = frame => frame;
  /** A server that lies stores what names another history. */
  takesAnyHead = false;
  /** A server that lies takes lists that are not their user's. */
  takesAnyList = false;
  /** What is added to the server's clock, in milliseconds. */
  ahead = 0;
  #server;

  constructor(server) {
    this.#server = server;
  }

  async append({ group, messageId, content, info, pieces, ciphertext }, sender) {
    let log = this.logs.get(group);
    if (!log) {
      if (content.kind !== 'create') throw new Failure('not-member');
      log = new GroupLog(group);
      await log.begin();
    }
    const entry = this.#entryOf(log, sender, { messageId, content, info, ciphertext });
    const known = log.entries.find(({ frame }) =>
      frame.messageId && equal(frame.messageId, entry.messageId));
    if (known) return this.#again(known, entry);
    const membership = await this.#judge(log, entry);
    if (!this.takesAnyList) this.#checkLists(log, entry.content);
    this.#checkPieces(log, membership, entry, pieces);
    this.logs.set(group, log);
    entry.hash = await groupEntryHash(log.head.hash, entry);
    const before = log.head;
    log.entries.push({ frame: entry, pieces });
    log.membership = membership;
    this.#note(log, before, entry);
    for (const user of log.readers.keys()) this.#pushAll(this.#server.users.get(user));
    return this.#accepted(entry);
  }

  /** A frame of the client, as the entry that it becomes. */
  #entryOf(log, sender, fields) {
    const sequenceNr = log.entries.length + 1;
    const isCommit = fields.content.type === 'commit';
    return parseServerFrame(encodeJson({
      type: 'group-entry', nonce: 2, owner: log.group, generation: log.generation, sequenceNr,
      time: Date.now() + this.ahead + sequenceNr, fromUser: sender.user,
      fromDevice: sender.deviceId, hash: NONE, ...fields,
      ...isCommit && { seed: randomBytes(32) },
    }));
  }

  async #again({ frame }, entry) {
    const digest = await contentDigest(signerOf(entry), entry.content, NONE);
    const stored = await contentDigest(signerOf(frame), frame.content, NONE);
    if (!equal(digest, stored)) throw new Failure('group-refused');
    return this.#accepted(frame);
  }

  async #accepted(entry) {
    const { owner: group, sequenceNr, time, hash, content, seed } = entry;
    const digest = await contentDigest(signerOf(entry), content, seed);
    return { type: 'group-accepted', group, sequenceNr, time, hash, digest };
  }

  async #judge(log, entry) {
    const { content, fromUser, fromDevice } = entry;
    const place = placeOf(entry);
    try {
      const membership = await this.#judged(log, place, content);
      const known = content.kind === 'create' ? membership : log.membership;
      const { signKey } = signerIn(known, fromUser, fromDevice, content);
      await verifyContent(signKey, signerOf(entry), content);
      const { sequenceNr, hash } = content.head;
      const isOurs = this.takesAnyHead || equal(log.point(sequenceNr).hash, hash);
      if (!isOurs) throw new GroupRefused('group-refused');
      return membership;
    } catch (error) {
      if (error instanceof GroupRefused) throw new Failure(error.code);
      if (error instanceof Refused) throw new Failure('signature-refused');
      throw error;
    }
  }

  async #judged(log, place, content) {
    switch (content.type) {
      case 'commit': return commit(log.membership, place, content);
      case 'proposal': return propose(log.membership, place, content);
      case 'confirm': return confirm(log.membership, place, content);
      default: {
        checkPost(log.membership, place, content);
        const expected = (log.counters.get(place.device) ?? 0) + 1;
        if (content.counter !== expected) throw new Failure('out-of-order', { expected });
        return log.membership;
      }
    }
  }

  /** Each list that an entry brings is its user's present one, or in a commit one that waits. */
  #checkLists({ membership }, { op, ops = [op], type }) {
    const isProposed = ({ signature }) => type === 'commit' && membership.pending.some(one =>
      one.op.deviceList && equal(one.op.deviceList.signature, signature));
    for (const { deviceList } of ops.filter(one => one?.deviceList)) {
      const { deviceList: present } = this.#server.users.get(deviceList.user);
      if (base64url(deviceList.signature) !== present.signature && !isProposed(deviceList)) {
        throw new Failure('devices-changed', { deviceList: present });
      }
    }
  }

  #checkPieces(log, membership, { content, fromDevice }, pieces = []) {
    if (content.type !== 'commit') return;
    const expected = roster(membership).flatMap(({ deviceList }) =>
      deviceList.devices.map(({ id }) => id)).filter(id => id !== fromDevice).sort();
    const given = pieces.map(({ device }) => device).sort();
    if (given.join() !== expected.join()) throw new Failure('pieces-refused');
  }

  /** Who may read what, after an entry. */
  #note(log, before, { content, sequenceNr, fromUser, fromDevice }) {
    if (content.type === 'post') log.counters.set(fromDevice, content.counter);
    if (content.type === 'confirm') log.readers.get(fromUser).memberFrom = sequenceNr;
    const isEnd = ['leave', 'decline'].includes(content.op?.op);
    if (isEnd) log.readers.get(fromUser).end = sequenceNr;
    if (content.type !== 'commit') return;
    log.counters.clear();
    for (const op of content.ops) this.#noteOp(log, before, op, content);
    for (const [user, reader] of log.readers) {
      if (!log.membership.rows.has(user)) reader.end ??= sequenceNr;
    }
  }

  #noteOp(log, before, { op, user, deviceList }, { head }) {
    if (!deviceList) return;
    const rows = roster(log.membership).map(row =>
      ({ role: row.role, deviceList: row.deviceList }));
    const start = op === 'found' ? { start: before, rows: [] } : { start: head, rows };
    const known = op === 'devices' ? log.readers.get(user)
      : { memberFrom: op === 'found' ? 0 : Infinity, end: null, devices: new Map() };
    const devices = new Map(deviceList.devices.map(({ id }) =>
      [id, known.devices.get(id) ?? start]));
    log.readers.set(user, { ...known, devices });
    if (op !== 'invite') return;
    for (const { connection, groupCursors } of this.#server.users.get(user).devices.values()) {
      groupCursors.delete(log.group);
      connection?.groupsPushed.delete(log.group);
    }
  }

  #pushAll(user) {
    for (const device of user.devices.values()) this.push(device);
  }

  /** Pushes what the device's connection has not had. */
  async push(device) {
    const { connection } = device;
    if (!connection) return;
    if (connection.pushingGroups) {
      connection.pushGroupsAgain = true;
      return;
    }
    connection.pushingGroups = true;
    do {
      connection.pushGroupsAgain = false;
      for (const log of this.logs.values()) {
        const reader = log.readers.get(device.user);
        if (reader) await this.#pushLog(device, connection, log, reader);
      }
    } while (connection.pushGroupsAgain);
    connection.pushingGroups = false;
  }

  async #pushLog(device, connection, log, reader) {
    const pushed = connection.groupsPushed;
    const begin = reader.devices.get(device.deviceId);
    if (!begin) {
      if (reader.end === null) await this.#pushWaiting(device, connection, log);
      return;
    }
    const isNew = !pushed.has(log.group);
    if (isNew) {
      pushed.set(log.group, device.groupCursors.get(log.group) ?? begin.start.sequenceNr);
      if (!device.groupCursors.has(log.group)) {
        await this.#pushStart(device, connection, log, begin);
      }
    }
    const { user } = device;
    const end = () => log.readers.get(user).end ?? log.entries.length;
    while (device.connection === connection && pushed.get(log.group) < end()) {
      const next = pushed.get(log.group) + 1;
      pushed.set(log.group, next);
      const { type } = log.entries[next - 1].frame;
      await this.#say(device, connection, type, this.entryFor(log, next, device));
    }
    if (!isNew) return;
    const generation = log.generationAt(end());
    const point = { kind: 'group', owner: log.group, generation, ...log.point(end()) };
    await this.#say(device, connection, 'caught-up', point);
  }

  /** Once for each state of the group in which the device may propose its list. */
  async #pushWaiting(device, connection, log) {
    const { pending: proposals, changedNr } = log.membership;
    connection.groupsWaiting ??= new Map();
    if (connection.groupsWaiting.get(log.group) === changedNr) return;
    connection.groupsWaiting.set(log.group, changedNr);
    const pending = proposals.some(({ user, op: { op } }) =>
      user === device.user && op === 'devices');
    const generation = log.generationAt(log.head.sequenceNr);
    await this.#say(device, connection, 'group-waiting',
      { owner: log.group, generation, ...log.head, pending });
  }

  async #pushStart(device, connection, log, { start, rows }) {
    const { group } = log;
    const generation = log.generationAt(start.sequenceNr);
    const inviter = log.membership.rows.get(device.user)?.invitation?.inviter;
    for (let from = 0; from === 0 || from < rows.length; from += PAGE) {
      await this.#say(device, connection, 'group-start', {
        owner: group, generation, ...start, rows: rows.slice(from, from + PAGE),
        more: from + PAGE < rows.length, ...inviter && { inviter },
      });
    }
  }

  /** An entry as one device gets it. */
  entryFor(log, sequenceNr, { user, deviceId }) {
    const { frame, pieces } = log.entries[sequenceNr - 1];
    const { type, nonce, info, ciphertext, ...entry } = frame;
    const isNewest = log.membership.commitNr === sequenceNr;
    if (info && isNewest) entry.info = info;
    const own = pieces?.find(({ device }) => device === deviceId);
    if (own) {
      const { prekeyKind, prekeyId, piece } = own;
      entry.piece = { prekeyKind, prekeyId, piece: fromBase64url(piece) };
    }
    const { memberFrom } = log.readers.get(user);
    if (ciphertext && sequenceNr > memberFrom) entry.ciphertext = ciphertext;
    return entry;
  }

  async #say(device, connection, type, fields) {
    const bent = await this.onPush({ type, ...fields }, device);
    if (!bent) return;
    const { type: kind, ...rest } = bent;
    await connection.push(kind, rest);
  }

  async keys({ group, after = '' }, asker) {
    const log = this.#logOf(group, asker);
    const rows = roster(log.membership).filter(({ deviceList }) => deviceList.user > after);
    const users = rows.slice(0, PAGE).map(({ deviceList: { user } }) => {
      const { deviceList, devices } = this.#server.users.get(user);
      const keys = [...devices.values()].map(({ deviceId, signedPrekey }) =>
        ({ device: deviceId, signedPrekey }));
      return { deviceList, keys };
    });
    return { type: 'group-key-page', users, more: rows.length > PAGE };
  }

  async seen({ group, sequenceNr }, asker) {
    const log = this.#logOf(group, asker);
    const isBehind = ({ user, deviceId, groupCursors }) =>
      Boolean(deviceIn(log.membership, user, deviceId))
      && (groupCursors.get(group) ?? 0) < sequenceNr;
    const unseen = [...log.membership.rows.keys()].filter(name =>
      [...this.#server.users.get(name).devices.values()].some(isBehind)).sort();
    return { type: 'group-seen-by', unseen };
  }

  async follow({ group, after }, asker) {
    this.#logOf(group, asker);
    asker.connection.groupsPushed.set(group, after);
    this.push(asker);
    return { type: 'done' };
  }

  acknowledge({ owner, sequenceNr, hash }, user) {
    const log = this.logs.get(owner);
    if (hash !== base64url(log.point(sequenceNr).hash)) throw new Failure('ack-refused');
    const last = user.groupCursors.get(owner) ?? 0;
    user.groupCursors.set(owner, Math.max(last, sequenceNr));
  }

  #logOf(group, { user }) {
    const log = this.logs.get(group);
    if (!log?.readers.has(user)) throw new Failure('not-member');
    return log;
  }
}
