/** Takes what the server pushes (docs/protocol.md §5.3, §6): checks, opens, stores, confirms. */

import { equal } from '../crypto/bytes.js';
import { followEntry } from '../crypto/entry-chain.js';
import { Refused } from '../crypto/refused.js';
import { followRestored } from '../crypto/restored.js';
import { ConnectionLost } from '../protocol/connection.js';
import { Conflict, settle } from '../store/database.js';
import { INBOX } from './account.js';
import { commitReception } from './inbox-commit.js';
import { commitCutOff, commitJump, commitRestored } from './inbox-restored.js';
import { JUMPS, compareInbox } from './inbox-standing.js';
import { Pushes } from './pushes.js';
import { RECEPTION_STORES, Reception, knownTo } from './reception.js';
import { adoptList } from './self.js';

/** After a question for a list that brought nothing new: others may name any list. */
const ASK_AGAIN_MS = 5_000;

/**
 * @typedef {object} InboxOwner
 * @property {function()} onSendable something is to be sent now
 * @property {function()} onCaughtUp everything that waited was taken
 * @property {function(object)} onOwnMessage another device of the user told something, which is
 *   stored: {type, content, conversation, device, sentAt}
 * @property {function(string[]): Promise} onBehind asks for the newest lists of these users; it
 *   resolves, too, if the server gives none now
 * @property {function(number)} onRestored the server goes on from a copy that was made then
 * @property {function(Error)} onStuck nothing can be taken: a breach of the chain, or a full disk
 */

export class Inbox {
  #store;
  #self;
  #news;
  #owner;
  #pushes;
  #acknowledgements = null;
  /** The generation that the server named at sign-in: a higher one than the chain's is unproved. */
  #claimedGeneration = 0;
  /** By user: when a question for their list was in vain. */
  #askedInVain = new Map();
  #isCaughtUp = false;
  /** Who waits until all is taken. */
  #waiting = [];

