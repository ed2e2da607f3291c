/** A user of the server in the page, and the devices of a user. */

import { base64url, randomBytes } from '/crypto/bytes.js';
import { FIRST_GENERATION, logStart } from '/crypto/entry-chain.js';
import { deviceListHash } from '/crypto/statements.js';
import { encodeJson, parseDeviceList } from '/protocol/frames.js';
import { Failure } from './failure.js';
import { InPageArchive } from './in-page-archive.js';

/** Of a device that the server holds no prekeys of. */
const NO_PREKEY = 0;

/** One device, as the server keeps it; `account` is its user's. */
export class ServerDevice {
  oneTimePrekeys = new Map();
  /** By asking device: the same one gets the same prekey for a while. */
  given = new Map();
  /** By group: the number of the last entry that was acknowledged. */
  groupCursors = new Map();
  connection = null;
  token = null;
  lastSeen = 0;

  constructor(account, { deviceId, deviceKey, prekeys }, cursor) {
    Object.assign(this, { account, deviceId, deviceKey, cursor });
    this.putPrekeys(prekeys, true);
  }

  get user() {
    return this.account.user;
  }

  putPrekeys(prekeys, replace) {
    if (replace) this.oneTimePrekeys.clear();
    for (const prekey of prekeys) {
      if (prekey.kind === 'signed') this.signedPrekey = prekey;
      else this.oneTimePrekeys.set(prekey.id, prekey);
    }
  }

  /** What `keys` gives to an asking device: at most one one-time prekey. */
  keysFor(asker) {
    const { deviceId, signedPrekey, oneTimePrekeys, given } = this;
    const oneTimePrekey = given.get(asker) ?? oneTimePrekeys.values().next().value;
    if (!oneTimePrekey) return { device: deviceId, signedPrekey };
    given.set(asker, oneTimePrekey);
    oneTimePrekeys.delete(oneTimePrekey.id);
    return { device: deviceId, signedPrekey, oneTimePrekey };
  }

  renewToken() {
    this.token = base64url(randomBytes(32));
  }

  signedIn() {
    const { account } = this;
    return {
      type: 'signed-in', token: this.token, tokenExpiresAt: Date.now() + 1e9,
      inbox: {
        generation: account.generation, cursor: account.point(this.cursor),
        head: account.point(account.entries.length),
      },
      deviceListVersion: account.deviceList.version, deviceListHash: account.listHash,
      signedPrekeyId: this.signedPrekey?.id ?? NO_PREKEY,
      oneTimePrekeyIds: [...this.oneTimePrekeys.keys()],
      visibility: account.visibility,
    };
  }
}

/** What a test asks of a user is meant for the user's first device. */
const OF_FIRST_DEVICE = ['deviceId', 'deviceKey', 'oneTimePrekeys', 'signedPrekey', 'given',
  'groupCursors', 'connection', 'token', 'cursor'];

export class ServerUser {
  /** Each with the ciphertext that is for the first device; those of all are in `copies`. */
  entries = [];
  /** By number of the entry: ciphertexts by device. */
  copies = new Map();
  /** Of the last entry. */
  generation = FIRST_GENERATION;
  visibility = 'all';
  /** By sender's device: {n, digests}. */
  sends = new Map();
  /** By id, in the order of the list. */
  devices = new Map();
  /** Devices that were in the list once. */
  revoked = new Set();
  vaultVersion = 1;
  /** {secret, vault}; null without a code. */
  recovery = null;
  sync = { counter: 0 };
  archive = new InPageArchive();
  /** {device, allowedAt} while a device waits for a reset. */
  reset = null;

  constructor({ user, authSecret, deviceList, vault }) {
    Object.assign(this, { user, authSecret, deviceList, vault });
  }

  /** @param {ServerUser|null} before the account of a name that was opened again */
  async start(before) {
    this.listHash = await hashOf(this.deviceList);
    this.hashes = before?.hashes ?? [await logStart('inbox', this.user, FIRST_GENERATION)];
    this.entries = before?.entries ?? [];
    this.generation = before?.generation ?? FIRST_GENERATION;
  }

  addDevice(frame) {
    const device = new ServerDevice(this, frame, this.entries.length);
    this.devices.set(device.deviceId, device);
    return device;
  }

  /** Takes a list that was checked; devices that are not in it go. */
  async takeList(deviceList) {
    this.deviceList = deviceList;
    this.listHash = await hashOf(deviceList);
    // A restored server had forgotten them: they put up prekeys when they come.
    for (const { id, signKey } of deviceList.devices) {
      if (!this.devices.has(id)) this.addDevice({ deviceId: id, deviceKey: signKey, prekeys: [] });
    }
    const gone = [...this.devices.keys()].filter(id => !isIn(deviceList, id));
    for (const id of gone) {
      const { connection } = this.devices.get(id);
      this.devices.delete(id);
      this.revoked.add(id);
      connection?.socket.close(4403);
    }
    // Another device may be the first one now.
    if (gone.length === 0) return;
    for (const [sequenceNr, ciphertexts] of this.copies) {
      this.entries[sequenceNr - 1].ciphertext = ciphertexts.get(this.deviceId);
    }
  }

  point(sequenceNr) {
    return { sequenceNr, hash: this.hashes[sequenceNr] };
  }

  logPoint(sequenceNr) {
    const { generation } = this.entries[sequenceNr - 1] ?? { generation: FIRST_GENERATION };
    return { kind: 'inbox', owner: this.user, generation, ...this.point(sequenceNr) };
  }

  entryFor({ deviceId }, sequenceNr) {
    const entry = this.entries[sequenceNr - 1];
    if (deviceId === this.deviceId) return entry;
    const { ciphertext, ...others } = entry;
    const own = this.copies.get(sequenceNr)?.get(deviceId);
    return own ? { ...others, ciphertext: own } : others;
  }

  get inbox() {
    return { generation: this.generation, head: this.point(this.entries.length) };
  }

  /** The push that tells a device how the account stands. */
  get state() {
    const { deviceList, vaultVersion, sync, recovery, reset } = this;
    return {
      deviceList, vaultVersion, syncCounter: sync.counter, hasRecovery: recovery !== null,
      ...reset && { reset },
    };
  }

  prove({ authSecret, recoverySecret }) {
    const isRight = authSecret === undefined
      ? recoverySecret !== undefined && recoverySecret === this.recovery?.secret
      : authSecret === this.authSecret;
    if (!isRight) throw new Failure('sign-in-failed');
  }
}

for (const name of OF_FIRST_DEVICE) {
  Object.defineProperty(ServerUser.prototype, name, {
    get() { return this.devices.values().next().value[name]; },
    set(value) { this.devices.values().next().value[name] = value; },
  });
}

export function isIn(deviceList, deviceId) {
  return deviceList.devices.some(({ id }) => id === deviceId);
}

export function hashOf(deviceList) {
  return deviceListHash(parseDeviceList(encodeJson(deviceList)));
}
