/**
 * A browser that becomes another device of the account that it holds, inside a caller's
 * transaction: messages and people stay, whatever belongs to the device of before goes.
 */

import { settle } from './database.js';
import { hasLeft } from './outbox.js';

const OF_THE_DEVICE = [
  'prekeys', 'openings', 'seen', 'chain', 'sessions', 'ownLists', 'earlyReceipts', 'lost',
  'groups', 'groupChain', 'memberships', 'operations', 'acknowledgements', 'acknowledgedLogs',
];

/** Of a row of the outbox. */
const KEPT = [
  'seq', 'to', 'type', 'message', 'copyOf', 'upload', 'parked', 'again', 'sentBefore',
];

/** The names of the object stores that `leaveOldDevice` needs. */
export const OLD_DEVICE_STORES = [...OF_THE_DEVICE, 'meta', 'outbox'];

/** What was not sent yet is encrypted anew; what only the old device had to say is dropped. */
export async function leaveOldDevice(stores) {
  for (const name of OF_THE_DEVICE) stores[name].clear();
  stores.meta.delete('token');
  for (const row of await settle(stores.outbox.getAll())) {
    if (row.type === 'text') stores.outbox.put(keptOf(row));
    else stores.outbox.delete(row.seq);
  }
}

function keptOf(row) {
  const kept = { ...row, sentBefore: row.sentBefore || hasLeft(row) };
  return Object.fromEntries(KEPT.filter(name => kept[name]).map(name => [name, kept[name]]));
}
