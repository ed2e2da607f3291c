/**
 * Makes this browser a device of an account (docs/protocol.md §12.1). What it will be is stored
 * before the server hears of it: whatever is interrupted goes on when the person signs in again.
 */

import { equal, hex, randomBytes } from '../crypto/bytes.js';
import { generateSigningKeyPair } from '../crypto/ed25519.js';
import { FIRST_GENERATION } from '../crypto/entry-chain.js';
import { SUITE_X25519 } from '../crypto/hpke.js';
import { Refused } from '../crypto/refused.js';
import { checkDeviceList, deviceListHash } from '../crypto/statements.js';
import { ConnectionLost, RequestRefused, connect } from '../protocol/connection.js';
import { AccountStore } from '../store/account-store.js';
import { loadOwnKeys } from '../store/own-keys.js';
import { nextDeviceList } from './device-lists.js';
import { defaultDeviceName } from './device-name.js';
import { createPrekeys, stock } from './prekeys.js';
import { keepToken } from './registration.js';
import { putShared, sharedIn } from './shared.js';
import { UserError, userErrorOf } from './user-error.js';
import {
  accountKeyIn, listsAfter, sealVaults, withKnownKeys, withNewOwnKey,
} from './vaults.js';

/** Answers after which nobody knows whether this browser is a device now. */
const UNKNOWN = ['unknown-outcome', 'internal'];
/** So often somebody else may be quicker, or an answer be lost. */
const ATTEMPTS_MAX = 5;

/**
 * @typedef {object} LinkKey with what somebody shows that the account is theirs
 * @property {string} user
 * @property {{type: string, secret: object}[]} firsts first frames that may lead there: the next
 *   one is said if one is answered by `sign-in-failed`
 * @property {{type: string, secret: object}[]} laterFirsts as `firsts`, once `link` was sent
 * @property {object} proof in the frame `link`
 * @property {Uint8Array} [newAuthSecret]
 * @property {boolean} isRecovery the server takes only a device that it does not know: the one
 *   that this browser was goes
 * @property {function(object, Uint8Array): Promise<Vault>} open opens what `linking` brings
 * @property {CryptoKey} vaultKey seals the new vault
 */

export class Linking {
  #key;
  #server;
  #store;
  #replace;
  #known;
  #pin = null;
  #identity;
  /** Own keys that this browser had as a device. */
  #ownKeys = [];
  #isRenewed = false;
  #wasSent = false;
  #alarms = [];

  /**
   * @param {LinkKey} key
   * @param {{url: string, host: string}} server
   * @param {{store: AccountStore|null, replace?: string}} from what this browser has of it, and
   *   the id of the device that goes if there is no room
   */
  constructor(key, server, { store, replace }) {
    this.#key = key;
    this.#server = server;
    this.#store = store;
    this.#replace = replace;
  }

  /**
   * @returns {Promise<{store: AccountStore, alarms: string[], isNew: boolean}>} a store with a
   *   token, what everybody must see, and whether this browser was no such device before; rejects
   *   with UserError, `devices-full` above all
   */
  async run() {
    await this.#load();
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#attempt();
        return { store: this.#store, alarms: this.#alarms, isNew: this.#wasSent };
      } catch (error) {
        if (attempt === ATTEMPTS_MAX || !this.#mayTryAgain(error)) return this.#fail(error);
      }
    }
  }

