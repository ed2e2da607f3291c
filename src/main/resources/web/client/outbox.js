/**
 * Sends what waits (docs/protocol.md §5.2, §8): one lane for each recipient, in order, at most 32
 * under way. Runs in the leading tab only; rows are added by any tab.
 */

import { equal } from '../crypto/bytes.js';
import { Refused } from '../crypto/refused.js';
import { ConnectionLost, RequestRefused } from '../protocol/connection.js';
import { isGroupConversation } from '../store/conversations.js';
import { Conflict } from '../store/database.js';
import { outgoingTo, recipients } from '../store/outbox.js';
import { encryptRows } from './encryption.js';
import { parkAll, settleSends } from './outcomes.js';
import { LANE_STORES, devicesFor, laneOf, needsPrekeys, recordsFor } from './sending-lane.js';
import { UserError } from './user-error.js';

const RETRY_MS = 5_000;
const REFUSED_RETRY_MS = 60_000;

export class Outbox {
  #store;
  #self;
  #turn;
  #contacts;
  #news;
  #request;
  /** By recipient: 'running', or 'again' if something was added meanwhile. */
  #lanes = new Map();
  #timers = new Map();
  /** Recipients whose pause nothing ends but time. */
  #held = new Set();

  /** @param {function(string, object): Promise<object>} request of the connection there is */
  constructor({ store, self, turn, contacts, news }, request) {
    this.#store = store;
    this.#self = self;
    this.#turn = turn;
    this.#contacts = contacts;
    this.#news = news;
    this.#request = request;
  }

