/**
 * The device lists of the account's own user, inside a caller's transaction (docs/protocol.md §12).
 * Earlier ones are kept: a message may have been made for one of them. Of one that this device
 * never saw the next one tells the hash: {version, user, serverHost, accountKey, listHash}.
 */

import { equal } from '../crypto/bytes.js';
import { deviceListHash } from '../crypto/statements.js';
import { settle } from './database.js';
import { addCopy, textsToPeople } from './outbox.js';

/** The names of the object stores that `putOwnList` needs. */
export const OWN_LIST_STORES = ['meta', 'ownLists', 'outbox'];

/** The own row of contacts is the caller's. What waits is for a second device, too. */
export async function putOwnList(stores, deviceList, listHash) {
  const account = await settle(stores.meta.get('account'));
  stores.meta.put({ ...account, deviceList, listHash }, 'account');
  stores.ownLists.put(deviceList);
  await putMissed(stores, deviceList);
  const isClosed = ({ devices, accountKey }) => equal(accountKey, deviceList.accountKey)
    && devices.every(({ id }) => deviceList.devices.some(device => device.id === id));
  // Until there is an own key of this list, nothing is written that a removed device could open.
  if (!isClosed(account.deviceList)) stores.meta.put(deviceList.version, 'ownKeyNeeded');
  if (hasOthers(account.deviceList) || !hasOthers(deviceList)) return;
  for (const { message } of await textsToPeople(stores)) addCopy(stores, account.user, message);
}

/** Whether this user has another device than this one. @returns {Promise<boolean>} */
export async function hasSiblings({ meta }) {
  return hasOthers((await settle(meta.get('account'))).deviceList);
}

/** @returns {Promise<DeviceList|undefined>} the own list of a version */
export function ownListOf(store, version) {
  return store.read(['ownLists'], ({ ownLists }) => settle(ownLists.get(version)));
}

/** @returns {Promise<Uint8Array|undefined>} the hash of the own list of a version, if it is known */
export async function ownListHash(store, version) {
  const list = await ownListOf(store, version);
  return list && (list.listHash ?? deviceListHash(list));
}

async function putMissed({ ownLists }, { user, serverHost, accountKey, prevHash, ...list }) {
  const version = list.version - 1;
  // Under another account key it is not said which one it was.
  if (list.keyChange || await settle(ownLists.getKey(version))) return;
  ownLists.put({ version, user, serverHost, accountKey, listHash: prevHash });
}

function hasOthers({ devices }) {
  return devices.length > 1;
}
