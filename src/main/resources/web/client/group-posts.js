/**
 * Encrypting what was written to a group (docs/protocol.md §8, §9.5). The advanced chain, the
 * ciphertext and the row of the outbox are stored in one transaction, and before that no byte
 * leaves.
 */

import { makePost } from '../group/drafts.js';
import { messageById, messageIdOf, messagePlace } from '../store/conversations.js';
import { Conflict, settle } from '../store/database.js';
import { putGroup, sealGroup } from '../store/groups.js';
import { buildPlaintext } from './plaintext.js';

/**
 * @param {{version: number, state: GroupState}} loaded
 * @param {object} row of the outbox; what is encrypted for an earlier epoch is encrypted anew
 * @returns {Promise<{row: object, messageId: Uint8Array}|null>} null if there is nothing to be sent
 *   any more. Rejects with Conflict if somebody else wrote meanwhile
 */
export async function encryptPost(store, self, { version, state }, row) {
  const message = await store.read(['messages'], stores => messageById(stores, row.message));
  if (!message) {
    await store.write(['outbox'], ({ outbox }) => { outbox.delete(row.seq); });
    return null;
  }
  const messageId = messageIdOf(message);
  const { epoch } = state.membership;
  if (row.post?.epoch === epoch) return { row, messageId };
  const text = await store.sealing.open(messagePlace(message), message.sealed);
  const plaintext = buildPlaintext({
    type: 'text', conversation: state.group, sentAt: message.sentAt, content: { text },
  });
  const made = await makePost(state, self, messageId, plaintext);
  const { content, ciphertext } = made;
  const encrypted = { ...row, post: { epoch, content, ciphertext } };
  const groupRow = await sealGroup(store, version, made.state);
  await store.write(['groups', 'outbox'], async stores => {
    const stored = await settle(stores.outbox.get(row.seq));
    if (!stored || stored.parked) throw new Conflict('the row is gone');
    await putGroup(stores, groupRow);
    stores.outbox.put(encrypted);
  });
  return { row: encrypted, messageId };
}

/** Inside a transaction: the post is encrypted anew, in a later epoch. */
export async function dropPost({ outbox }, { seq }) {
  const stored = await settle(outbox.get(seq));
  if (!stored) return;
  const { post, ...row } = stored;
  outbox.put(row);
}

/** Inside a transaction: the post waits for the user. @returns {Promise<object|undefined>} */
export async function parkPost(stores, { seq, message }, reason) {
  const stored = await settle(stores.outbox.get(seq));
  const shown = await messageById(stores, message);
  if (!stored || !shown) return undefined;
  const { post, ...row } = stored;
  stores.outbox.put({ ...row, parked: true });
  const unsent = { ...shown, state: 'not-sent', reason };
  stores.messages.put(unsent);
  return unsent;
}
