/** This device, as its sessions and signatures need it. */

import { FIRST_GENERATION } from '../crypto/entry-chain.js';
import { encodeJson } from '../protocol/frames.js';
import { settle } from '../store/database.js';

/**
 * @typedef {object} Self
 * @property {string} user
 * @property {string} serverHost
 * @property {string} deviceId
 * @property {DeviceList} deviceList
 * @property {Uint8Array} deviceListJson
 * @property {Uint8Array} listHash
 * @property {number} generation of the inbox when the server last had this list
 * @property {CryptoKey} devicePrivateKey
 * @property {Uint8Array} deviceKey its public half
 */

/** @returns {Promise<Self>} */
export async function loadSelf(store) {
  const { account, device: { privateKey, publicKey } } = await store.read(
    ['meta', 'keys'], async ({ meta, keys }) => ({
      account: await settle(meta.get('account')), device: await settle(keys.get('device')),
    }));
  const { user, serverHost, deviceId, deviceList, listHash, generation = FIRST_GENERATION } =
    account;
  return {
    user, serverHost, deviceId, deviceList, listHash, generation,
    deviceListJson: encodeJson(deviceList),
    devicePrivateKey: privateKey,
    deviceKey: publicKey,
  };
}

/** From now on this device sends and receives under a newer list of its own user. */
export function adoptList(self, { list, pin }) {
  if (pin.version <= self.deviceList.version) return;
  Object.assign(self,
    { deviceList: list, listHash: pin.hash, deviceListJson: encodeJson(list) });
}

/** Whether a list is newer than the one that is known, and lacks a device of that. */
export function dropsDevice({ deviceList: known }, { version, devices }) {
  return version > known.version
    && known.devices.some(({ id }) => !devices.some(device => device.id === id));
}
