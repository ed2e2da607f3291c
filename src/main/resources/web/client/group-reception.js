/**
 * Taking a group's entries, up to the transaction: a batch is followed in memory. Nothing is stored
 * here, so that a crash at any point leaves the entries to be taken again from the same state.
 */

import { base64url } from '../crypto/bytes.js';
import { Refused } from '../crypto/refused.js';
import { Breach, takeEntry } from '../group/log.js';
import { settle } from '../store/database.js';
import { knownGroupHash } from '../store/groups.js';
import { attemptWith, operationPlace, operationsOf } from '../store/operations.js';
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
   * @returns {Promise<{state: GroupState, taken: {entry: GroupEntry, taken: Taken}[], gap: boolean,
   *   breach: Breach|null, last: GroupEntry|undefined}>} what was taken, up to the first that
   *   cannot be; `last` is the last that was, or that was a repeat
   */
  async take(before, entries) {
    const view = this.#view();
    const batch = { state: before, taken: [], gap: false, breach: null };
    for (const entry of entries) {
      try {
        const taken = await takeEntry(batch.state, entry, {
          ...view, knownHash: nr => hashIn(batch.taken, nr) ?? view.knownHash(nr),
        });
        if (taken.outcome === 'taken') {
          batch.state = taken.state;
          batch.taken.push({ entry, taken });
        }
        batch.gap = taken.outcome === 'gap';
        if (batch.gap || taken.outcome === 'over') break;
      } catch (error) {
        if (!(error instanceof Breach)) throw error;
        batch.breach = error;
        break;
      }
      batch.last = entry;
    }
    return batch;
  }

  /** What the rosters of these entries say of people, compared with their pins. */
  async contactsAfter(taken) {
    const contacts = new Map();
    for (const { user, deviceList } of taken.flatMap(({ taken: { lists } }) => lists)) {
      if (!contacts.has(user)) {
        const before = await contactOf(this.#store, user);
        contacts.set(user, { before, contact: before });
      }
      const person = contacts.get(user);
      person.contact = await this.#learned(user, person.contact, deviceList);
    }
    return new Map([...contacts].filter(([, { before, contact }]) => contact !== before));
  }

  async #learned(user, contact, deviceList) {
    try {
      return await contactWithList(this.#self, user, contact, deviceList);
    } catch (error) {
      // A roster may hold an older list than the one that this browser knows.
      if (error instanceof Refused && error.reason === 'rollback') return contact;
      throw error;
    }
  }

  #view() {
    return {
      self: this.#self,
      knownHash: sequenceNr => knownGroupHash(this.#store, this.#group, sequenceNr),
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

function hashIn(taken, sequenceNr) {
  return taken.find(({ entry }) => entry.sequenceNr === sequenceNr)?.entry.hash;
}
