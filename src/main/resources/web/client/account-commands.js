/** What a person does with the own account, as the leading tab carries it out. */

import { derivePasswordSecrets } from '../crypto/password.js';
import { createRecoveryCode, recoveryCodeText, recoverySecret } from '../crypto/recovery-code.js';
import { ConnectionLost, RequestRefused } from '../protocol/connection.js';
import { outgoingTo } from '../store/outbox.js';
import { AccountChanges } from './account-changes.js';
import { readCode } from './link-keys.js';
import { OwnAccount } from './own-account.js';
import { Past } from './past.js';
import { Sync } from './sync.js';
import { UserError, userErrorOf } from './user-error.js';

/** What a list of devices that is not to be trusted stops. */
const SENDING = [
  'send', 'group-append', 'archive-append', 'account-change', 'sync-put', 'prekeys', 'typing',
];
const REMOVED = 4403;
const NAME_CHARS_MAX = 64;
const FAREWELL_MS_MAX = 10_000;
const FAREWELL_LOOK_MS = 100;

export class AccountCommands {
  #store;
  #self;
  #request;
  #owner;
  #ownAccount;
  #changes;
  #sync;
  #past;

  /**
   * @param {function(string, object): Promise<object>} request
   * @param {object} owner `onList()`: the own list is another one; `onOutgoing()`: something waits
   *   in the outbox; `onTrusted()`: what a doubt about the own list had stopped may go on;
   *   `onRemoved()`: a device was taken from the list, resolves when groups know it;
   *   `onGone()`: this device or the whole account is gone; `leaveGroups()`
   */
  constructor(parts, request, owner) {
    const { store, self } = parts;
    this.#store = store;
    this.#self = self;
    this.#request = request;
    this.#owner = owner;
    this.#sync = new Sync(parts, request, {
      adopt: archive => this.#past.adopt(archive),
      retry: () => this.#past.retry(),
      end: () => this.#past.archiveEnd,
    }, () => owner.onOutgoing());
    this.#past = new Past({ ...parts, sync: this.#sync }, request, () => owner.onOutgoing());
    this.#ownAccount = new OwnAccount({ ...parts, sync: this.#sync }, request,
      () => owner.onList());
    this.#changes = new AccountChanges({ ...parts, ownAccount: this.#ownAccount }, request,
      { onOwnKey: () => this.#newOwnKey(), archiveEnd: () => this.#past.archiveEnd });
  }

  /** What the devices of the user share. */
  get sync() {
    return this.#sync;
  }

  /** Whether a request waits until the list of the own devices is one to be trusted. */
  stops(type) {
    return this.#ownAccount.isDoubted && SENDING.includes(type);
  }

  /** The commands that other tabs may give, by name. */
  get commands() {
    const all = {
      devices: () => this.#devices(),
      renameDevice: ({ id, name }) => this.#rename(id, name),
      revokeDevice: ({ id, password }) => this.#revoke(id, password),
      removeThisDevice: ({ password }) => this.#removeThis(password),
      changePassword: ({ password, ...change }) => this.#changes.run(password, change),
      setRecoveryCode: ({ password }) => this.#setCode(password),
      checkRecoveryCode: ({ typed }) => this.#isCode(typed),
      learnOwnKeys: ({ password }) =>
        this.#trusting(() => this.#changes.learnOwnKeys(password)),
      recoverHere: ({ code, password }) => this.#changes.recover(code, password),
      dropRecoveryCode: ({ password }) => this.#changes.run(password, { recoveryCode: null }),
      askReset: () => this.#request('reset-ask', {}),
      cancelReset: ({ password }) => this.#prove('reset-cancel', password),
      reset: ({ newPassword }) => this.#changes.reset(newPassword),
      deleteAccount: ({ password }) => this.#delete(password),
      switches: () => this.#sync.switches(),
      setSwitch: ({ name, on }) => this.#sync.setSwitch(name, on),
    };
    return Object.fromEntries(Object.entries({ ...all, ...this.#past.commands })
      .map(([name, run]) => [name, refusing(run)]));
  }

  /** @param {number} generation of the inbox */
  async push(frame, generation) {
    await this.#trusting(() => this.#ownAccount.push(frame, generation));
    const { deviceList: { version }, listHash: hash } = this.#self;
    await this.#changes.settle({ version, hash });
  }

  /** What may end a doubt about the own list: what that had stopped goes on. */
  async #trusting(run) {
    const wasDoubted = this.#ownAccount.isDoubted;
    await run();
    if (!wasDoubted || this.#ownAccount.isDoubted) return;
    this.#owner.onTrusted();
    this.#past.retry();
  }

  /** Before a sign-in with the password, after which own keys are learned. */
  awaitVault() {
    this.#ownAccount.awaitVault();
  }

  /** Another way to the own list than the push. */
  learn(deviceList) {
    return this.#ownAccount.adopt(deviceList);
  }

  /** Something that is shared may have changed. */
  changed() {
    this.#sync.kick();
    this.#past.changed();
  }

  /** Another device of the user told something, which is stored. */
  heard(message) {
    this.#sync.kick();
    this.#past.heard(message);
  }

  /** Everything that waited in the inbox was taken. @param {number} generation of it */
  caughtUp(generation) {
    this.#past.begin(generation);
  }

  stop() {
    this.#ownAccount.vaultSeen();
    this.#sync.stop();
    this.#past.stop();
  }

  async #devices() {
    const { devices } = await this.#request('own-devices', {});
    const names = await this.#sync.names();
    const { deviceList, deviceId } = this.#self;
    return deviceList.devices.map(({ id, addedAt }) => {
      const { lastSeen = 0, connected = false } = devices.find(device => device.id === id) ?? {};
      return { id, name: names[id] ?? '', addedAt, lastSeen, connected, isThis: id === deviceId };
    });
  }

  async #rename(id, name) {
    const { length } = [...name];
    if (length < 1 || length > NAME_CHARS_MAX) throw new UserError('device-name-invalid');
    await this.#sync.rename(id, name);
    await this.#ownAccount.tellNames();
  }

  async #revoke(id, password) {
    await this.#changes.run(password, { remove: id });
    await this.#owner.onRemoved();
  }

  async #removeThis(password) {
    await this.#changes.run(password, { remove: this.#self.deviceId }).catch(unlessRemoved);
    this.#owner.onGone();
  }

  async #setCode(password) {
    const recoveryCode = createRecoveryCode();
    await this.#changes.run(password, { recoveryCode });
    return { code: await recoveryCodeText(recoveryCode) };
  }

  /** The server is asked: what it says holds for all devices, and later too. */
  async #isCode(typed) {
    try {
      await this.#request('vault', { recoverySecret: await recoverySecret(await readCode(typed)) });
      return true;
    } catch (error) {
      const isOther = error.code === 'code-invalid'
        || error instanceof RequestRefused && error.code === 'sign-in-failed';
      if (!isOther) throw error;
      return false;
    }
  }

  async #delete(password) {
    await this.#prove('vault', password);
    await this.#owner.leaveGroups();
    await this.#prove('delete-account', password).catch(unlessRemoved);
    this.#owner.onGone();
  }

  async #prove(type, password) {
    const { user, serverHost } = this.#self;
    const { authSecret } = await derivePasswordSecrets({ password, serverHost, user });
    return this.#request(type, { authSecret });
  }

  /** A device that is about to go waits until its siblings have the key. */
  async #newOwnKey() {
    this.#owner.onOutgoing();
    const end = performance.now() + FAREWELL_MS_MAX;
    const { user } = this.#self;
    const waiting = async () => {
      const rows = await this.#store.read(['outbox'], stores => outgoingTo(stores, user));
      return rows.some(({ type }) => type === 'own-key');
    };
    while (performance.now() < end && await waiting()) {
      await new Promise(resolve => setTimeout(resolve, FAREWELL_LOOK_MS));
    }
    this.#sync.kick();
  }
}

/** The server ends the connection of a device that is none any more, perhaps before it answers. */
function unlessRemoved(error) {
  if (!(error instanceof ConnectionLost) || error.code !== REMOVED) throw error;
}

/** A command whose refusals are in words for people. */
function refusing(run) {
  return async args => {
    try {
      return await run(args);
    } catch (error) {
      throw userErrorOf(error);
    }
  };
}
