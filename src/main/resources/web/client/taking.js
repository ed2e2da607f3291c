/** What was said, taken in: inside a caller's transaction. Each gives the rows that are to be told. */

import { addSaid, arrived, takeChange } from '../store/changes.js';
import { deleteMessage, messageById, peerIn } from '../store/conversations.js';
import { settle } from '../store/database.js';
import { isChange } from '../store/kinds.js';
import { begun, isGone, withArchive } from '../store/lifetime.js';
import { noteText } from '../store/search.js';
import { takeEarlyReceipt } from './receipts.js';
import { foundAgain } from './repairing.js';

/** What somebody said, or how they change it. */
export async function takeSaid(stores, ownUser, row) {
  if (!isChange(row)) return showMessage(stores, ownUser, row);
  foundAgain(stores, row.id);
  // What was deleted is not asked for any more.
  if (row.kind === 'delete') foundAgain(stores, row.target);
  return takeChange(stores, row);
}

/** What the user said on another device; its recipient may have confirmed it already. */
export async function takeCopy(stores, ownUser, row) {
  foundAgain(stores, row.id);
  if (await messageById(stores, row.id)) return [];
  const to = peerIn(row.conversation, ownUser);
  const deliveredTo = await takeEarlyReceipt(stores, row.id, to);
  const state = deliveredTo ? { state: 'delivered', deliveredTo } : { state: 'sent' };
  return takeSaid(stores, ownUser, begun({ ...row, to, ...state }));
}

/** Shows a message once. One that could not be opened before gives its place to the text. */
export async function showMessage(stores, ownUser, row) {
  if (await isGone(stores, row.id)) return [];
  const shown = await messageById(stores, row.id);
  if (!shown) return [await addSaid(stores, peerIn(row.conversation, ownUser), row)];
  if (shown.kind !== 'undecryptable' || row.kind === 'undecryptable') return [];
  foundAgain(stores, row.id);
  const replaced = withArchive({ ...row, ordinal: shown.ordinal });
  const { readOrdinal } = await settle(stores.conversations.get(row.conversation));
  // Nobody will read once more up to its place.
  const placed = await arrived(stores,
    replaced.ordinal <= readOrdinal ? begun(replaced) : replaced);
  stores.messages.put(placed);
  await noteText(stores, placed);
  return [placed];
}

/** What could not be opened was nothing to be shown. */
export async function dropPlaceholder(stores, id) {
  foundAgain(stores, id);
  const shown = await messageById(stores, id);
  if (shown?.kind !== 'undecryptable') return [];
  await deleteMessage(stores, shown);
  return [{ ...shown, removed: true }];
}
