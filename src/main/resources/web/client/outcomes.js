/** What the server's answers to sends make of the outbox (docs/protocol.md §5.2, §5.4). */

import { RequestRefused, TooLarge } from '../protocol/connection.js';
import { CHANGE_STORES } from '../store/changes.js';
import { messageById } from '../store/conversations.js';
import { settle } from '../store/database.js';
import { begun } from '../store/lifetime.js';
import { forOtherList, unencrypted, unnumbered } from '../store/outbox.js';
import { putStale, sessionsOf } from '../store/session-rows.js';
import { noteTypingKeyOut } from '../store/typing-keys.js';
import { keepVoidReceipt } from './receipts.js';
import { park, parkRefused } from './unsent.js';

const RETRY_MS = 5_000;
const INBOX_FULL_RETRY_MS = 5 * 60_000;

/** A number that no inbox has reached: the refusal of it names the number that is expected. */
const FAR = 2 ** 52;

const STORES = [...CHANGE_STORES, 'contacts', 'sessions', 'typingKeys'];

/** Answers after which this row waits for the user, by the reason that is shown. */
const PARKED_AS = {
  'inbox-full': 'inbox-full',
  'unanswered': 'unanswered',
  'unknown-user': 'unknown-user',
  'bad-frame': 'refused',
  'bad-nonce': 'refused',
  'unknown-type': 'refused',
};

/** Answers after which what nobody wrote waits, until there is room or an answer. */
const NO_ROOM = ['inbox-full', 'unanswered'];

/** Answers after which the same bytes are sent again, under the same number. */
const SENT_AGAIN = ['rate-limited', 'busy', 'server-full', 'unknown-outcome', 'internal'];

/**
 * @param {{row: object, accepted?: 'own'|'other', acceptedAt?: number, error?: Error}[]} outcomes in
 *   the order of sending. `other`: the server had stored something else under this number, so that
 *   this browser's data is an old copy
 * @returns {Promise<{told: object[], pause: number|null, list: DeviceList|null}>} changed rows of
 *   messages; how long to wait before more is sent; the recipient's list, if it is another one
 */
export async function settleSends(store, user, outcomes) {
  const settling = new Settling(outcomes);
  await store.write(STORES, stores => settling.run(stores, user));
  const { told, pause, list } = settling;
  return { told, pause, list };
}

/** Parks everything that waits for a user, with a reason. @returns {Promise<object[]>} as `told` */
export async function parkAll(store, rows, reason) {
  const settling = new Settling([]);
  await store.write(STORES, async stores => {
    for (const row of rows) await settling.park(stores, row, reason, park);
  });
  return settling.told;
}

class Settling {
  #outcomes;
  #numbers = [];
  told = [];
  pause = null;
  list = null;

  constructor(outcomes) {
    this.#outcomes = outcomes;
  }

  async run(stores, user) {
    for (const outcome of this.#outcomes) {
      const { row, accepted, acceptedAt, error } = outcome;
      // Blocked while it was on its way: it is there, or waits for the user.
      const stored = await settle(stores.outbox.get(row.seq));
      if (accepted !== 'own' && (!stored || stored.parked)) continue;
      if (accepted === 'own') await this.#sent(stores, row, acceptedAt);
      else if (accepted === 'other') await this.#restored(stores, user, row);
      else if (error instanceof TooLarge) await this.park(stores, row, 'too-large');
      else if (error instanceof RequestRefused) await this.#refused(stores, user, row, error);
    }
    if (this.#numbers.length === 0) return;
    const contact = await settle(stores.contacts.get(user));
    stores.contacts.put({ ...contact, sentN: Math.max(...this.#numbers) });
  }

  async park(stores, row, reason, parkRow = parkRefused) {
    const shown = await parkRow(stores, unencrypted(row), reason);
    if (shown) this.told.push(shown);
  }

  /** There is no room for it, or not before the recipient has answered. */
  async #parkFor(stores, row, { code, frame: { max: limit } }) {
    const parkRow = async (...parking) => {
      const parked = await parkRefused(...parking);
      if (parked?.state !== 'not-sent' || limit === undefined) return parked;
      const limited = { ...parked, limit };
      stores.messages.put(limited);
      return limited;
    };
    await this.park(stores, row, PARKED_AS[code], parkRow);
  }

  async #sent(stores, row, acceptedAt) {
    this.#numbers.push(row.n);
    stores.outbox.delete(row.seq);
    const message = row.message && await messageById(stores, row.message);
    if (message) await noteTypingKeyOut(stores, message.conversation, row.message);
    if (['pending', 'sent', 'not-sent'].includes(message?.state)) {
      const { reason, ...said } = message;
      this.#show(stores, begun({ ...said, state: 'sent', acceptedAt }));
    } else if (message?.kind === 'void' && row.device) {
      keepVoidReceipt(stores, message, row.device);
    }
  }

  /** This browser has forgotten which ratchet keys it used: none of these is used again. */
  async #restored(stores, user, row) {
    this.#numbers.push(FAR);
    stores.outbox.put({ ...unencrypted(row), sentBefore: true });
    const rows = await settle(stores.sessions.getAll(sessionsOf(user)));
    for (const sessions of rows) putStale(stores, sessions);
  }

  async #refused(stores, user, row, { code, frame }) {
    if (SENT_AGAIN.includes(code)) {
      this.#wait(frame.retryAfter ?? RETRY_MS);
    } else if (code === 'out-of-order' && frame.expected > row.n) {
      await this.#restored(stores, user, row);
    } else if (code === 'out-of-order') {
      this.#numbers.push(frame.expected - 1);
      await this.#behindRefused(stores, row);
    } else if (code === 'devices-changed') {
      this.list = frame.deviceList;
      stores.outbox.put(forOtherList(row));
    } else if (NO_ROOM.includes(code) && row.type !== 'text') {
      stores.outbox.put(unnumbered(row));
      this.#wait(INBOX_FULL_RETRY_MS);
    } else if (PARKED_AS[code]) {
      await this.#parkFor(stores, row, { code, frame });
    }
  }

  /** A row whose number did not follow goes out under another; not where there is no room. */
  async #behindRefused(stores, row) {
    const { error } = this.#outcomes.find(one => NO_ROOM.includes(one.error?.code)) ?? {};
    if (error && row.type === 'text') await this.#parkFor(stores, row, error);
    else stores.outbox.put(unnumbered(row));
  }

  #wait(ms) {
    this.pause = Math.max(this.pause ?? 0, ms);
  }

  #show(stores, message) {
    stores.messages.put(message);
    this.told.push(message);
  }
}
