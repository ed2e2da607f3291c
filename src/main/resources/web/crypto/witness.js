/** What a device says of its server, under its signature (docs/audit.md §6). */

import { sign } from './ed25519.js';
import { hash } from './encoding.js';
import { WITNESS } from './labels.js';
import { deviceListHash, pointItems } from './statements.js';

/**
 * @typedef {object} Witness what is signed; `version` and `signature` come on top
 * @property {string} serverHost
 * @property {Uint8Array} serverKey the server's sign key that the device has pinned
 * @property {string} user
 * @property {string} device its id
 * @property {Uint8Array} deviceKey
 * @property {DeviceList} deviceList
 * @property {number} exportedAt milliseconds since 1970, by the device's clock
 * @property {LogPoint[]} logs the head of each log that the device has taken, rising by kind and
 *   owner
 * @property {{items: LogPoint[], signature: Uint8Array}[]} acknowledgements the newest one that
 *   names each log
 */

/** `H("witness", …)`: what it says, whoever says it. */
export async function witnessHash({ deviceList, exportedAt, logs, acknowledgements }) {
  const signed = acknowledgements.map(({ items, signature }) => [pointItems(items), signature]);
  return hash(WITNESS, await deviceListHash(deviceList), exportedAt, pointItems(logs), signed);
}

/** The items of the signature, after the label. */
export async function witnessItems(witness) {
  const { serverHost, serverKey, user, device } = witness;
  return [serverHost, serverKey, user, device, await witnessHash(witness)];
}

/** @param {CryptoKey} devicePrivateKey that of `witness.deviceKey` */
export async function signWitness(devicePrivateKey, witness) {
  return sign(devicePrivateKey, WITNESS, ...await witnessItems(witness));
}
