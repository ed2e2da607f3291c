/** Where an inbox does not go on with its next entry, the transactions (docs/protocol.md §5, §10). */

import { equal } from '../crypto/bytes.js';
import { CONVERSATION_STORES } from '../store/conversations.js';
import { settle } from '../store/database.js';
import { putStale } from '../store/session-rows.js';
import { addNotice } from './notices.js';
import { sendTextsAgain } from './sending-again.js';

const STORES = [...CONVERSATION_STORES, 'contacts', 'groups', 'outbox', 'chain', 'meta'];
const CUT_OFF_STORES = [...CONVERSATION_STORES, 'sessions', 'chain', 'meta'];

/** @returns {object} a chain's row that keeps what earlier restores left in it */
export function chainRow({ previousNr, sharedNr }, fields) {
  return { ...previousNr !== undefined && { previousNr, sharedNr }, ...fields };
}

/**
 * The log goes on from this entry, whatever was its head before. What was accepted of this device
 * and may be lost is sent again; until a person has read of it, it is kept to be told.
 *
 * @param {Restored} entry that follows; of a `cut-off`, what it says of one that is gone
 * @returns {Promise<Map<string, object[]>>} changed rows of messages, by user
 */
export function commitRestored(store, { generation, sequenceNr, hash, previous, copyTime }) {
  return store.write(STORES, async stores => {
    const { chain, groups, meta } = stores;
    const before = await settle(meta.get('chain'));
    const known = await settle(chain.get(previous.sequenceNr));
    const previousNr = previous.sequenceNr;
    const sharedNr = Math.min(previousNr, before.sharedNr ?? previousNr);
    // The hashes after what both have are those of a history that is no more.
    const isOurs = known && equal(known, previous.hash);
    chain.delete(IDBKeyRange.lowerBound(isOurs ? previousNr : sharedNr, true));
    chain.put(hash, sequenceNr);
    meta.put({ generation, head: { sequenceNr, hash }, previousNr, sharedNr }, 'chain');
    meta.put({ copyTime }, 'restored');
    // Whether the copy holds all of them, only the server can say.
    meta.put(await settle(groups.getAllKeys()), 'unsureGroups');
    return sendTextsAgain(stores, copyTime);
  });
}

/**
 * The log goes on from a point, and what lay between is gone for this device: its sessions may have
 * gone on without it, and people are told in each conversation.
 *
 * @param {{generation: number, head: object}} point
 * @param {boolean} isHistoryNew how far it is the same history, nobody told
 * @returns {Promise<object[]>} rows of notices
 */
export function commitCutOff(store, point, isHistoryNew) {
  return store.write(CUT_OFF_STORES, async stores => {
    if (isHistoryNew) stores.chain.clear();
    await moveHead(stores, point);
    await putAllStale(stores);
    const notices = [];
    for (const { user } of await settle(stores.conversations.getAll())) {
      if (user) notices.push(await addNotice(stores, store.user, user, 'cut-off'));
    }
    return notices;
  });
}

/** This browser's data was put back to an old copy: goes on where the device was. */
export function commitJump(store, head) {
  return store.write(['sessions', 'chain', 'meta'], async stores => {
    const { generation } = await settle(stores.meta.get('chain'));
    await moveHead(stores, { generation, head, isGenerationOpen: true });
    await putAllStale(stores);
  });
}

async function putAllStale(stores) {
  for (const row of await settle(stores.sessions.getAll())) putStale(stores, row);
}

async function moveHead({ chain, meta }, row) {
  const { sequenceNr, hash } = row.head;
  chain.delete(IDBKeyRange.lowerBound(sequenceNr));
  chain.put(hash, sequenceNr);
  meta.put(chainRow(await settle(meta.get('chain')), row), 'chain');
}
