/** Takes what the server pushes (docs/protocol.md §5.3, §6): checks, opens, stores, confirms. */

import { equal } from '../crypto/bytes.js';
import { followEntry } from '../crypto/entry-chain.js';
import { Refused } from '../crypto/refused.js';
import { CONVERSATION_STORES } from '../store/conversations.js';
import { Conflict, settle } from '../store/database.js';
import { putStale } from '../store/session-rows.js';
import { INBOX } from './account.js';
import { commitReception } from './inbox-commit.js';
import { addNotice } from './notices.js';
import { Reception } from './reception.js';

const BATCH_MAX = 64;

/**
 * @typedef {object} InboxOwner
 * @property {function()} onSendable something is to be sent now
 * @property {function()} onCaughtUp everything that waited was taken
 * @property {function(Error)} onStuck nothing can be taken: a breach of the chain, or a full disk
 */

export class Inbox {
  #store;
  #self;
  #turn;
  #news;
  #owner;
  #frames = [];
  #running = false;
  #acknowledgements = null;

  constructor({ store, self, turn, news }, owner) {
    this.#store = store;
    this.#self = self;
    this.#turn = turn;
    this.#news = news;
    this.#owner = owner;
  }

  /**
   * A new connection: compares what the server says of the inbox with what is known here.
   *
   * @param {Acknowledgements} acknowledgements of that connection
   * @param {{generation: number, cursor: object, head: object}} claimed
   */
  async begin(acknowledgements, claimed) {
    this.#frames = [];
    this.#acknowledgements = acknowledgements;
    const { head, generation } = await this.#store.meta('chain');
    const breach = await this.#compare(claimed, generation, head);
    if (breach) this.#news.alarm(breach);
    if (breach === 'store-restored') await this.#goOnFrom(claimed.cursor);
  }

  push(frame) {
    this.#frames.push(frame);
    if (!this.#running) this.#run();
  }

  async #run() {
    this.#running = true;
    try {
      while (this.#frames.length > 0) await this.#turn.take(() => this.#takeNext());
    } catch (error) {
      this.#frames = [];
      this.#owner.onStuck(error);
    } finally {
      this.#running = false;
    }
  }

  async #takeNext() {
    const isEntry = ({ type }) => type === 'entry';
    const others = this.#frames.findIndex(frame => !isEntry(frame));
    const end = Math.min(BATCH_MAX, others < 0 ? this.#frames.length : others);
    const frames = this.#frames.splice(0, Math.max(1, end));
    const [first] = frames;
    if (isEntry(first)) await this.#takeEntries(frames);
    else if (first.type === 'caught-up') await this.#caughtUp(first);
    else if (first.type === 'cut-off') await this.#cutOff(first);
  }

  async #takeEntries(entries) {
    const acknowledgements = this.#acknowledgements;
    const stored = await this.#storeEntries(entries);
    const last = entries.at(-1);
    // A repeat is acknowledged too: the one that was, may not have arrived.
    acknowledgements.stored(last.nonce, last, entries.length);
    if (!stored) return;
    await Promise.all([...stored.told].map(([user, rows]) => this.#news.tell(user, rows)));
    this.#owner.onSendable();
  }

  /** @returns {Promise<object|null>} null if all of them were repeats */
  async #storeEntries(entries) {
    for (;;) {
      const chain = await this.#store.meta('chain');
      const reception = new Reception(this.#store, this.#self, Date.now());
      const heads = await this.#open(entries, chain, reception);
      if (heads.length === 0) return null;
      try {
        const told = await commitReception(this.#store, this.#self, reception, { chain, heads });
        return { told };
      } catch (error) {
        if (!(error instanceof Conflict)) throw error;
      }
    }
  }

  /** @returns {Promise<object[]>} the head after each entry that is new */
  async #open(entries, chain, reception) {
    const { user, deviceId } = this.#self;
    const view = {
      kind: INBOX, owner: user, generation: chain.generation, deviceId,
      knownHash: sequenceNr => this.#knownHash(sequenceNr),
    };
    const heads = [];
    for (const entry of entries) {
      const followed = await followEntry(heads.at(-1) ?? chain.head, entry, view);
      if (followed.outcome === 'repeat') continue;
      heads.push(followed.head);
      await reception.take(entry);
    }
    return heads;
  }

  async #caughtUp(frame) {
    const head = await this.#checkLog(frame);
    if (frame.sequenceNr !== head.sequenceNr) {
      throw new Refused('chain', 'caught up with another history');
    }
    this.#acknowledgements.caughtUp(frame.nonce);
    this.#owner.onCaughtUp();
  }

  /** What lay between is gone for this device; people are told in each conversation. */
  async #cutOff(frame) {
    const { sequenceNr, hash } = frame;
    const head = await this.#checkLog(frame);
    if (sequenceNr <= head.sequenceNr) return;
    const notices = await this.#store.write([...CONVERSATION_STORES, 'chain', 'meta'],
      async stores => {
        await moveHead(stores, { sequenceNr, hash });
        const conversations = await settle(stores.conversations.getAll());
        const rows = [];
        for (const { user } of conversations.filter(({ group }) => !group)) {
          rows.push(await addNotice(stores, this.#self.user, user, 'cut-off'));
        }
        return rows;
      });
    this.#acknowledgements.stored(frame.nonce, frame, 1);
    await Promise.all(notices.map(row => this.#news.tell(row.from, [row])));
  }

  /** A point of this log that does not contradict what is known. @returns {Promise<object>} head */
  async #checkLog({ owner, generation, sequenceNr, hash }) {
    const chain = await this.#store.meta('chain');
    const known = sequenceNr === chain.head.sequenceNr
      ? chain.head.hash : await this.#knownHash(sequenceNr);
    const fits = owner === this.#self.user && generation === chain.generation
      && (!known || equal(known, hash));
    if (!fits) throw new Refused('chain', 'a point of another history');
    return chain.head;
  }

  /** @returns {Promise<string|null>} the code of an alarm */
  async #compare({ generation, cursor, head: claimedHead }, ownGeneration, head) {
    if (generation !== ownGeneration) return 'history-lost';
    if (cursor.sequenceNr > head.sequenceNr) return 'store-restored';
    if (claimedHead.sequenceNr < head.sequenceNr) return 'history-lost';
    for (const claimed of [cursor, claimedHead]) {
      const known = claimed.sequenceNr === head.sequenceNr
        ? head.hash : await this.#knownHash(claimed.sequenceNr);
      if (known && !equal(known, claimed.hash)) return 'history-changed';
    }
    return null;
  }

  /** This browser's data was put back to an old copy: goes on where the device was. */
  #goOnFrom(cursor) {
    return this.#store.write(['sessions', 'chain', 'meta'], async stores => {
      await moveHead(stores, cursor);
      for (const row of await settle(stores.sessions.getAll())) putStale(stores, row);
    });
  }

  #knownHash(sequenceNr) {
    return this.#store.read(['chain'], ({ chain }) => settle(chain.get(sequenceNr)));
  }
}

async function moveHead({ chain, meta }, head) {
  const stored = await settle(meta.get('chain'));
  chain.put(head.hash, head.sequenceNr);
  meta.put({ ...stored, head }, 'chain');
}
