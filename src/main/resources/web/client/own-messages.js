/**
 * What the devices of one user tell each other besides texts (docs/protocol.md §7.5), by type. It
 * is stored in the transaction that moves the ratchet, so that no crash loses it; then the engine
 * hears of it.
 *
 * @typedef {object} Taker
 * @property {string[]} stores the names of the object stores that `keep` needs
 * @property {function(AccountStore, object): Promise<*>} [prepare] what is no work for a
 *   transaction, such as sealing
 * @property {function(object, object, *): Promise<(string|object)[]>} keep inside the transaction:
 *   stores, the message {type, content, conversation, device, sentAt}, and what `prepare` gave; the
 *   ids of conversations, and rows of messages, that look different now
 */

import {
  READING_STORES, conversationOfGroup, markReadUpTo,
} from '../store/conversations.js';
import { settle } from '../store/database.js';
import { addOutgoing } from '../store/outbox.js';
import { isPossibleOwnKey, putOwnKey, sealOwnKey } from '../store/own-keys.js';
import { HISTORY_TAKERS } from './history-takers.js';

/** @type {Object<string, Taker>} */
const TAKERS = {
  ...HISTORY_TAKERS,
  'read': {
    stores: READING_STORES,
    async keep(stores, { conversation, content }) {
      const id = conversation.includes('+') ? conversation : conversationOfGroup(conversation);
      return [id, ...await markReadUpTo(stores, id, content.upTo)];
    },
  },
  'own-key': {
    stores: ['ownKeys', 'meta'],
    prepare: (store, { content }) => sealOwnKey(store, content),
    async keep(stores, message, row) {
      const { deviceList: { version } } = await settle(stores.meta.get('account'));
      const known = await settle(stores.ownKeys.getAll());
      if (isPossibleOwnKey(row, known, version)) await putOwnKey(stores, row);
      return [];
    },
  },
};

/** The names of the object stores that all of them need. */
export const OWN_MESSAGE_STORES = [
  ...new Set(Object.values(TAKERS).flatMap(({ stores }) => stores)),
];

/** @returns {Taker|undefined} of a type */
export function takerOf(type) {
  return Object.hasOwn(TAKERS, type) ? TAKERS[type] : undefined;
}

/**
 * Inside a transaction over `outbox`: tells the user's other devices something about no one. Of an
 * own key only its id: the outbox is not sealed, and the key is taken from where it is.
 */
export function tellSiblings(stores, ownUser, type, content) {
  addOutgoing(stores, { to: ownUser, type, content });
}
