/** What a person does in a conversation. All of it works offline and in every tab. */

import { randomBytes } from '../crypto/bytes.js';
import { CHANGE_STORES, addSaid, looksOf } from '../store/changes.js';
import {
  arranged, conversationOf, conversationRow, lastTextIn, markRead, messageById, messagePage,
  messagePlace, rowId, writtenUpTo,
} from '../store/conversations.js';
import { settle } from '../store/database.js';
import { fileWaits } from '../store/files.js';
import { isText } from '../store/kinds.js';
import { beginTimes } from '../store/lifetime.js';
import {
  addCopy, addOutgoing, addRead, addRepair, addSeen, outgoingOf,
} from '../store/outbox.js';
import { hasSiblings } from '../store/own-list.js';
import { forgetMessage } from './changes.js';
import { makeFile } from './file-making.js';
import { messageViews } from './message-view.js';
import { draftPlace } from './news.js';
import { lostFrom } from './repairing.js';
import { acceptByWriting } from './requests.js';
import { sharedRow } from './shared.js';
import { checkedText } from './typed.js';
import { giveUp, sendParked, unsentOf } from './unsent.js';
import { UserError } from './user-error.js';

const SENDING_STORES = [...CHANGE_STORES, 'meta', 'standings'];

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
    const looks = await this.#store.read(['messages'], async stores =>
      looksOf(stores, await messagePage(stores, conversation, before, limit)));
    return messageViews(this.#store, looks);
  }

  async saveDraft(conversation, text) {
    const place = draftPlace(conversation);
    const draft = text === '' ? null : await this.#store.sealing.seal(place, text);
    await this.#change(conversation, row => ({ ...row, draft }));
    await this.#news.show(conversation);
  }

  /** @param {{muted?: boolean, pinned?: boolean, archived?: boolean}} change on all devices */
  async arrange(conversation, change) {
    await this.#change(conversation, row => ({ ...arranged(row, change), isArranged: true }));
    await this.#news.show(conversation);
  }

  /** @returns {Promise<boolean>} whether somebody is to be told */
  async markRead(conversation, ordinal) {
    const { isNews, begun } = await this.#store.write(SENDING_STORES, async stores => {
      const before = await existing(stores, conversation);
      const { unread } = await markRead(stores, conversation, ordinal);
      if (unread === before.unread) return { isNews: false };
      const rows = await beginTimes(stores, conversation, before.readOrdinal, ordinal);
      const toldOthers = await this.#tellSiblings(stores, conversation, ordinal);
      const toldWriter = await this.#tellWriter(stores, before, ordinal);
      return { isNews: toldWriter || toldOthers, begun: rows };
    });
    await this.#news.show(conversation, begun);
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

  /**
   * @param {{replyTo?: string}} more the id of the message that this answers
   * @returns {Promise<string>} the message's id, once it is on disk to be sent
   */
  async send(conversation, typed, { replyTo } = {}) {
    const text = checkedText(typed);
    return this.#add(this.#message(conversation, 'text', replyTo), text);
  }

  /**
   * @param {File|Blob} file
   * @param {{text?: string, replyTo?: string}} more what is said to it, and what it answers
   * @param {function(object): Promise} check as of makeFile
   * @returns {Promise<string>} the message's id, once it is on disk, and its file encrypted
   */
  async sendFile(conversation, file, { text = '', replyTo } = {}, check) {
    const caption = text.trim() === '' ? {} : { text: checkedText(text) };
    if (file.size === 0) throw new UserError('file-empty');
    await this.#store.read(['conversations'], stores => existing(stores, conversation));
    const message = this.#message(conversation, 'file', replyTo);
    const content = await makeFile(this.#store, message.id, file, check);
    return this.#add(message, { ...content, ...caption });
  }

  #message(conversation, kind, replyTo) {
    const from = this.#store.user;
    return {
      conversation, id: rowId(from, randomBytes(16)), mine: true, from, sentAt: Date.now(), kind,
      state: 'pending', ...replyTo && { replyTo },
    };
  }

  /** Puts a message at the end of its conversation, to be sent. */
  async #add(message, content) {
    const { conversation, kind, from, replyTo } = message;
    const sealed = await this.#store.sealing.seal(messagePlace(message), content);
    const row = await this.#store.write(SENDING_STORES, async stores => {
      // A group's posts wait under its conversation, a person's messages under the name.
      const { user: to = conversation, disappearAfter } = await existing(stores, conversation);
      if (to !== conversation) await acceptByWriting(stores, to, conversation);
      if (replyTo) await checkAnswered(stores, conversation, replyTo);
      const added = await addSaid(stores, to,
        { ...message, sealed, to, ...disappearAfter && { disappearAfter } });
      const upload = kind === 'file';
      if (upload && !await fileWaits(stores, added.id)) throw new UserError('file-stopped');
      addOutgoing(stores, { to, type: 'text', message: added.id, ...upload && { upload } });
      if (to !== conversation && await hasSiblings(stores)) addCopy(stores, from, added.id);
      return added;
    });
    await this.#news.show(conversation, [row]);
    return row.id;
  }

  /** Sends again what was refused of a message: itself, or a change. It keeps its place. */
  async retry(id) {
    const row = await this.#store.write(SENDING_STORES, async stores => {
      const unsent = await existingUnsent(stores, id);
      const { user, id: conversation } = await existing(stores, unsent[0].conversation);
      if (user) await acceptByWriting(stores, user, conversation);
      for (const said of unsent) await sendParked(stores, said);
      return messageById(stores, id);
    });
    await this.#news.show(row.conversation, [row]);
  }

  async deleteUnsent(id) {
    const { row, isGone } = await this.#store.write(SENDING_STORES, async stores => {
      const unsent = await existingUnsent(stores, id);
      const message = await messageById(stores, id);
      const isWhole = message.state === 'not-sent';
      if (isWhole) await forgetMessage(stores, message);
      else for (const said of unsent) await giveUp(stores, said);
      return { row: message, isGone: isWhole };
    });
    if (isGone) await this.#news.removed(row);
    else await this.#news.show(row.conversation, [row]);
  }

  /** @returns {Promise<boolean>} whether the message waited for its file to be at the server */
  async cancelUpload(id) {
    const row = await this.#store.write(SENDING_STORES, async stores => {
      const { upload } = await outgoingOf(stores, id) ?? {};
      if (!upload) return null;
      const message = await messageById(stores, id);
      await forgetMessage(stores, message);
      return message;
    });
    if (row) await this.#news.removed(row);
    return row !== null;
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

/** @returns {Promise<object[]>} what was not sent of a message: itself, or how it was changed */
async function existingUnsent(stores, id) {
  const row = await messageById(stores, id);
  const unsent = row ? await unsentOf(stores, row) : [];
  if (unsent.length === 0) throw new UserError('no-such-message');
  return unsent;
}

async function checkAnswered(stores, conversation, id) {
  const row = await messageById(stores, id);
  const isHere = row?.conversation === conversation && (isText(row) || row.kind === 'deleted');
  if (!isHere) throw new UserError('no-such-message');
}
