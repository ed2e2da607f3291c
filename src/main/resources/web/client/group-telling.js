/**
 * Taking a device out of all groups (docs/protocol.md §9.8): it is out of one as soon as the group
 * has taken the proposal of the list without it, since from then on nothing is posted under the old
 * keys. What is left to do is stored: after a reload it goes on.
 */

import { settle } from '../store/database.js';
import { missesOwnList } from './group-attempts.js';

const META = 'revoking';

export class GroupTelling {
  #store;
  #self;
  #emit;
  #waiting = [];
  /** The row, which only this tab writes: null if there is none; undefined before it was read. */
  #begun;

  /** @param {function(object)} emit gives an event to every tab */
  constructor({ store, self }, emit) {
    this.#store = store;
    this.#self = self;
    this.#emit = emit;
  }

  /** The own list has just lost a device. Resolves when all groups have taken that. */
  async begin() {
    const rows = await this.#rows();
    const groups = rows.filter(row => row.membership && !row.ended && !row.breach)
      .map(({ group }) => group);
    this.#begun = { groups };
    await this.#store.setMeta(META, this.#begun);
    const done = new Promise(resolve => { this.#waiting.push(resolve); });
    await this.update();
    await done;
  }

  /** A group has moved, or a page has been opened again: tells how far it is. */
  async update() {
    const stored = this.#begun === undefined ? await this.#store.meta(META) : undefined;
    this.#begun ??= stored ?? null;
    const begun = this.#begun;
    if (!begun) return;
    const behind = await this.#behind();
    const left = begun.groups.filter(group => behind.includes(group));
    const all = begun.groups.length;
    if (all > 0) this.#emit({ type: 'revoking', done: all - left.length, all });
    if (left.length > 0) return;
    await this.#store.write(['meta'], ({ meta }) => { meta.delete(META); });
    if (this.#begun === begun) this.#begun = null;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Groups in which the own list as it is now neither stands nor was proposed. */
  async #behind() {
    const rows = await this.#rows();
    return rows.filter(row => missesOwnList(row, this.#self)).map(({ group }) => group);
  }

  #rows() {
    return this.#store.read(['groups'], ({ groups }) => settle(groups.getAll()));
  }
}
