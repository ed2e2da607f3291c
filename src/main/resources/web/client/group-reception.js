/**
 * Taking a group's entries, up to the transaction: a batch is followed in memory. Nothing is stored
 * here, so that a crash at any point leaves the entries to be taken again from the same state.
 */

import { base64url, equal } from '../crypto/bytes.js';
import { Refused } from '../crypto/refused.js';
import { Breach, takeEntry } from '../group/log.js';
import { settle } from '../store/database.js';
import { keptMembership, knownGroupHash } from '../store/groups.js';
import { attemptWith, operationPlace, operationsOf } from '../store/operations.js';
import { ownListHash } from '../store/own-list.js';
import { contactOf, contactWithList } from './contacts.js';

export class GroupReception {
  #store;
  #self;
  #group;

  constructor(store, self, group) {
    this.#store = store;
    this.#self = self;
    this.#group = group;
  }

  /**
   * @returns {Promise<{state: GroupState, taken: {entry: GroupEntry, taken: Taken}[],
   *   contacts: Map<string, {before: object, contact: object}>, gap: boolean,
   *   breach: {code: string}|null, last: GroupEntry|undefined}>} what was taken, up to the first
   *   that cannot be, and what that says of people; `last` is the last that was, or that
   *   was a repeat of what is known
   */
  async take(before, entries) {
    const view = this.#view();
    const batch = { state: before, taken: [], contacts: new Map(), gap: false, breach: null };
    for (const entry of entries) {
      try {
        const taken = await takeEntry(batch.state, entry, {
          ...view, knownHash: nr => hashIn(batch.taken, nr) ?? view.knownHash(nr),
        });
        if (taken.outcome === 'taken') {
          batch.contacts = await this.learn(batch.contacts, taken.lists);
          batch.state = taken.state;
          batch.taken.push({ entry, taken });
        }
        batch.gap = taken.outcome === 'gap';
        if (batch.gap || taken.outcome === 'over') break;
        // What this device does not know, it does not acknowledge.
        if (taken.isKnown !== false) batch.last = entry;
      } catch (error) {
        if (!(error instanceof Breach)) throw error;
        batch.breach = error;
        break;
      }
      const { breach } = batch.state;
      if (breach) return { ...batch, breach: { code: breach } };
    }
    return batch;
  }

  /**
   * What an entry's device lists say of people, compared with their pins. Rejects with Breach.
   *
   * @param {Map<string, {before: object, contact: object}>} contacts what earlier entries said
   */
  async learn(contacts, lists) {
    const learned = new Map(contacts);
    for (const { user, deviceList } of lists) {
      const { before, contact } = learned.get(user) ?? await this.#known(user);
      const after = await this.#learned(user, contact, deviceList);
      if (after !== contact) learned.set(user, { before, contact: after });
    }
    return learned;
  }

  async #known(user) {
    const before = await contactOf(this.#store, user);
    return { before, contact: before };
  }

  async #learned(user, contact, deviceList) {
    try {
      return await contactWithList(this.#self, user, contact, deviceList);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // A roster may hold an older list than the one that this browser knows.
      if (error.reason === 'rollback' && isOlder(contact, deviceList)) return contact;
      throw new Breach('rule', `another list of ${user}: ${error.message}`);
    }
  }

  #view() {
    return {
      self: this.#self,
      knownHash: sequenceNr => knownGroupHash(this.#store, this.#group, sequenceNr),
      keptMembership: sequenceNr => keptMembership(this.#store, this.#group, sequenceNr),
      ownListHash: version => ownListHash(this.#store, version),
      serverKey: async () => (await this.#store.meta('server')).signKey,
      prekeyAt: async (kind, id) => {
        const row = await this.#store.read(['prekeys'], ({ prekeys }) => settle(prekeys.get(id)));
        return row?.kind === kind ? row : undefined;
      },
      freshOf: messageId => this.#freshOf(messageId),
    };
  }

  async #freshOf(messageId) {
    const rows = await this.#store.read(['operations'],
      stores => operationsOf(stores, this.#group));
    const row = attemptWith(rows, base64url(messageId));
    if (!row) return null;
    return this.#store.sealing.open(operationPlace(row.id, 'fresh'), row.attempt.sealedFresh);
  }
}

/** Whether somebody is known by a higher list under the same account key. */
function isOlder({ pin, changed }, { accountKey, version }) {
  const known = [pin, changed?.pin].find(one => one && equal(one.accountKey, accountKey));
  return version < known.version;
}

function hashIn(taken, sequenceNr) {
  return taken.find(({ entry }) => entry.sequenceNr === sequenceNr)?.entry.hash;
}
