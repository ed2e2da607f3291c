/** Accounts with one device, for tests of what is between people. */

import { hex, randomBytes, utf8 } from '/crypto/bytes.js';
import { generateSigningKeyPair } from '/crypto/ed25519.js';
import { logStart } from '/crypto/entry-chain.js';
import { createPrekey, signDeviceList } from '/crypto/statements.js';

export const SERVER = 'chat.example';

/** @returns an account: its keys, its one device, and its signed list of version 1 */
export async function person(user) {
  const account = await generateSigningKeyPair();
  const device = await generateSigningKeyPair();
  const deviceId = hex(randomBytes(16));
  const entry = {
    id: deviceId, signKey: device.publicKey, suites: [1], addedAt: 1000,
    inboxStart: { sequenceNr: 0, hash: await logStart('inbox', user, 1) },
  };
  const deviceList = await signed(account, {
    user, serverHost: SERVER, version: 1, prevHash: new Uint8Array(32),
    accountKey: account.publicKey, devices: [entry],
  });
  return { user, account, device, deviceId, deviceList };
}

/** The list with a signature by this account. */
export async function signed(account, list) {
  return { ...list, signature: await signDeviceList(account.privateKey, list) };
}

/** What the person is as the sender of an opening; the JSON is only carried. */
export function asSender({ deviceList, deviceId, device }) {
  const deviceListJson = utf8(JSON.stringify(deviceList.version));
  return { deviceList, deviceListJson, deviceId, devicePrivateKey: device.privateKey };
}

/** A prekey of the person, with its key pair. */
export function prekeyOf({ user, deviceId, device }, kind = 'one-time', id = 7) {
  return createPrekey(device.privateKey, { user, deviceId }, kind, id);
}
