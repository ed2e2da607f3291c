/**
 * Who may write to the user (docs/protocol.md §7.8): people ask first, and anybody can be blocked.
 * What is owed to somebody who asks stands in the outbox, which sends them nothing until then.
 */

import { conversationOf, peerIn } from '../store/conversations.js';
import { settle } from '../store/database.js';
import {
  STANDING_STORES, blockedUsers, decide, eraseRequest, letIn, standingOf,
} from '../store/standings.js';
import { isAcquainted } from './contacts.js';
import { sharedRow } from './shared.js';
import { PARKING_STORES, parkTexts } from './unsent.js';
import { UserError } from './user-error.js';

/** The names of the object stores that `meet` needs. */
export const MEETING_STORES = ['standings', 'contacts', 'conversations', 'meta'];

export class Requests {
  #store;
  #news;

  constructor(store, news) {
    this.#store = store;
    this.#news = news;
  }

  async accept(conversation) {
    const user = await this.#peerOf(conversation);
    await this.#store.write(STANDING_STORES, async stores => {
      if (await standingOf(stores, user) !== 'asked') return;
      decide(stores, user, 'accepted');
      await letIn(stores, conversation);
    });
    await this.#news.tell(user);
  }

  /** Nothing is left of what the person sent, and nothing more of them is shown. */
  async decline(conversation) {
    const user = await this.#peerOf(conversation);
    const gone = await this.#store.write(STANDING_STORES, async stores => {
      if (await standingOf(stores, user) !== 'asked') throw new UserError('no-such-conversation');
      decide(stores, user, 'blocked');
      return eraseRequest(stores, conversation);
    });
    this.#news.erased(conversation, gone);
    await this.#news.tellList();
  }

  /** Whoever asks is declined by it: the other devices cannot tell one from the other. */
  async block(user) {
    const conversation = conversationOf(this.#store.user, user);
    // A device that was linked later knows that they ask, but has nothing of what they wrote.
    const isRequestHere = await this.#store.read(['standings', 'conversations'], async stores =>
      await standingOf(stores, user) === 'asked'
      && await settle(stores.conversations.getKey(conversation)) !== undefined);
    if (isRequestHere) return this.decline(conversation);
    const told = await this.#store.write([...STANDING_STORES, ...PARKING_STORES], async stores => {
      decide(stores, user, 'blocked');
      return parkTexts(stores, user);
    });
    await this.#news.tell(user, told);
    await this.#news.tellList();
  }

  async unblock(user) {
    await this.#store.write(STANDING_STORES, async stores => {
      if (await standingOf(stores, user) !== 'blocked') return;
      decide(stores, user, 'accepted');
      await letIn(stores, conversationOf(this.#store.user, user));
    });
    await this.#news.tell(user);
    await this.#news.tellList();
  }

  /** @returns {Promise<string[]>} by name */
  blocked() {
    return this.#store.read(['standings'], blockedUsers);
  }

  async #peerOf(conversation) {
    const row = await this.#store.read(['conversations'],
      ({ conversations }) => settle(conversations.get(conversation)));
    if (!row?.user) throw new UserError('no-such-conversation');
    return row.user;
  }
}

/**
 * Somebody wrote: whoever is met for the first time asks, unless everybody may write at once.
 *
 * @returns {Promise<'accepted'|'asked'|'blocked'>} how the user stands with them
 */
export async function meet(stores, ownUser, user) {
  const known = await settle(stores.standings.get(user));
  if (known) return known.standing;
  const contact = await settle(stores.contacts.get(user));
  const isKnown = contact && isAcquainted(contact)
    || await settle(stores.conversations.getKey(conversationOf(ownUser, user))) !== undefined;
  if (isKnown || (await sharedRow(stores)).openToAll) return 'accepted';
  stores.standings.put({ user, standing: 'asked' });
  return 'asked';
}

/** Whoever is written to may write. UserError `blocked` if that was forbidden to them. */
export async function acceptByWriting(stores, user, conversation) {
  const standing = await standingOf(stores, user);
  if (standing === 'blocked') throw new UserError('blocked', { user });
  if (standing !== 'asked') return;
  decide(stores, user, 'accepted');
  await letIn(stores, conversation);
}

/** The user wrote to them on another device, which tells the others by itself. */
export async function acceptByCopy(stores, ownUser, conversation) {
  const user = peerIn(conversation, ownUser);
  if (!user || await standingOf(stores, user) !== 'asked') return;
  stores.standings.put({ user, standing: 'accepted' });
  await letIn(stores, conversation);
}
