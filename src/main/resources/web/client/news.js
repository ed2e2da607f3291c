/** Tells all tabs what has changed in the store, in the forms that the page shows. */

import { base64url } from '../crypto/bytes.js';
import { looksOf, shownBy } from '../store/changes.js';
import { ARRANGEMENTS, conversationOf, conversationOfGroup } from '../store/conversations.js';
import { settle } from '../store/database.js';
import { nextGoneAt } from '../store/disappearing.js';
import { standingOf } from '../store/standings.js';
import { GROUP_VIEW_STORES, groupFields, groupRows, groupsWith } from './group-view.js';
import { lineOf, messageViews } from './message-view.js';
import { alarmText, groupAlarmText } from './texts.js';

const NONE = [];
const VIEW_STORES = ['conversations', 'messages', 'standings', ...GROUP_VIEW_STORES];

export class News {
  #store;
  #emit;
  #onGoneAt;
  #telling = Promise.resolve();

  /**
   * @param {function(object)} emit gives an event to every tab
   * @param {function(number|undefined)} onGoneAt when the next message disappears, as it was read
   *   with what is told
   */
  constructor(store, emit, onGoneAt = () => {}) {
    this.#store = store;
    this.#emit = emit;
    this.#onGoneAt = onGoneAt;
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
  show(id, rows = NONE) {
    return this.#inTurn(this.#read(id, rows), ({ upserts, conversation }) => {
      if (upserts.length > 0) this.#emit({ type: 'messages', conversation: id, upserts });
      if (conversation) this.#emit({ type: 'conversation', conversation });
    });
  }

  /**
   * What was read later may be ready sooner, and is told later all the same: else what was before
   * would stand in its place. What cannot be read keeps nothing back.
   */
  #inTurn(reading, tell) {
    const before = this.#telling;
    const told = Promise.all([reading, before]).then(([read]) => tell(read));
    this.#telling = told.then(() => {}, () => before);
    return told;
  }

  async #read(id, rows) {
    const { looks, found, goneAt } = await this.#store.read(VIEW_STORES, async stores => ({
      looks: await looksOf(stores, await shownBy(stores, rows)),
      found: await conversationRows(stores, id, this.#store.user),
      goneAt: await nextGoneAt(stores),
    }));
    this.#onGoneAt(goneAt);
    const [upserts, conversation] = await Promise.all([
      messageViews(this.#store, looks), found && conversationView(this.#store, found),
    ]);
    return { upserts, conversation };
  }

  /** Messages disappeared. @param {object[]} answers rows of what answered them */
  async gone(conversation, ids, answers) {
    this.#emit({ type: 'messages-gone', conversation, ids });
    await this.show(conversation, answers);
  }

  /** A message is no longer there. */
  async removed({ id, conversation }) {
    await this.erased(conversation, [id]);
    await this.show(conversation);
  }

  /** Tells the whole list. @param {function(object)} [emit] to one tab alone */
  tellList(emit = this.#emit) {
    return this.#inTurn(this.#readList(), list => emit({ type: 'conversations', list }));
  }

  async #readList() {
    const all = await this.#store.read(VIEW_STORES, async stores => {
      const ids = await settle(stores.conversations.getAllKeys());
      return Promise.all(ids.map(id => conversationRows(stores, id, this.#store.user)));
    });
    return Promise.all(all.filter(Boolean).map(found => conversationView(this.#store, found)));
  }

  /** These messages of a conversation are no more. */
  erased(conversation, ids) {
    const upserts = ids.map(id => ({ id, removed: true }));
    return this.#inTurn(null, () => this.#emit({ type: 'messages', conversation, upserts }));
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
 * Inside a transaction over VIEW_STORES.
 *
 * @returns {Promise<object|null>} what `conversationView` needs; null for an invitation by somebody
 *   who is blocked
 */
async function conversationRows(stores, id, ownUser) {
  const row = await settle(stores.conversations.get(id));
  if (!row) return null;
  const last = await settle(stores.messages.get([id, row.lastOrdinal]));
  const [look] = await looksOf(stores, last ? [last] : NONE);
  if (row.user) {
    const standing = await standingOf(stores, row.user);
    return { row, look, standing, contact: await settle(stores.contacts.get(row.user)) };
  }
  const group = await groupRows(stores, row.group, ownUser);
  const invitedBy = !group.row?.ended && group.invitedBy;
  const isHidden = invitedBy && await standingOf(stores, invitedBy) === 'blocked';
  return isHidden ? null : { row, look, standing: 'accepted', group };
}

/** @returns {Promise<object>} a Conversation of the page */
async function conversationView(store, { row, look, standing, contact, group }) {
  const { id } = row;
  const whose = group ? { kind: 'group', ...await groupFields(store, row.group, group) }
    : personFields(row.user, contact);
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

function personFields(user, contact) {
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
