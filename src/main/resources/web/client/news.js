/** Tells all tabs what has changed in the store, in the forms that the page shows. */

import { base64url } from '../crypto/bytes.js';
import { looksOf, shownBy } from '../store/changes.js';
import { ARRANGEMENTS, conversationOf, conversationOfGroup } from '../store/conversations.js';
import { settle } from '../store/database.js';
import { standingOf } from '../store/standings.js';
import { groupFields, groupsWith } from './group-view.js';
import { lineOf, messageViews } from './message-view.js';
import { alarmText, groupAlarmText } from './texts.js';

const NONE = [];

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

  /** As `tell`, of the conversation with an id. A change is told as what it changes. */
  async show(id, rows = NONE) {
    if (rows.length > 0) {
      const looks = await this.#store.read(['messages'],
        async stores => looksOf(stores, await shownBy(stores, rows)));
      const upserts = await messageViews(this.#store, looks);
      if (upserts.length > 0) this.#emit({ type: 'messages', conversation: id, upserts });
    }
    const conversation = await conversationView(this.#store, id);
    if (conversation) this.#emit({ type: 'conversation', conversation });
  }

  /** Messages disappeared. @param {object[]} answers rows of what answered them */
  async gone(conversation, ids, answers) {
    this.#emit({ type: 'messages-gone', conversation, ids });
    await this.show(conversation, answers);
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
    return { type: 'conversations', list: list.filter(Boolean) };
  }

  /** These messages of a conversation are no more. */
  erased(conversation, ids) {
    const upserts = ids.map(id => ({ id, removed: true }));
    this.#emit({ type: 'messages', conversation, upserts });
  }

  /** Which conversations there are is another question now. */
  async tellList() {
    this.#emit(await this.list());
  }

  /** What the user chose for all devices is another way. @param {object} changed by name */
  switched(changed) {
    if (Object.keys(changed).length > 0) this.#emit({ type: 'privacy', ...changed });
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

/**
 * @returns {Promise<object|undefined>} a Conversation of the page; none for an invitation by
 *   somebody who is blocked
 */
async function conversationView(store, id) {
  const names = ['conversations', 'messages', 'standings'];
  const found = await store.read(names, async ({ conversations, messages, standings }) => {
    const row = await settle(conversations.get(id));
    const last = row && await settle(messages.get([id, row.lastOrdinal]));
    const [look] = await looksOf({ messages }, last ? [last] : NONE);
    const standing = row?.user ? await standingOf({ standings }, row.user) : 'accepted';
    return row && { row, look, standing };
  });
  if (!found) return undefined;
  const { row, look, standing } = found;
  const whose = await (row.group ? groupFieldsOf(store, row.group) : personFields(store, row.user));
  if (await isInvitedByBlocked(store, whose)) return undefined;
  const {
    lastOrdinal, firstUnreadOrdinal, seenOrdinal = 0, disappearAfter = 0, activeAt = 0,
  } = row;
  // What is kept apart counts nowhere, until the person is accepted.
  const isCounted = standing === 'accepted';
  const view = {
    id, unread: isCounted ? row.unread : 0, lastOrdinal, seenOrdinal, standing,
    disappearAfter,
    draft: row.draft ? await store.sealing.open(draftPlace(id), row.draft) : '', ...whose,
  };
  if (isCounted && firstUnreadOrdinal) view.firstUnreadOrdinal = firstUnreadOrdinal;
  for (const name of ARRANGEMENTS) if (row[name]) view[name] = true;
  if (!look) return activeAt > 0 ? { ...view, lastAt: activeAt } : view;
  const { receivedAt, sentAt, mine: lastMine, from: lastFrom, kind: lastKind } = look.row;
  // A sender's clock may be wrong or lie: it is shown, and orders nothing.
  const lastAt = Math.max(receivedAt ?? sentAt, activeAt);
  return { ...view, lastText: await lineOf(store, look), lastAt, lastMine, lastFrom, lastKind };
}

async function isInvitedByBlocked(store, { group }) {
  const inviter = group?.status === 'invited' && group.invitedBy;
  if (!inviter) return false;
  return await store.read(['standings'], stores => standingOf(stores, inviter)) === 'blocked';
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
