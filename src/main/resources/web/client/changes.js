/** How a person changes what was said. All of it works offline and in every tab. */

import { base64url, randomBytes } from '../crypto/bytes.js';
import {
  CHANGE_STORES, changePlace, changesOf, dropChanges, takeChange,
} from '../store/changes.js';
import {
  deleteMessage, messageById, messagePlace, rowId,
} from '../store/conversations.js';
import { settle } from '../store/database.js';
import { FILE_STORES, dropOwnFile } from '../store/files.js';
import { isText } from '../store/kinds.js';
import { addCopy, addOutgoing, dropUnsent } from '../store/outbox.js';
import { hasSiblings } from '../store/own-list.js';
import { noteText } from '../store/search.js';
import { NR_MAX, isEmoji, isTimer } from './contents.js';
import { acceptByWriting } from './requests.js';
import { sealedIn } from './said.js';
import { checkedText } from './typed.js';
import { isHereOnly } from './unsent.js';
import { UserError } from './user-error.js';

const STORES = [...CHANGE_STORES, 'meta', 'standings'];

export class Changes {
  #store;
  #news;

  constructor(store, news) {
    this.#store = store;
    this.#news = news;
  }

  /** @param {string|null} emoji null takes the reaction back */
  async react(id, emoji) {
    if (emoji !== null && !isEmoji(emoji.toWellFormed())) throw new UserError('emoji-invalid');
    const reaction = this.#change('reaction', await this.#messageOf(id));
    if (emoji !== null) reaction.sealed = await this.#seal(reaction, emoji.toWellFormed());
    await this.#make(reaction, emoji === null);
  }

  async edit(id, typed) {
    const text = checkedText(typed);
    const row = await this.#messageOf(id);
    if (!row.mine || row.kind !== 'text') throw new UserError('not-yours');
    const isHere = await this.#store.read(['outbox'], stores => isHereOnly(stores, row));
    if (row.state === 'not-sent' && isHere) {
      await this.#rewrite(row, text);
      return;
    }
    const edit = this.#change('edit', row);
    edit.sealed = await this.#seal(edit, text);
    await this.#make(edit);
  }

  /** What is written from now on disappears so many seconds after it is read; 0 is never. */
  async setDisappear(conversation, seconds) {
    if (!isTimer(seconds)) throw new UserError('timer-invalid');
    const line = await this.#store.write(STORES, async stores => {
      const row = await settle(stores.conversations.get(conversation));
      if (!row) throw new UserError('no-such-conversation');
      const { user, disappearAfter = 0 } = row;
      if (disappearAfter === seconds) return null;
      if (user) await acceptByWriting(stores, user, conversation);
      const timer = this.#change('timer', { conversation });
      const before = await settle(stores.messages.get([conversation, timer.ordinal]));
      const nr = Math.min((before?.nr ?? 0) + 1, NR_MAX);
      const to = user ?? conversation;
      const [told] = await takeChange(stores, { ...timer, to, nr, seconds });
      if (!told) throw new UserError('timer-void');
      await this.#send(stores, timer.id, to, user !== undefined);
      return told;
    });
    if (line) await this.#news.show(conversation, [line]);
    return line !== null;
  }

  /** What has not left yet never was; of all else everybody is told that it is no more. */
  async deleteForAll(id) {
    const row = await this.#messageOf(id);
    if (!row.mine) throw new UserError('not-yours');
    const isGone = await this.#store.write(STORES, async stores => {
      const here = await messageById(stores, id);
      if (!here || !await isHereOnly(stores, here)) return false;
      await forgetMessage(stores, here);
      return true;
    });
    if (isGone) await this.#news.removed(row);
    else await this.#make(this.#change('delete', row));
    if (row.kind === 'file') await this.#dropFile(row);
  }

  /** Only the message knows its file's name at the server, if the file is not here any more. */
  async #dropFile(row) {
    const { file } = await sealedIn(this.#store, row);
    await this.#store.write(FILE_STORES,
      stores => dropOwnFile(stores, row.id, Date.now(), base64url(file)));
  }

  async #messageOf(id) {
    const row = await this.#store.read(['messages'], stores => messageById(stores, id));
    if (row?.kind === 'deleted') throw new UserError('message-deleted');
    if (!row || !isText(row)) throw new UserError('no-such-message');
    return row;
  }

  /** @param {object} row of the message that is changed */
  #change(kind, { conversation, id: target }) {
    const from = this.#store.user;
    const change = {
      conversation, kind, ...target && { target }, from, id: rowId(from, randomBytes(16)),
      mine: true, sentAt: Date.now(), state: 'pending',
    };
    return { ...change, ordinal: changePlace(change) };
  }

  #seal(row, value) {
    return this.#store.sealing.seal(messagePlace(row), value);
  }

  /** @param {boolean} isTakenBack there is nothing to say if nothing of the kind was said before */
  async #make(change, isTakenBack = false) {
    const { conversation, target } = change;
    const isMade = await this.#store.write(STORES, async stores => {
      const { user: to = conversation } = await settle(stores.conversations.get(conversation));
      if (to !== conversation) await acceptByWriting(stores, to, conversation);
      const before = (await changesOf(stores, { conversation, id: target }))
        .find(({ ordinal }) => ordinal === change.ordinal);
      if (isTakenBack && !before?.sealed) return false;
      const made = { ...change, to };
      if (change.kind !== 'delete') made.nr = Math.min((before?.nr ?? 0) + 1, NR_MAX);
      if ((await takeChange(stores, made)).length === 0) throw new UserError('message-deleted');
      if (change.kind === 'delete') await dropUnsent(stores, target);
      await this.#send(stores, made.id, to, to !== conversation);
      return true;
    });
    if (isMade) await this.#news.show(conversation, [change]);
  }

  async #send(stores, id, to, isToPerson) {
    addOutgoing(stores, { to, type: 'text', message: id });
    if (isToPerson && await hasSiblings(stores)) addCopy(stores, this.#store.user, id);
  }

  /** One that nobody got is written anew, and waits as it did. */
  async #rewrite(row, text) {
    const sealed = await this.#seal(row, text);
    const changed = await this.#store.write(STORES, async stores => {
      const here = await messageById(stores, row.id);
      const isUnsent = here?.state === 'not-sent' && await isHereOnly(stores, here);
      if (!isUnsent) throw new UserError('no-such-message');
      const rewritten = { ...here, sealed };
      stores.messages.put(rewritten);
      await noteText(stores, rewritten);
      return rewritten;
    });
    await this.#news.show(row.conversation, [changed]);
  }
}

/** Inside a transaction: a message that nobody got goes, with all that belongs to it. */
export async function forgetMessage(stores, row) {
  await dropUnsent(stores, row.id);
  if (row.kind === 'file') await dropOwnFile(stores, row.id, Date.now());
  await dropChanges(stores, row);
  await deleteMessage(stores, row);
}
