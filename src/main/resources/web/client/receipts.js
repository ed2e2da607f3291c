/**
 * What a recipient's devices say that they have (docs/protocol.md §7.4, §7.5), inside a caller's
 * transaction. A receipt reaches all devices of the sender, and may be there before the own copy.
 */

import { hasArrived } from '../store/changes.js';
import { CONVERSATION_STORES, conversationOf, messageById } from '../store/conversations.js';
import { settle } from '../store/database.js';
import { isSaid } from '../store/kinds.js';
import { begun, isGone } from '../store/lifetime.js';
import { hasSiblings } from '../store/own-list.js';

/** The names of the object stores that these functions need. */
export const RECEIPT_STORES = [...CONVERSATION_STORES, 'earlyReceipts', 'meta', 'seen'];

/**
 * @param {{id: string, user: string, device: string}} receipt the id of an own message's row, and
 *   who has it
 * @returns {Promise<object|null>} the row, if it looks different now
 */
export async function keepReceipt(stores, ownUser, { id, user, device }) {
  const row = await messageById(stores, id);
  if (!row) {
    const mayCome = await hasSiblings(stores) && !await isGone(stores, id);
    if (mayCome) await keepEarly(stores, { id, user, device });
    return null;
  }
  const isOurs = (isSaid(row) || ['deleted', 'void'].includes(row.kind))
    && row.conversation === conversationOf(ownUser, user);
  if (!isOurs || row.deliveredTo?.includes(device)) return null;
  if (row.kind === 'void') return keepVoidReceipt(stores, row, device);
  // The answer that the server has it may still be on its way.
  const delivered = begun({
    ...row, state: 'delivered', deliveredTo: [...(row.deliveredTo ?? []), device],
  });
  stores.messages.put(delivered);
  return row.state === 'delivered' ? null : delivered;
}

/** A device has what became void, or was told that it is nothing. */
export function keepVoidReceipt({ messages }, row, device) {
  const delivered = { ...row, deliveredTo: [...row.deliveredTo, device] };
  if (hasArrived(delivered)) messages.delete([row.conversation, row.ordinal]);
  else messages.put(delivered);
  return null;
}

/** @returns {Promise<string[]|null>} the devices of `user` that had the message before this one */
export async function takeEarlyReceipt({ earlyReceipts }, id, user) {
  const early = await settle(earlyReceipts.get(id));
  earlyReceipts.delete(id);
  return early?.user === user ? early.devices : null;
}

async function keepEarly({ earlyReceipts }, { id, user, device }) {
  const early = await settle(earlyReceipts.get(id));
  if (early && early.user !== user) return;
  const devices = new Set([...(early?.devices ?? []), device]);
  earlyReceipts.put({ id, user, devices: [...devices] });
}
