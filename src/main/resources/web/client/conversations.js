/** What a person does in a conversation. All of it works offline and in every tab. */

import { randomBytes, utf8 } from '../crypto/bytes.js';
import {
  CONVERSATION_STORES, addMessage, arranged, conversationOf, conversationRow, deleteMessage,
  lastTextIn, markRead, messageById, messagePage, messagePlace, rowId, writtenUpTo,
} from '../store/conversations.js';
import { settle } from '../store/database.js';
import {
  addCopy, addOutgoing, addRead, addRepair, addSeen, dropCopies, outgoingOf,
} from '../store/outbox.js';
import { hasSiblings } from '../store/own-list.js';
import { CONTROL_CHARACTERS, TEXT_BYTES_MAX } from './contents.js';
import { draftPlace, messageView } from './news.js';
import { lostFrom } from './repairing.js';
import { sharedRow } from './shared.js';
import { UserError } from './user-error.js';

const SENDING_STORES = [...CONVERSATION_STORES, 'outbox', 'meta'];

export class Conversations {
  #store;
  #news;

  constructor(store, news) {
    this.#store = store;
    this.#news = news;
  }

  /** Shows the conversation with a known person in the list. @returns {Promise<string>} its id */
  async open(user) {
    const id = conversationOf(this.#store.user, user);
    await this.#store.write(['conversations'], stores => conversationRow(stores, id, user));
    await this.#news.tell(user);
    return id;
  }

  async load(conversation, { before = Number.MAX_SAFE_INTEGER, limit }) {
    const rows = await this.#store.read(['messages'],
      stores => messagePage(stores, conversation, before, limit));
    return Promise.all(rows.map(row => messageView(this.#store, row)));
  }

  async saveDraft(conversation, text) {
    const place = draftPlace(conversation);
    const draft = text === '' ? null : await this.#store.sealing.seal(place, text);
    await this.#change(conversation, row => ({ ...row, draft }));
    await this.#news.show(conversation);
  }

  /** @param {{muted?: boolean, pinned?: boolean, archived?: boolean}} change for this browser */
  async arrange(conversation, change) {
    await this.#change(conversation, row => arranged(row, change));
    await this.#news.show(conversation);
  }

  /** @returns {Promise<boolean>} whether somebody is to be told */
  async markRead(conversation, ordinal) {
    const isNews = await this.#store.write(SENDING_STORES, async stores => {
      const before = await existing(stores, conversation);
      const { unread } = await markRead(stores, conversation, ordinal);
      if (unread === before.unread) return false;
      const toldOthers = await this.#tellSiblings(stores, conversation, ordinal);
      return await this.#tellWriter(stores, before, ordinal) || toldOthers;
    });
    await this.#news.show(conversation);
    return isNews;
  }

  async #tellSiblings(stores, conversation, ordinal) {
    if (!await hasSiblings(stores)) return false;
    const upTo = await writtenUpTo(stores, conversation, ordinal);
    if (upTo) await addRead(stores, this.#store.user, conversation, upTo, Date.now());
    return Boolean(upTo);
  }

  /** The person who wrote it, unless the user keeps to themselves what they have read. */
  async #tellWriter(stores, { id, user, readOrdinal }, ordinal) {
    if (!user || !(await sharedRow(stores)).readReceipts) return false;
    const upTo = await lastTextIn(stores, id, readOrdinal, ordinal);
    if (upTo) await addSeen(stores, user, upTo, Date.now());
    return Boolean(upTo);
  }

  /** @returns {Promise<string>} the message's id, once it is on disk to be sent */
  async send(conversation, typed) {
    const text = typed.toWellFormed().replace(CONTROL_CHARACTERS, '');
    const size = utf8(text).length;
    if (size === 0) throw new UserError('text-empty');
    if (size > TEXT_BYTES_MAX) throw new UserError('text-too-long');
    const from = this.#store.user;
    const message = {
      conversation, id: rowId(from, randomBytes(16)), mine: true, from, sentAt: Date.now(),
      kind: 'text', state: 'pending',
    };
    message.sealed = await this.#store.sealing.seal(messagePlace(message), text);
    const row = await this.#store.write(SENDING_STORES, async stores => {
      // A group's posts wait under its conversation, a person's messages under the name.
      const { user: to = conversation } = await existing(stores, conversation);
      const added = await addMessage(stores, to, { ...message, to });
      addOutgoing(stores, { to, type: 'text', message: added.id });
      if (to !== conversation && await hasSiblings(stores)) addCopy(stores, from, added.id);
      return added;
    });
    await this.#news.show(conversation, [row]);
    return row.id;
  }

  /** Sends a message again that was refused; it keeps its place. */
  async retry(id) {
    const row = await this.#store.write(SENDING_STORES, async stores => {
      const { parked, ...outgoing } = await parkedOf(stores, id);
      stores.outbox.put(outgoing);
      const { reason, ...message } = await messageById(stores, id);
      const pending = { ...message, state: 'pending' };
      stores.messages.put(pending);
      return pending;
    });
    await this.#news.show(row.conversation, [row]);
  }

  async deleteUnsent(id) {
    const row = await this.#store.write(SENDING_STORES, async stores => {
      const { seq } = await parkedOf(stores, id);
      stores.outbox.delete(seq);
      await dropCopies(stores, id);
      const message = await messageById(stores, id);
      await deleteMessage(stores, message);
      return message;
    });
    await this.#news.removed(row);
  }

  /** Asks the device that sent a message which could not be opened for all of that kind again. */
  async repair(conversation, id) {
    await this.#store.write([...SENDING_STORES, 'contacts'], async stores => {
      const { user: to } = await existing(stores, conversation);
      const row = await messageById(stores, id);
      if (row?.kind !== 'undecryptable') throw new UserError('no-such-message');
      const contact = await settle(stores.contacts.get(to));
      if (contact?.list && !contact.list.devices.some(device => device.id === row.device)) {
        throw new UserError('device-gone', { user: to });
      }
      await addRepair(stores, to, row.device, await lostFrom(stores, conversation, row.device));
    });
  }

  #change(conversation, change) {
    return this.#store.write(['conversations'], async stores => {
      const row = change(await existing(stores, conversation));
      stores.conversations.put(row);
      return row;
    });
  }
}

async function existing({ conversations }, id) {
  const row = await settle(conversations.get(id));
  if (!row) throw new UserError('no-such-conversation');
  return row;
}

async function parkedOf(stores, id) {
  const row = await outgoingOf(stores, id);
  if (!row?.parked) throw new UserError('no-such-message');
  return row;
}
