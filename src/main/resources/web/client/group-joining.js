/**
 * Groups that this user belongs to, and this browser not yet (docs/protocol.md §9.8): it proposes
 * the device list in which it stands, and the server's next words are those of a newcomer.
 */

import { base64url } from '../crypto/bytes.js';
import { makeProposal } from '../group/drafts.js';
import { ConnectionLost, RequestRefused } from '../protocol/connection.js';
import { conversationOfGroup, conversationRow } from '../store/conversations.js';
import { settle } from '../store/database.js';
import { WAITING_GROUPS } from '../store/groups.js';
import { SENT_AGAIN, again } from './step.js';

export class GroupJoining {
  #store;
  #self;
  #news;
  #request;
  /** By group: the server's newest word on it, on this connection. */
  #waiting = new Map();
  #timers = new Map();
  /** The groups that are noted as such: only this tab notes them. Null before that was read. */
  #known = null;

  constructor({ store, self, news }, request) {
    this.#store = store;
    this.#self = self;
    this.#news = news;
    this.#request = request;
  }

  /** A new connection, on which the server says again where this device waits. */
  begin() {
    this.stop();
    this.#waiting.clear();
  }

  stop() {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  /** A `group-waiting`. */
  async push(frame) {
    const { owner } = frame;
    this.#waiting.set(owner, frame);
    if (await this.#note(owner)) await this.#news.tellGroup(owner);
    await this.#propose(owner);
  }

  /** The own list has changed: one that was refused may be taken now. */
  async proposeAgain() {
    for (const group of [...this.#waiting.keys()]) await this.#propose(group);
  }

  /** This device is in the group. */
  async joined(group) {
    clearTimeout(this.#timers.get(group));
    this.#timers.delete(group);
    this.#waiting.delete(group);
    const stored = this.#known ? [] : await this.#store.meta(WAITING_GROUPS);
    this.#known ??= new Set(stored);
    if (!this.#known.has(group)) return;
    await this.#store.write(['meta'], async stores => {
      const waiting = await settle(stores.meta.get(WAITING_GROUPS)) ?? [];
      stores.meta.put(waiting.filter(one => one !== group), WAITING_GROUPS);
    });
    this.#known.delete(group);
  }

  /** @returns {Promise<boolean>} whether this is news */
  async #note(group) {
    const { isNews, waiting } = await this.#store.write(['meta', 'conversations'], async stores => {
      const noted = await settle(stores.meta.get(WAITING_GROUPS)) ?? [];
      if (noted.includes(group)) return { isNews: false, waiting: noted };
      const added = [...noted, group];
      stores.meta.put(added, WAITING_GROUPS);
      await conversationRow(stores, conversationOfGroup(group));
      return { isNews: true, waiting: added };
    });
    this.#known = new Set(waiting);
    return isNews;
  }

  async #propose(group) {
    const frame = this.#waiting.get(group);
    if (!frame || frame.pending) return;
    const { sequenceNr, hash } = frame;
    const { deviceList } = this.#self;
    const { messageId, content } = await makeProposal(
      { group, head: { sequenceNr, hash } }, this.#self, { op: 'devices', deviceList });
    try {
      await this.#request('group-append', { group, messageId: base64url(messageId), content });
    } catch (error) {
      this.#refused(group, frame, error);
    }
  }

  /**
   * Somebody was quicker, or the list is another one by now: the server says so with its next push.
   * Otherwise it is asked again.
   */
  #refused(group, frame, error) {
    if (error instanceof ConnectionLost) return;
    if (!(error instanceof RequestRefused)) throw error;
    if (!SENT_AGAIN.includes(error.code) || this.#waiting.get(group) !== frame) return;
    this.#timers.set(group, setTimeout(() => this.#propose(group), again(error).pause));
  }
}