  /** What an earlier attempt, or a life before a restored server, left here. */
  async #load() {
    const { user, isRecovery } = this.#key;
    this.#known = await this.#store?.meta('account') ?? null;
    this.#pin = await this.#store?.meta('server') ?? null;
    const wasDevice = this.#known?.registered ?? false;
    this.#isRenewed = isRecovery && wasDevice;
    if (wasDevice) this.#ownKeys = await loadOwnKeys(this.#store);
    const isNew = !this.#known || this.#isRenewed;
    this.#identity = {
      user,
      deviceId: isNew ? hex(randomBytes(16)) : this.#known.deviceId,
      device: isNew ? await generateSigningKeyPair() : await this.#store.deviceKey(),
    };
  }

  /** Whether this browser was the device that it is to be, and what it has of the inbox holds. */
  get #goesOn() {
    return !this.#isRenewed && (this.#known?.registered ?? false);
  }

  #mayTryAgain(error) {
    if (error instanceof RequestRefused) return error.code === 'stale';
    return error instanceof ConnectionLost && this.#wasSent;
  }

  /** Keys that the server may know are kept: with them the next attempt finds out. */
  async #fail(error) {
    const isOver = !(error instanceof ConnectionLost) && !UNKNOWN.includes(error.code);
    this.#store?.close();
    if (this.#store && !this.#known && isOver) await AccountStore.erase(this.#key.user);
    throw userErrorOf(error);
  }

  async #attempt() {
    const { connection, reply } = await this.#connect();
    try {
      if (reply.type === 'signed-in') return await this.#signedIn(reply);
      if (this.#wasTaken(reply)) return await this.#signInAfter();
      const made = await this.#make(reply, connection.limits.devicesMax);
      await this.#keep(made);
      this.#wasSent = true;
      return await this.#signedIn(await connection.request('link', made.fields));
    } finally {
      connection.close();
    }
  }

  /** Whether an earlier `link` was taken, and its answer lost: this device is listed. */
  #wasTaken({ deviceList: { devices } }) {
    const { deviceId, device } = this.#identity;
    return !this.#wasSent
      && devices.some(({ id, signKey }) => id === deviceId && equal(signKey, device.publicKey));
  }

  /** With the password that went with it. */
  #signInAfter() {
    this.#wasSent = true;
    return this.#attempt();
  }

  async #connect([first, ...others] = this.#wasSent ? this.#key.laterFirsts : this.#key.firsts) {
    const { user, deviceId, device } = this.#identity;
    const fields = { user, deviceId, deviceKey: device.publicKey, ...first.secret };
    try {
      return await connect({
        ...this.#server,
        pin: this.#pin,
        deviceKey: device.privateKey,
        first: { type: first.type, fields },
        onHello: checked => this.#keepPin(checked.pin),
        onPush: () => {},
        onLost: () => {},
      });
    } catch (error) {
      const isOther = error instanceof RequestRefused && error.code === 'sign-in-failed';
      if (!isOther || others.length === 0) throw error;
      return this.#connect(others);
    }
  }

  async #keepPin(pin) {
    this.#pin = pin;
    await this.#store?.setMeta('server', pin);
  }

  /** All of the new device, from what `linking` says. */
  async #make({ vault, vaultVersion, deviceList, inbox, sync, devices }, devicesMax) {
    const owner = { user: this.#key.user, serverHost: this.#server.host };
    const current = await this.#check(owner, deviceList, inbox.generation);
    const opened = await this.#key.open(owner, vault);
    const accountKey = await accountKeyIn(opened, current, inbox.generation);
    const lost = listsAfter(opened, current);
    const content =
      { ...opened, ownKeys: withKnownKeys(opened.ownKeys, this.#ownKeys, lost) };
    const { shared, alarm } = await sharedIn(sync, opened, owner);
    if (alarm) this.#alarms = [alarm];
    const remaining = this.#remaining(deviceList, { devicesMax, shared, devices });
    const isReplacing = deviceList.devices.some(({ id }) => !remaining.some(row => row.id === id));
    const rows = [...remaining, this.#row(inbox.head)];
    const next = await nextDeviceList(current, accountKey, rows);
    const isKeyNeeded = isReplacing || lost > 0;
    const ownKeys = isKeyNeeded ? withNewOwnKey(content.ownKeys, next.list.version)
      : content.ownKeys;
    const counter = Math.max(content.syncCounter, sync?.counter ?? 0);
    const vaults = await sealVaults(this.#key.vaultKey, owner, {
      ...content, ownKeys, syncCounter: counter,
      deviceList: { version: next.list.version, hash: next.hash },
    });
    const prekeys = await this.#prekeys();
    const { proof, newAuthSecret } = this.#key;
    const fields = {
      ...proof, deviceList: next.list, ...vaults, vaultVersion: vaultVersion + 1,
      prekeys: prekeys.map(({ prekey }) => prekey), ...newAuthSecret && { newAuthSecret },
    };
    const madeKey = isKeyNeeded ? ownKeys.at(-1) : undefined;
    return { fields, next, inbox, ownKeys, madeKey, shared, counter, prekeys };
  }

  /** The list is well signed, and not older than what this browser knew. */
  async #check({ user, serverHost }, list, generation) {
    const wasDevice = this.#known?.registered;
    const { deviceList: { accountKey, version }, listHash: hash } = wasDevice ? this.#known
      : { deviceList: list, listHash: await deviceListHash(list) };
    // A server that was restored may have lost the newest lists.
    const pin = wasDevice && generation > FIRST_GENERATION ? { accountKey, version: -1, hash }
      : { accountKey, version, hash };
    try {
      const seen = await checkDeviceList(list, { user, serverHost, pin });
      return { list, hash: seen.hash };
    } catch (error) {
      if (error instanceof Refused) throw new UserError('own-list-refused');
      throw error;
    }
  }

  /** Rows of the other devices in the new list. */
  #remaining({ devices: rows }, { devicesMax, shared, devices }) {
    const own = [this.#identity.deviceId, this.#known?.deviceId];
    const others = rows.filter(({ id }) => !own.includes(id));
    if (others.length < devicesMax) return others;
    const remaining = others.filter(({ id }) => id !== this.#replace);
    if (remaining.length < devicesMax) return remaining;
    const described = others.map(({ id, addedAt }) => ({
      id, name: shared.names[id] ?? '', addedAt,
      lastSeen: devices.find(device => device.id === id)?.lastSeen ?? 0,
    }));
    throw new UserError('devices-full', { devices: described });
  }

  #row(inboxStart) {
    const { deviceId: id, device } = this.#identity;
    return {
      id, signKey: device.publicKey, suites: [SUITE_X25519], addedAt: Date.now(), inboxStart,
    };
  }

  async #prekeys() {
    const { user, deviceId, device } = this.#identity;
    const firstId = await this.#store?.meta('nextPrekeyId') ?? 1;
    return createPrekeys(device.privateKey, { user, deviceId }, firstId, true, stock.oneTimeMax);
  }

  async #keep({ next, inbox, ownKeys, madeKey, shared, counter, prekeys }) {
    const { user, deviceId, device } = this.#identity;
    const { id: lastPrekeyId } = prekeys.at(-1).prekey;
    const meta = {
      account: {
        user, serverHost: this.#server.host, deviceId, deviceList: next.list, listHash: next.hash,
        generation: inbox.generation, registered: this.#goesOn,
      },
      nextPrekeyId: lastPrekeyId + 1,
      server: this.#pin,
    };
    // A device of before goes on from what it has.
    if (!this.#goesOn) meta.chain = { generation: inbox.generation, head: inbox.head };
    const rows = prekeys.map(({ row }) => row);
    const begun = { meta, prekeys: rows, ...this.#isRenewed && { device } };
    if (this.#store) await this.#store.begin(begun);
    else this.#store = await AccountStore.create(user, { meta, device, prekeys: rows });
    // What another device calls this one, if it does so already, is what the user chose.
    const names = { [deviceId]: defaultDeviceName(navigator), ...shared.names };
    await putShared(this.#store,
      { ...shared, names, counter, ownKeys, madeKey, generation: inbox.generation });
  }

  async #signedIn(reply) {
    if (!this.#store) throw new UserError('server-not-understood');
    await keepToken(this.#store, reply);
  }
}
