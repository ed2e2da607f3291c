/** Taking the inbox's entry of a restored server, the transaction (docs/protocol.md §10). */

import { equal } from '../crypto/bytes.js';
import { CONVERSATION_STORES } from '../store/conversations.js';
import { settle } from '../store/database.js';
import { sendTextsAgain } from './sending-again.js';

const STORES = [...CONVERSATION_STORES, 'contacts', 'groups', 'outbox', 'chain', 'meta'];

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