  constructor({ store, self, turn, news }, owner) {
    this.#store = store;
    this.#self = self;
    this.#news = news;
    this.#owner = owner;
    this.#pushes = new Pushes(turn, {
      belongs: ({ type }) => type === 'entry',
      take: frames => this.#take(frames, this.#acknowledgements),
      onFailed: error => this.#failed(error),
      onIdle: () => this.#tellSettled(),
    });
  }

  /**
   * A new connection: compares what the server says of the inbox with what is known here.
   *
   * @param {Acknowledgements} acknowledgements of that connection
   * @param {{generation: number, cursor: object, head: object}} claimed
   * @param {boolean} isForgotten the server has no prekeys of this device
   */
  async begin(acknowledgements, claimed, isForgotten) {
    this.#pushes.begin();
    this.#isCaughtUp = false;
    this.#acknowledgements = acknowledgements;
    const chain = await this.#store.meta('chain');
    this.#claimedGeneration = claimed.generation;
    const knownHash = sequenceNr => this.#knownHash(sequenceNr);
    const breach = await compareInbox(claimed, chain, { knownHash, isForgotten });
    if (breach) this.#news.alarm(breach);
    if (JUMPS.includes(breach)) await commitJump(this.#store, claimed.cursor);
  }

  push(frame) {
    this.#pushes.push(frame);
  }

  /**
   * Resolves when all is taken that waited at the beginning of the connection (of the next one, if
   * this one ends before), and all that was pushed since.
   */
  settled() {
    return new Promise(resolve => {
      this.#waiting.push(resolve);
      this.#tellSettled();
    });
  }

  #tellSettled() {
    if (!this.#isCaughtUp || !this.#pushes.isIdle) return;
    this.#waiting.splice(0).forEach(resolve => resolve());
  }

  #failed(error) {
    // What was pushed on a connection that is gone is pushed again.
    if (!(error instanceof ConnectionLost)) this.#owner.onStuck(error);
  }

  /** @param {Acknowledgements} acknowledgements of the connection that pushed the frames */
  async #take(frames, acknowledgements) {
    const [first] = frames;
    if (first.type === 'entry') await this.#takeEntries(frames, acknowledgements);
    else if (first.type === 'restored') await this.#restored(first, acknowledgements);
    else if (first.type === 'caught-up') await this.#caughtUp(first, acknowledgements);
    else if (first.type === 'cut-off') await this.#cutOff(first, acknowledgements);
  }

  async #takeEntries(entries, acknowledgements) {
    const { told, own, last } = await this.#storeEntries(entries);
    // A repeat is acknowledged too: the one that was, may not have arrived.
    if (last) acknowledgements.stored(last.nonce, last, entries.length);
    if (!told) return;
    await Promise.all([...told].map(([id, rows]) => this.#news.show(id, rows)));
    own.forEach(message => this.#owner.onOwnMessage(message));
    this.#owner.onSendable();
  }

  /**
   * @returns {Promise<{told: Map<string, object[]>|null, own: object[], last: object|null}>} as of
   *   commitReception, null if all of them were repeats; the last one that may be acknowledged
   */
  async #storeEntries(entries) {
    for (let isFresh = false;;) {
      const { chain, known } = await this.#store.read(
        ['meta', ...RECEPTION_STORES], async stores => ({
          chain: await settle(stores.meta.get('chain')), known: await knownTo(stores, entries),
        }));
      const reception = new Reception(this.#store, this.#self, Date.now(), known);
      const { heads, generation, last } = await this.#open(entries, chain, reception);
      if (heads.length === 0 && reception.results.length === 0) return { told: null, last };
      const behind = [...reception.behind].filter(user => this.#mayHelpToAsk(user));
      if (behind.length > 0 && !isFresh) {
        await this.#owner.onBehind(behind);
        isFresh = true;
        continue;
      }
      for (const user of behind) this.#askedInVain.set(user, performance.now());
      try {
        const followed = { chain, heads, generation };
        const stored = await commitReception(this.#store, this.#self, reception, followed);
        const own = reception.contacts.get(this.#self.user);
        if (own) adoptList(this.#self, own.contact);
        return { ...stored, last };
      } catch (error) {
        if (!(error instanceof Conflict)) throw error;
      }
    }
  }

  #mayHelpToAsk(user) {
    return performance.now() - (this.#askedInVain.get(user) ?? -Infinity) > ASK_AGAIN_MS;
  }

  /**
   * @returns {Promise<{heads: object[], generation: number, last: object|null}>} the head after each
   *   entry that is new, and as of #storeEntries
   */
  async #open(entries, chain, reception) {
    const { user, deviceId } = this.#self;
    const generation = generationAt(chain, entries[0]);
    const { previousNr } = chain;
    const view = { ...this.#logView(), generation, previousNr, deviceId, owner: user };
    const heads = [];
    let last = null;
    for (const entry of entries) {
      const head = heads.at(-1) ?? chain.head;
      if (this.#isPassedOver(entry, head, chain, generation)) {
        if (await this.#isKnown(entry, chain)) last = entry;
        else if (entry.kind === INBOX && entry.owner === user) await reception.take(entry);
        continue;
      }
      const followed = await followEntry(head, entry, view);
      const isRepeat = followed.outcome === 'repeat';
      if (!isRepeat || await this.#isKnown(entry, chain)) last = entry;
      if (isRepeat) continue;
      heads.push(followed.head);
      await reception.take(entry);
    }
    return { heads, generation, last };
  }

  #awaitsRestored({ generation }) {
    return this.#claimedGeneration > generation;
  }

  /** Until the restored entry has come, what lies before it is read, and not judged. */
  #isPassedOver(entry, head, chain, generation) {
    return this.#awaitsRestored(chain)
      && (entry.sequenceNr <= head.sequenceNr || entry.generation < generation);
  }

  /** Whether it was taken here: nothing else is acknowledged. */
  async #isKnown({ kind, owner, generation, sequenceNr, hash }, chain) {
    if (kind !== INBOX || owner !== this.#self.user || generation > chain.generation) return false;
    const known = await this.#knownHash(sequenceNr);
    return Boolean(known) && equal(known, hash);
  }

  async #restored(frame, acknowledgements) {
    const chain = await this.#store.meta('chain');
    const { signKey: serverKey } = await this.#store.meta('server');
    const { user, serverHost } = this.#self;
    if (frame.generation > this.#claimedGeneration) {
      throw new Refused('chain', 'a generation that nobody named');
    }
    const isPassedOver = this.#awaitsRestored(chain) && frame.generation <= chain.generation;
    const { outcome } = isPassedOver ? { outcome: 'repeat' } : await followRestored(frame,
      { ...this.#logView(), ...chain, owner: user, serverHost, serverKey });
    if (outcome === 'next') await this.#goOnAfter(frame, acknowledgements);
    else if (await this.#isKnown(frame, chain)) acknowledgements.stored(frame.nonce, frame, 1);
  }

  /** The log goes on after a restore. */
  async #goOnAfter(restored, acknowledgements) {
    const told = await commitRestored(this.#store, restored);
    acknowledgements.stored(restored.nonce, restored, 1);
    await Promise.all([...told].map(([to, rows]) => this.#news.tell(to, rows)));
    this.#owner.onRestored(restored.copyTime);
    this.#owner.onSendable();
  }

  #logView() {
    return { kind: INBOX, knownHash: sequenceNr => this.#knownHash(sequenceNr) };
  }

  async #caughtUp(frame, acknowledgements) {
    const head = await this.#checkLog(frame);
    // What a newer connection said, or will push, is nothing to measure an older one by.
    if (acknowledgements !== this.#acknowledgements) return;
    if (frame.generation < this.#claimedGeneration) {
      throw new Refused('chain', 'a restore that was not proved');
    }
    if (frame.sequenceNr !== head.sequenceNr) {
      throw new Refused('chain', 'caught up with another history');
    }
    acknowledgements.caughtUp(frame.nonce);
    this.#isCaughtUp = true;
    this.#owner.onCaughtUp();
  }

  /** What lay between is gone for this device; people are told in each conversation. */
  async #cutOff(frame, acknowledgements) {
    const { kind, owner, generation, sequenceNr, hash } = frame;
    const chain = await this.#store.meta('chain');
    const isOurs = kind === INBOX && owner === this.#self.user;
    const isRestored = isOurs && generation > chain.generation
      && generation <= this.#claimedGeneration;
    if (isRestored) {
      // The entry that says when the copy was made is gone, too.
      await this.#goOnAfter(
        { ...frame, previous: { sequenceNr, hash }, copyTime: 0 }, acknowledgements);
    } else {
      const head = await this.#checkLog(frame);
      if (sequenceNr <= head.sequenceNr) return;
    }
    const notices = await commitCutOff(
      this.#store, { generation, head: { sequenceNr, hash } }, isRestored);
    acknowledgements.stored(frame.nonce, frame, 1);
    await Promise.all(notices.map(row => this.#news.tell(row.from, [row])));
  }

  /** A point of this log that does not contradict what is known. @returns {Promise<object>} head */
  async #checkLog({ owner, generation, sequenceNr, hash }) {
    const chain = await this.#store.meta('chain');
    const known = sequenceNr === chain.head.sequenceNr
      ? chain.head.hash : await this.#knownHash(sequenceNr);
    const fits = owner === this.#self.user && generation === generationAt(chain, { generation })
      && (!known || equal(known, hash));
    if (!fits) throw new Refused('chain', 'a point of another history');
    return chain.head;
  }

  #knownHash(sequenceNr) {
    return this.#store.read(['chain'], ({ chain }) => settle(chain.get(sequenceNr)));
  }
}

/** Nobody told the generation of a point that had to be taken over: what follows names it. */
function generationAt({ generation, isGenerationOpen }, entry) {
  return isGenerationOpen ? Math.max(generation, entry.generation) : generation;
}
