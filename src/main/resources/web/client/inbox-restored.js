/** Taking the inbox's entry of a restored server, the transaction (docs/protocol.md §10). */

import { CONVERSATION_STORES } from '../store/conversations.js';
import { settle } from '../store/database.js';
import { sendTextsAgain } from './sending-again.js';

const STORES = [...CONVERSATION_STORES, 'contacts', 'groups', 'outbox', 'chain', 'meta'];

/**
 * The log goes on from this entry, whatever was its head before. What was accepted of this device
 * and may be lost is sent again; until a person has read of it, it is kept to be told.
 *
 * @param {Restored} entry that follows
 * @returns {Promise<Map<string, object[]>>} changed rows of messages, by user
 */
export function commitRestored(store, { generation, sequenceNr, hash, copyTime }) {
  return store.write(STORES, async stores => {
    const { chain, groups, meta } = stores;
    // The hashes after it are those of a history that is no more.
    chain.delete(IDBKeyRange.lowerBound(sequenceNr));
    chain.put(hash, sequenceNr);
    meta.put({ generation, head: { sequenceNr, hash } }, 'chain');
    meta.put({ copyTime }, 'restored');
    // Whether the copy holds all of them, only the server can say.
    meta.put(await settle(groups.getAllKeys()), 'unsureGroups');
    return sendTextsAgain(stores, copyTime);
  });
}
