/** The next list of an account's devices (docs/protocol.md §4.1). */

import { deviceListHash, signAccountChange, signDeviceList } from '../crypto/statements.js';

/**
 * @typedef {object} SignedList
 * @property {DeviceList} list
 * @property {Uint8Array} hash
 */

/**
 * The list that follows another one.
 *
 * @param {SignedList} last
 * @param {SigningKeyPair} accountKey
 * @param {object[]} devices
 * @param {Self} [announcer] the device that says that the account key is a new one
 * @returns {Promise<SignedList>}
 */
export async function nextDeviceList({ list, hash }, accountKey, devices, announcer) {
  const { user, serverHost } = list;
  const next = {
    user, serverHost, version: list.version + 1, prevHash: hash, accountKey: accountKey.publicKey,
    devices,
  };
  // Whoever missed the version with the new key finds there, too, who announced it.
  const keyChange = announcer ? await announce(announcer, list, accountKey) : list.keyChange;
  if (keyChange) next.keyChange = keyChange;
  const signed = { ...next, signature: await signDeviceList(accountKey.privateKey, next) };
  return { list: signed, hash: await deviceListHash(signed) };
}

async function announce({ deviceId, devicePrivateKey }, list, to) {
  const { user, serverHost, accountKey: from } = list;
  const change = { serverHost, user, from, to: to.publicKey };
  return { device: deviceId, signature: await signAccountChange(devicePrivateKey, change) };
}