  /** Sends whatever can be sent now. */
  async kick() {
    this.startAll(await this.#store.read(['outbox'], recipients));
  }

  /** @param {string[]} targets as of recipients */
  startAll(targets) {
    for (const user of targets.filter(to => !isGroupConversation(to))) this.#start(user);
  }

  stop() {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  async #start(user) {
    if (this.#held.has(user)) return;
    if (this.#lanes.has(user)) {
      this.#lanes.set(user, 'again');
      return;
    }
    clearTimeout(this.#timers.get(user));
    let pause = null;
    try {
      do {
        this.#lanes.set(user, 'running');
        pause = await this.#drain(user);
      } while (pause === null && this.#lanes.get(user) === 'again');
    } finally {
      this.#lanes.delete(user);
    }
    if (pause !== null) this.#timers.set(user, setTimeout(() => this.#resume(user), pause));
  }

  #resume(user) {
    this.#held.delete(user);
    this.#start(user);
  }

  /** @returns {Promise<number|null>} milliseconds to wait; null when nothing is left to do now */
  async #drain(user) {
    try {
      for (;;) {
        const { rows, pause: wait } = await this.#ready(user);
        if (rows.length === 0) return wait;
        const pause = await this.#send(user, rows);
        if (pause !== null) return pause;
      }
    } catch (error) {
      return this.#pauseAfter(user, error);
    }
  }

  /**
   * The next rows of the lane, encrypted and on disk.
   *
   * @returns {Promise<{rows: object[], pause: number|null}>} how long to wait if there are none
   */
  async #ready(user) {
    let asked = null;
    for (;;) {
      const next = await this.#turn.take(() => this.#encryptNext(user, asked));
      asked = null;
      if (next.lacks === 'list') {
        const { deviceList } = await this.#request('devices', { user });
        const { behind } = await this.#contacts.learn(user, deviceList);
        // Whoever named a newer list was wrong, or the server keeps it back: no use to ask at once.
        if (behind) throw new UserError('devices-refused', { user });
      } else if (next.lacks === 'prekeys') {
        asked = await this.#prekeysOf(user);
        const isWaiting = !asked.contact.changed
          && !hasAll(this.#self, asked.contact, asked.prekeys);
        if (isWaiting) return { rows: [], pause: REFUSED_RETRY_MS };
      } else if (!next.isAgain) {
        return next;
      }
    }
  }

  /**
   * In turn with what is received, so that no two move ratchets at once.
   *
   * @param {object|null} asked as of #prekeysOf
   * @returns {Promise<object>} as of #ready; or what must be asked for first, as `lacks`; or
   *   `isAgain` if there may be other rows now
   */
  async #encryptNext(user, asked) {
    const lane = await this.#store.read(LANE_STORES,
      stores => laneOf(stores, this.#self.user, user));
    const { contact, rows, pause } = lane;
    if (rows.length === 0) return { rows, pause };
    if (!contact || contact.behind) return { lacks: 'list' };
    const records = await recordsFor(this.#store, this.#self, lane);
    const isOfList = asked && equal(asked.contact.pin.hash, contact.pin.hash);
    if (needsPrekeys(records, rows) && !isOfList) return { lacks: 'prekeys' };
    try {
      const { encrypted, told } = await encryptRows(
        this.#store, this.#self, lane, records, asked?.prekeys ?? new Map());
      if (told.length > 0) await this.#news.tell(user, told);
      return { rows: encrypted, pause: null, isAgain: encrypted.length === 0 };
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      return { isAgain: true };
    }
  }

  /** @returns {Promise<{contact: object, prekeys: Map<string, object>}>} those of each device */
  async #prekeysOf(user) {
    const bundle = await this.#request('keys', { user });
    const contact = await this.#contacts.learn(user, bundle.deviceList);
    const prekeys = new Map(bundle.keys.map(({ device, ...keys }) => [device, keys]));
    return { contact, prekeys };
  }

  /** @returns {Promise<number|null>} milliseconds to wait before more is sent, or null */
  async #send(user, rows) {
    const outcomes = await Promise.all(rows.map(async row => {
      const { to, n, listVersion, messageId, copies } = row;
      try {
        const accepted = await this.#request('send',
          { to, n, deviceListVersion: listVersion, messageId, copies });
        const isOwn = equal(accepted.digest, row.digest);
        return { row, accepted: isOwn ? 'own' : 'other', acceptedAt: accepted.time };
      } catch (error) {
        return { row, error };
      }
    }));
    const { told, pause, list } = await settleSends(this.#store, user, outcomes);
    if (told.length > 0) await this.#news.tell(user, told);
    if (list) await this.#contacts.learn(user, list);
    // What the recipient's inbox has goes to the own other devices now.
    const isTaken = outcomes.some(({ row, accepted }) => accepted && row.message);
    if (isTaken && devicesFor(this.#self, { list: this.#self.deviceList }).length > 0) {
      this.#start(this.#self.user);
    }
    const lost = outcomes.find(({ error }) => error instanceof ConnectionLost);
    if (lost) throw lost.error;
    // A server that goes on refusing without anything new would have keys used up without an end.
    const isNews = !list || rows.some(({ listVersion }) => listVersion < list.version);
    if (isNews) return pause;
    this.#held.add(user);
    return Math.max(pause ?? 0, RETRY_MS);
  }

  async #pauseAfter(user, error) {
    if (error instanceof ConnectionLost) return null;
    if (error instanceof RequestRefused && error.code !== 'unknown-user') {
      return error.frame.retryAfter ?? RETRY_MS;
    }
    if (error instanceof RequestRefused) {
      const rows = await this.#store.read(['outbox'], stores => outgoingTo(stores, user));
      await this.#news.tell(user, await parkAll(this.#store, rows, 'unknown-user'));
      return null;
    }
    if (error instanceof Refused) this.#news.alarm('bad-prekey', { user });
    if (error instanceof Refused || error instanceof UserError) return REFUSED_RETRY_MS;
    throw error;
  }
}

/**
 * A device that a restored server knows by its list alone has prekeys again once it has signed in:
 * until then people wait, and nobody did anything wrong.
 */
function hasAll(self, contact, prekeys) {
  return devicesFor(self, contact).every(({ id }) => prekeys.has(id));
}
