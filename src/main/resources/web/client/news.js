/** Tells all tabs what has changed in the store, in the forms that the page shows. */

import { base64url } from '../crypto/bytes.js';
import { conversationOf, messagePlace } from '../store/conversations.js';
import { settle } from '../store/database.js';
import { alarmText, messageText, noticeText, notSentText } from './texts.js';

const PREVIEW_CHARS = 160;
const NONE = [];

/** Reasons for which sending again changes nothing. */
const BEYOND_REPAIR = ['device-gone', 'malformed'];

export class News {
  #store;
  #emit;

  /** @param {function(object)} emit gives an event to every tab */
  constructor(store, emit) {
    this.#store = store;
    this.#emit = emit;
  }

  /** One conversation, and rows of messages in it, are new or changed. */
  async tell(user, rows = NONE) {
    const id = conversationOf(this.#store.user, user);
    if (rows.length > 0) {
      const upserts = await Promise.all(rows.map(row => messageView(this.#store, row)));
      this.#emit({ type: 'messages', conversation: id, upserts });
    }
    const conversation = await conversationView(this.#store, id);
    if (conversation) this.#emit({ type: 'conversation', conversation });
  }

  /** A message is no longer there. */
  async removed(user, { id, conversation }) {
    this.#emit({ type: 'messages', conversation, upserts: [{ id, removed: true }] });
    await this.tell(user);
  }

  /** The whole list, as a tab gets it at first. */
  async list() {
    const ids = await this.#store.read(['conversations'],
      ({ conversations }) => settle(conversations.getAllKeys()));
    const list = await Promise.all(ids.map(id => conversationView(this.#store, id)));
    return { type: 'conversations', list };
  }

  alarm(code, values = {}) {
    const conversation = values.user && conversationOf(this.#store.user, values.user);
    const event = { type: 'alarm', text: alarmText(code, values) };
    this.#emit(conversation ? { ...event, conversation } : event);
  }
}

/** @returns {Promise<object>} a Message of the page */
export async function messageView(store, row) {
  const { id, conversation, ordinal, mine, from, sentAt, kind, state } = row;
  const text = await textOf(store, row);
  const view = { id, conversation, ordinal, mine, from, sentAt, kind, text };
  if (row.receivedAt) view.receivedAt = row.receivedAt;
  if (state) view.state = state;
  if (state === 'not-sent') {
    view.reason = notSentText(row.reason, { user: row.to });
    view.action = 'retry';
  }
  if (kind === 'undecryptable') {
    view.reason = text;
    if (!BEYOND_REPAIR.includes(row.reason)) view.action = 'repair';
  }
  return view;
}

/** @returns {Promise<object|undefined>} a Conversation of the page */
async function conversationView(store, id) {
  const stores = ['conversations', 'contacts', 'messages'];
  const found = await store.read(stores, async ({ conversations, contacts, messages }) => {
    const row = await settle(conversations.get(id));
    if (!row) return undefined;
    const contact = await settle(contacts.get(row.user));
    return { row, contact, last: await settle(messages.get([id, row.lastOrdinal])) };
  });
  if (!found) return undefined;
  const { row, contact, last } = found;
  const { user, unread, lastOrdinal, firstUnreadOrdinal } = row;
  const view = {
    id, user, unread, lastOrdinal,
    draft: row.draft ? await store.sealing.open(draftPlace(id), row.draft) : '',
    verified: contact?.verified ?? false,
    keyChanged: Boolean(contact?.changed),
  };
  // Names what the user is asked about, so that the answer is for this key only.
  if (contact?.changed) view.changedKey = base64url(contact.changed.pin.hash);
  if (firstUnreadOrdinal) view.firstUnreadOrdinal = firstUnreadOrdinal;
  if (!last) return view;
  const lastText = (await textOf(store, last)).slice(0, PREVIEW_CHARS);
  // A sender's clock may be wrong or lie: it is shown, and orders nothing.
  const lastAt = last.receivedAt ?? last.sentAt;
  return { ...view, lastText, lastAt, lastMine: last.mine };
}

export function draftPlace(conversation) {
  return ['draft', conversation];
}

function textOf(store, row) {
  if (row.kind === 'notice') return noticeText(row.notice, { user: row.from, count: row.count });
  if (row.kind === 'undecryptable') return messageText(row.reason, { user: row.from });
  if (row.kind === 'unsupported') return messageText('unsupported');
  return store.sealing.open(messagePlace(row), row.sealed);
}
