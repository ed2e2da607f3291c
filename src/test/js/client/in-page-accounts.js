/** What the server in the page does with accounts and devices (docs/protocol.md §12, §13). */

import { base64url } from '/crypto/bytes.js';
import { checkDeviceList } from '/crypto/statements.js';
import { encodeJson, parseDeviceList } from '/protocol/frames.js';
import { LIMITS } from '../protocol/server-side.js';
import { Failure } from './failure.js';
import { isIn } from './in-page-user.js';

const DAY_MS = 24 * 60 * 60 * 1000;

export class InPageAccounts {
  /** Tests make it short. */
  resetWaitMs = DAY_MS;
  /** Names that the operator opened again: the account that was there. */
  reopened = new Map();
  /** Tests replace this: called with each push `account` and the device that it is for. */
  onPush = state => state;
  #server;

  constructor(server) {
    this.#server = server;
  }

  /** The operator opens a name again: nothing of the account is left but its list and its inbox. */
  reopen(name) {
    const { users } = this.#server;
    const user = users.get(name);
    users.delete(name);
    for (const { connection } of user.devices.values()) connection?.socket.close(4403);
    this.reopened.set(name, user);
  }

  /** A list of version 1 is told where the account goes on; the one after it is taken. */
  async checkFirst({ user: name, deviceList }) {
    const before = this.reopened.get(name);
    if (!before) return null;
    if (deviceList.version === 1) {
      const { deviceList: last, inbox } = before;
      throw new Failure('account-reopened', { deviceList: last, inbox });
    }
    await this.#checkNext(before, deviceList);
    this.reopened.delete(name);
    return before;
  }

  linking({ vault, vaultVersion, deviceList, inbox, sync, devices }, withVault = vault) {
    return {
      type: 'linking', vault: withVault, vaultVersion, deviceList, inbox,
      ...sync.blob && { sync },
      devices: [...devices.values()].map(({ deviceId: id, lastSeen }) => ({ id, lastSeen })),
    };
  }

  /** @param {object} first the first frame of the connection */
  async link(frame, user, first) {
    const { deviceList, vault, vaultVersion, recoveryVault, newAuthSecret, prekeys } = frame;
    user.prove(frame);
    if (vaultVersion !== user.vaultVersion + 1) throw new Failure('stale');
    if (deviceList.devices.length > LIMITS.devicesMax) throw new Failure('devices-full');
    await this.#checkNext(user, deviceList);
    const { deviceId, deviceKey } = first;
    const added = deviceList.devices.filter(({ id }) => !user.devices.has(id));
    const isOurs = added.length === 1 && added[0].id === deviceId && added[0].signKey === deviceKey;
    if (!isOurs || !keepsRows(user.deviceList, deviceList)) refuseList();
    const { sequenceNr, hash } = user.inbox.head;
    const { inboxStart } = added[0];
    const isHead = inboxStart.sequenceNr === sequenceNr && inboxStart.hash === base64url(hash);
    if (!isHead) throw new Failure('stale');
    const device = user.addDevice({ deviceId, deviceKey, prekeys });
    this.#takeVault(user, { vault, vaultVersion, recoveryVault });
    if (newAuthSecret) this.#takePassword(user, newAuthSecret, device);
    await user.takeList(deviceList);
    device.renewToken();
    return device;
  }

  async vault(frame, { account }) {
    account.prove(frame);
    const { vault, vaultVersion, deviceList, recovery } = account;
    return {
      type: 'vault', vault: frame.recoverySecret ? recovery.vault : vault, vaultVersion, deviceList,
      hasRecovery: recovery !== null,
    };
  }

  async change(frame, device) {
    const { account } = device;
    const isProven = frame.authSecret !== undefined || frame.recoverySecret !== undefined;
    if (isProven) await this.#checkProven(frame, account);
    else await this.#checkUnproven(frame, device);
    if (frame.vault) this.#takeVault(account, frame);
    if (frame.newAuthSecret) this.#takePassword(account, frame.newAuthSecret, device);
    if (isProven || frame.vault) account.reset = null;
    if (frame.deviceList) await account.takeList(frame.deviceList);
    this.push(account);
    return { type: 'done' };
  }

