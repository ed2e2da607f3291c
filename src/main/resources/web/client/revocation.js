/** Whether this device was really removed from its account (docs/protocol.md §12.5). */

import { equal } from '../crypto/bytes.js';
import { Refused } from '../crypto/refused.js';
import { checkAccountChange, checkDeviceList, deviceOf } from '../crypto/statements.js';

/**
 * A server alone cannot have a browser erase its keys: the list without this device must be signed
 * by the account key that the device knew, or come from a device that it knew.
 *
 * @param {Self} self
 * @param {DeviceList|undefined} list what the server shows
 * @returns {Promise<boolean>}
 */
export async function isProvenRevocation(self, list) {
  const { user, serverHost, deviceId, deviceList: known, listHash: hash } = self;
  if (!list || list.devices.some(({ id }) => id === deviceId)) return false;
  const isSameKey = equal(list.accountKey, known.accountKey);
  const pin = isSameKey ? { accountKey: known.accountKey, version: known.version, hash } : null;
  try {
    await checkDeviceList(list, { user, serverHost, pin });
    if (isSameKey) return true;
    const { keyChange, accountKey: to } = list;
    if (!keyChange || list.version <= known.version) return false;
    const announcer = deviceOf(known, keyChange.device);
    const change = { serverHost, user, from: known.accountKey, to };
    await checkAccountChange(announcer.signKey, change, keyChange.signature);
    return true;
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}
