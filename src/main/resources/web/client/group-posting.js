/**
 * Posts to a group: encrypted when it is their turn, in the present epoch, and anew if the epoch
 * ends before the server has taken them (docs/protocol.md §8, §9.5).
 */

import { base64url } from '../crypto/bytes.js';
import { makePost } from '../group/drafts.js';
import { statusOf } from '../group/state.js';
import { RequestRefused, TooLarge } from '../protocol/connection.js';
import { CHANGE_STORES } from '../store/changes.js';
import { conversationOfGroup, messageById, messageIdOf } from '../store/conversations.js';
import { Conflict, settle } from '../store/database.js';
import { loadGroup, openGroup, putGroup, sealGroup } from '../store/groups.js';
import { isSaid } from '../store/kinds.js';
import { outgoingTo, unposted } from '../store/outbox.js';
import { isCommitDue } from './group-attempts.js';
import { blockedIn } from './group-view.js';
import { buildPlaintext } from './plaintext.js';
import { contentOf } from './said.js';
import { GO_ON, REST, SENT_AGAIN, afterQuicker, again } from './step.js';
import { TypingKeys, knownTypingKey } from './typing-keys.js';
import { park } from './unsent.js';

/** Refusals after which a post is encrypted anew. */
const ENCRYPTED_ANEW = ['epoch-stale', 'epoch-pending', 'not-member'];
/** Where everything lies that a post is made of. */
const POST_STORES = ['groups', 'contacts', 'meta', 'messages', 'typingKeys'];

export class GroupPosting {
  #store;
  #self;
  #turn;
  #news;
  #now;
  #append;
  #owner;

  /** @param {function(string, object): Promise} append sends an entry for a group's log */
  constructor({ store, self, turn, news, now }, append, owner) {
    this.#store = store;
    this.#self = self;
    this.#turn = turn;
    this.#news = news;
    this.#now = now;
    this.#append = append;
    this.#owner = owner;
  }

  /**
   * Sends a row of the outbox.
   *
   * @param {GroupState} state as the row was chosen
   * @returns {Promise<Step>} rejects with ConnectionLost
   */
  async run(row, state) {
    const { group } = state;
    const sending = await this.#encrypted(group, row);
    if (!sending) return GO_ON;
    const { content, ciphertext } = sending.row.post;
    try {
      const messageId = base64url(sending.messageId);
      await this.#append(group, { messageId, content, ciphertext });
      return GO_ON;
    } catch (error) {
      return this.#refused(sending.row, state, error);
    }
  }

  /** Nothing can be sent any more to a group that this user does not belong to. */
  async giveUp(group) {
    const conversation = conversationOfGroup(group);
    const rows = await this.#store.read(['outbox'], stores => outgoingTo(stores, conversation));
    for (const row of rows) await this.#park(row, 'not-member');
    return REST;
  }

  /** In turn with what is taken, so that no two move the chains at once. */
  async #encrypted(group, row) {
    try {
      return await this.#turn.take(async () => {
        const { groupRow, blocked, ...said } = await this.#store.read(
          POST_STORES, stores => postOf(stores, group, row));
        const loaded = await openGroup(this.#store, groupRow);
        const { state } = loaded;
        const mayPost = statusOf(state, this.#self.user) === 'member' && !state.breach
          && !isCommitDue(state, this.#now()) && blocked.length === 0;
        return mayPost ? encryptPost(this.#store, this.#self, loaded, { row, ...said }) : null;
      });
    } catch (error) {
      if (error instanceof Conflict) return null;
      throw error;
    }
  }

  async #refused(row, before, error) {
    if (error instanceof TooLarge) return this.#park(row, 'too-large');
    if (!(error instanceof RequestRefused)) throw error;
    const { code } = error;
    if (SENT_AGAIN.includes(code)) return again(error);
    if (code === 'out-of-order') return this.#renumber(before.group, row);
    if (!ENCRYPTED_ANEW.includes(code)) return this.#park(row, 'refused');
    await this.#store.write(['outbox'], stores => dropPost(stores, row));
    const { state } = await loadGroup(this.#store, before.group);
    return afterQuicker(before, state);
  }

  /** This device's counter and that of the server differ: a new epoch begins both anew. */
  async #renumber(group, row) {
    await this.#store.write(['outbox'], stores => dropPost(stores, row));
    await this.#owner.addOwn(group, 'settle', { force: true });
    return GO_ON;
  }

  async #park(row, reason) {
    const message = await this.#store.write(CHANGE_STORES,
      stores => parkPost(stores, row, reason));
    if (message) await this.#news.show(message.conversation, [message]);
    return GO_ON;
  }
}

/** Inside a transaction over POST_STORES. */
async function postOf(stores, group, row) {
  const groupRow = await settle(stores.groups.get(group));
  return {
    groupRow, blocked: await blockedIn(stores, groupRow),
    message: await messageById(stores, row.message),
    typingKey: await knownTypingKey(stores, conversationOfGroup(group)),
  };
}

/**
 * The advanced chain, the ciphertext and the row are stored in one transaction, and before that no
 * byte leaves.
 *
 * @param {{version: number, state: GroupState}} loaded
 * @param {{row: object, message: object|undefined, typingKey: object}} said the row of the outbox:
 *   what is encrypted for an earlier epoch is encrypted anew; the row of the message; as of
 *   knownTypingKey
 * @returns {Promise<{row: object, messageId: Uint8Array}|null>} null if there is nothing to be sent
 *   any more. Rejects with Conflict if somebody else wrote meanwhile
 */
async function encryptPost(store, self, { version, state }, { row, message, typingKey }) {
  const messageId = messageIdOf({ id: row.message });
  const { epoch } = state.membership;
  // It goes even if it was deleted since: the log may have it already.
  if (row.post?.epoch === epoch) return { row, messageId };
  if (!message || !isSaid(message)) {
    await store.write(['outbox'], ({ outbox }) => { outbox.delete(row.seq); });
    return null;
  }
  const typingKeys = new TypingKeys(store, typingKey);
  const brought = await typingKeys.broughtInto(state.membership, message);
  const plaintext = buildPlaintext({
    type: message.kind, conversation: state.group, sentAt: message.sentAt,
    content: { ...await contentOf(store, message), ...brought },
  });
  const made = await makePost(state, self, messageId, plaintext);
  const { content, ciphertext } = made;
  const encrypted = { ...row, post: { epoch, content, ciphertext } };
  const groupRow = await sealGroup(store, version, made.state);
  await store.write(['groups', 'outbox', 'typingKeys'], async stores => {
    const stored = await settle(stores.outbox.get(row.seq));
    if (!stored || stored.parked) throw new Conflict('the row is gone');
    await putGroup(stores, groupRow);
    stores.outbox.put(encrypted);
    typingKeys.put(stores);
  });
  return { row: encrypted, messageId };
}

/** Inside a transaction: the post is encrypted anew, in a later epoch. */
async function dropPost({ outbox }, { seq }) {
  const stored = await settle(outbox.get(seq));
  if (!stored) return;
  const { post, ...row } = stored;
  outbox.put(row);
}

/** Inside a transaction: the post waits for the user. @returns {Promise<object|null>} as `park` */
async function parkPost(stores, { seq }, reason) {
  const stored = await settle(stores.outbox.get(seq));
  return stored ? park(stores, unposted(stored), reason) : null;
}
