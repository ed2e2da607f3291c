/** Tells all tabs what has changed in the store, in the forms that the page shows. */

import { base64url } from '../crypto/bytes.js';
import {
  ARRANGEMENTS, conversationOf, conversationOfGroup, isGroupConversation, messagePlace,
} from '../store/conversations.js';
import { settle } from '../store/database.js';
import { groupFields, groupsWith } from './group-view.js';
import { alarmText, groupAlarmText, messageText, noticeText, notSentText } from './texts.js';

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

  /** The conversation with a person, and rows of messages in it, are new or changed. */
  tell(user, rows = NONE) {
    return this.show(conversationOf(this.#store.user, user), rows);
  }

  /** As `tell`, of a group. */
  tellGroup(group, rows = NONE) {
    return this.show(conversationOfGroup(group), rows);
  }

  /** What is known of a person has changed, and so what groups with that person show. */
  async tellGroupsWith(user) {
    for (const group of await groupsWith(this.#store, user)) await this.tellGroup(group);
  }

  /** As `tell`, of the conversation with an id. */
  async show(id, rows = NONE) {
    if (rows.length > 0) {
      const upserts = await Promise.all(rows.map(row => messageView(this.#store, row)));
      this.#emit({ type: 'messages', conversation: id, upserts });
    }
    const conversation = await conversationView(this.#store, id);
    if (conversation) this.#emit({ type: 'conversation', conversation });
  }

  /** A message is no longer there. */
  async removed({ id, conversation }) {
    this.#emit({ type: 'messages', conversation, upserts: [{ id, removed: true }] });
    await this.show(conversation);
  }

  /** The whole list, as a tab gets it at first. */
  async list() {
    const ids = await this.#store.read(['conversations'],
      ({ conversations }) => settle(conversations.getAllKeys()));
    const list = await Promise.all(ids.map(id => conversationView(this.#store, id)));
    return { type: 'conversations', list };
  }

  /** The server was caught at something in a group. */
  alarmGroup(group, code) {
    const conversation = conversationOfGroup(group);
    this.#emit({ type: 'alarm', text: groupAlarmText(code), conversation });
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
    const isBeyond = BEYOND_REPAIR.includes(row.reason) || isGroupConversation(conversation);
    if (!isBeyond) view.action = 'repair';
  }
  return view;
}

/** @returns {Promise<object|undefined>} a Conversation of the page */
async function conversationView(store, id) {
  const stores = ['conversations', 'messages'];
  const found = await store.read(stores, async ({ conversations, messages }) => {
    const row = await settle(conversations.get(id));
    return row && { row, last: await settle(messages.get([id, row.lastOrdinal])) };
  });
  if (!found) return undefined;
  const { row, last } = found;
  const { unread, lastOrdinal, firstUnreadOrdinal, seenOrdinal = 0 } = row;
  const view = {
    id, unread, lastOrdinal, seenOrdinal,
    draft: row.draft ? await store.sealing.open(draftPlace(id), row.draft) : '',
    ...await (row.group ? groupFieldsOf(store, row.group) : personFields(store, row.user)),
  };
  if (firstUnreadOrdinal) view.firstUnreadOrdinal = firstUnreadOrdinal;
  for (const name of ARRANGEMENTS) if (row[name]) view[name] = true;
  if (!last) return view;
  const lastText = (await textOf(store, last)).slice(0, PREVIEW_CHARS);
  // A sender's clock may be wrong or lie: it is shown, and orders nothing.
  const lastAt = last.receivedAt ?? last.sentAt;
  return { ...view, lastText, lastAt, lastMine: last.mine, lastFrom: last.from };
}

async function groupFieldsOf(store, group) {
  return { kind: 'group', ...await groupFields(store, group) };
}

async function personFields(store, user) {
  const contact = await store.read(['contacts'], ({ contacts }) => settle(contacts.get(user)));
  const fields = {
    kind: 'person', name: user, user,
    verified: contact?.verified ?? false,
    keyChanged: Boolean(contact?.changed),
  };
  // Names what the user is asked about, so that the answer is for this key only.
  if (contact?.changed) fields.changedKey = base64url(contact.changed.pin.hash);
  return fields;
}

export function draftPlace(conversation) {
  return ['draft', conversation];
}

async function textOf(store, row) {
  if (row.kind === 'undecryptable') return messageText(row.reason, { user: row.from });
  if (row.kind === 'unsupported') return messageText('unsupported');
  const sealed = row.sealed && await store.sealing.open(messagePlace(row), row.sealed);
  if (row.kind !== 'notice') return sealed;
  const { from: by, about: user = by, count, at } = row;
  return noticeText(row.notice, { user, by, count, name: sealed, at }, store.user);
}