  async #checkProven(frame, account) {
    const { deviceList, vaultVersion } = frame;
    account.prove(frame);
    if (vaultVersion !== account.vaultVersion + 1) throw new Failure('stale');
    if (!deviceList) return;
    await this.#checkNext(account, deviceList);
    const adds = deviceList.devices.some(({ id }) => !account.devices.has(id));
    if (adds || !keepsRows(account.deviceList, deviceList)) refuseList();
  }

  async #checkUnproven({ deviceList, vault, vaultVersion, newAuthSecret }, { account, deviceId }) {
    if (!deviceList || !isIn(deviceList, deviceId)) refuseList();
    const sameKey = deviceList.accountKey === account.deviceList.accountKey;
    if (sameKey) {
      if (vault || deviceList.version <= account.deviceList.version) throw new Failure('stale');
      await checkForm(deviceList);
      return;
    }
    const { reset } = account;
    const isDue = reset?.device === deviceId && reset.allowedAt <= Date.now();
    if (!isDue || !vault || !newAuthSecret) throw new Failure('reset-refused');
    if (vaultVersion !== account.vaultVersion + 1) throw new Failure('stale');
    await this.#checkNext(account, deviceList);
  }

  #takeVault(account, { vault, vaultVersion, recoveryVault, newRecoverySecret }) {
    Object.assign(account, { vault, vaultVersion });
    const secret = newRecoverySecret ?? account.recovery?.secret;
    account.recovery = recoveryVault ? { secret, vault: recoveryVault } : null;
  }

  #takePassword(account, authSecret, device) {
    account.authSecret = authSecret;
    for (const other of account.devices.values()) {
      if (other === device) continue;
      other.token = null;
      other.connection?.socket.close(1000);
    }
  }

  async ownDevices({ account }) {
    const devices = [...account.devices.values()].map(({ deviceId: id, lastSeen, connection }) =>
      ({ id, lastSeen, connected: connection !== null }));
    return { type: 'own-device-list', devices };
  }

  async askReset({ account, deviceId }) {
    account.reset = { device: deviceId, allowedAt: Date.now() + this.resetWaitMs };
    this.push(account);
    return { type: 'done' };
  }

  async cancelReset(frame, { account }) {
    account.prove(frame);
    account.reset = null;
    this.push(account);
    return { type: 'done' };
  }

  async remove(frame, { account }) {
    account.prove(frame);
    this.#server.users.delete(account.user);
    for (const { connection } of account.devices.values()) {
      setTimeout(() => connection?.socket.close(4403));
    }
    return { type: 'done' };
  }

  async sync({ account }) {
    return { type: 'sync', ...account.sync };
  }

  async putSync({ counter, blob }, { account }) {
    if (counter !== account.sync.counter + 1) throw new Failure('stale');
    account.sync = { counter, blob };
    this.push(account);
    return { type: 'done' };
  }

  /** Tells all devices of a user how the account stands. */
  push(account) {
    for (const device of account.devices.values()) this.tell(device);
  }

  async tell(device) {
    await device.connection?.push('account', this.onPush(device.account.state, device));
  }

  async #checkNext({ deviceList: last, listHash }, next) {
    const follows = next.version === last.version + 1 && next.prevHash === base64url(listHash);
    if (!follows) throw new Failure('stale');
    await checkForm(next);
    const { keyChange, accountKey } = next;
    if (accountKey === last.accountKey || !keyChange) return;
    if (!isIn(last, keyChange.device)) refuseList();
  }
}

function refuseList() {
  throw new Failure('device-list-refused');
}

async function checkForm(deviceList) {
  const { user, serverHost } = deviceList;
  const list = parseDeviceList(encodeJson(deviceList));
  await checkDeviceList(list, { user, serverHost, pin: null });
}

/** Whether no device that both lists have is another one in the second. */
function keepsRows(before, after) {
  const rows = new Map(before.devices.map(device => [device.id, JSON.stringify(device)]));
  return after.devices.every(device =>
    !rows.has(device.id) || rows.get(device.id) === JSON.stringify(device));
}
