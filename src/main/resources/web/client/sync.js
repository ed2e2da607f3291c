/** Keeps what the devices of a user share the same on all of them (docs/protocol.md §13). */

import { equal } from '../crypto/bytes.js';
import { sealSync } from '../crypto/own-keys.js';
import { Refused } from '../crypto/refused.js';
import { ConnectionLost, RequestRefused } from '../protocol/connection.js';
import { settle } from '../store/database.js';
import { loadOwnKeys, openOwnKey } from '../store/own-keys.js';
import { placeArranged } from './arranged.js';
import {
  CLOSED_STORES, KEY_STORES, PENDING_KEY, SHARED_STORES, addClosed, changeShared, isUnderOlderKey,
  joinShared, keyIdOf, keyRows, openShared, sharedRow,
} from './shared.js';
import { switched, switchesOf } from './switches.js';
import { STEP_STORES, archiveHere, digestOf, noteShared, stateOf } from './sync-content.js';
import { Turn } from './turn.js';
import { encodeSync } from './vault.js';

/** At most one blob in this time. Tests wait for less. */
export const pace = { putMs: 5_000 };

/** Where it stands what was changed here. */
const CHANGED_STORES = ['meta', 'conversations', 'standings'];

/** As old as the account. */
const FIRST_KEY = 1;

export class Sync {
  #store;
  #self;
  #news;
  #request;
  #archive;
  #onOutgoing;
  #turn = new Turn();
  #timer;
  /** The inbox's, as the newest connection had it. */
  #generation;
  #isConnected = false;
  #claimed = 0;

  /**
   * @param {function(string, object): Promise<object>} request
   * @param {{adopt: function({on: boolean}): Promise, retry: function(),
   *   end: function(): ArchivePlace|null}} archive `adopt`: another device has switched it;
   *   `retry`: what is shared is under another own key now; `end`: up to where it was read here
   * @param {function()} onOutgoing something in the outbox may go out now
   */
  constructor({ store, self, news }, request, archive, onOutgoing) {
    this.#store = store;
    this.#self = self;
    this.#news = news;
    this.#request = request;
    this.#archive = archive;
    this.#onOutgoing = onOutgoing;
  }

  /** A connection is there, on which the server says that it has the blob with this number. */
  heard(generation, counter) {
    this.#generation = generation;
    this.#isConnected = true;
    this.#claimed = counter;
    return this.#run();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isConnected = false;
  }

  /** Something that is shared may have changed here. */
  kick() {
    if (this.#timer || !this.#isConnected) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#run({ isDue: true });
    }, pace.putMs);
  }

  /** @returns {Promise<OwnKey[]>} rising; none before the vault was opened once */
  ownKeys() {
    return loadOwnKeys(this.#store);
  }

  /** @returns {Promise<{hasKeys: boolean, isAgreed: boolean}>} as of ArchiveShare */
  async standing() {
    const { row, keys, mayWrite, pending } = await this.#store.read(
      KEY_STORES, async stores => ({
        row: await sharedRow(stores), ...await keyRows(stores),
        pending: await settle(stores.meta.get(PENDING_KEY)),
      }));
    const newest = keys.at(-1);
    const isAgreed = mayWrite && !pending && (newest.id === FIRST_KEY || row.keyId === newest.id);
    return { hasKeys: keys.length > 0, isAgreed };
  }

  /** The archive as all devices know it. */
  async archive() {
    return (await this.#row()).archive;
  }

  /** The archive was switched, or begun anew, on this device. */
  async put() {
    await this.#store.write(['meta'], async stores => {
      const { archive } = await sharedRow(stores);
      const here = await archiveHere(stores, archive);
      await changeShared(stores, { archive: here, archiveChanged: true });
    });
    this.kick();
  }

  /** The number of the archive is another one: alone it is not worth a blob, but now it counts. */
  async putNr() {
    await this.#store.write(['meta'], stores => changeShared(stores, { digest: null }));
    this.kick();
  }

  /** @returns {Promise<object>} by name, as of switches.js */
  async switches() {
    return switchesOf(await this.#row());
  }

  async setSwitch(name, on) {
    await this.#store.write(['meta'], stores => changeShared(stores, switched(name, on)));
    this.#news.switched({ [name]: on });
    this.kick();
  }

  /** @param {string} name 1 to 64 characters */
  async rename(deviceId, name) {
    await this.#store.write(['meta'], async stores => {
      const { names, changedNames } = await sharedRow(stores);
      await changeShared(stores, {
        names: { ...names, [deviceId]: name },
        changedNames: [...new Set([...changedNames, deviceId])],
      });
    });
    this.kick();
  }

  /** @returns {Promise<Object<string, string>>} names of devices, by id */
  async names() {
    return (await this.#row()).names;
  }

  #row() {
    return this.#store.read(['meta'], sharedRow);
  }

  #run({ isDue = false } = {}) {
    return this.#turn.take(async () => {
      try {
        let mayPut = isDue;
        // What was just fetched is answered no sooner than anything else that changed here.
        while (this.#isConnected && await this.#step(mayPut)) mayPut = false;
      } catch (error) {
        // The next connection says again what the server has.
        const isPassing = error instanceof ConnectionLost || error instanceof RequestRefused;
        if (!isPassing) throw error;
      }
    });
  }

  /** @returns {Promise<boolean>} whether there may be more to do */
  async #step(isDue) {
    const { row, keys, mayWrite, isPlaced, content, hasMarks } = await this.#store.read(
      STEP_STORES, stores => stateOf(stores, this.#self));
    if (this.#claimed !== row.counter) return this.#fetch(row);
    if (isPlaced) {
      await this.#place();
      return this.#step(isDue);
    }
    if (!mayWrite) return false;
    const newest = await openOwnKey(this.#store, keys.at(-1));
    if (await this.#close(newest, row.archive)) return this.#step(isDue);
    const digest = await digestOf(content, newest);
    if (row.digest && equal(row.digest, digest) && row.keyId === newest.id) {
      if (hasMarks) await this.#store.write(CHANGED_STORES, stores => noteShared(stores, content));
      return false;
    }
    if (isDue) return this.#put(row, content, { digest, newest });
    this.kick();
    return false;
  }

  /**
   * Says where the archive ended when this own key was made, if nobody has said so yet.
   *
   * @returns {Promise<boolean>} whether it was said now
   */
  async #close({ id: keyId }, { closed }) {
    const end = this.#archive.end();
    const isClosed = !end || end.keyId >= keyId || closed.some(known => known.keyId === keyId);
    if (keyId === FIRST_KEY || isClosed) return false;
    const { nr, hash } = end;
    await this.#store.write(CLOSED_STORES, stores => addClosed(stores, [{ keyId, nr, hash }]));
    return true;
  }

  async #fetch(row) {
    const heard = this.#claimed;
    const reply = await this.#request('sync', {});
    this.#hadAnswer(heard, reply.counter);
    if (reply.counter < row.counter) return this.#ledBack(row, reply);
    if (reply.counter === row.counter) return true;
    const ownKeys = await this.ownKeys();
    try {
      if (keyIdOf(reply) > (ownKeys.at(-1)?.id ?? 0)) return false;
      // A device that was removed could have sealed it: what is here is put under the newest.
      if (isUnderOlderKey(reply, ownKeys)) return await this.#takeCounter(reply);
      const content = await openShared(ownKeys, this.#self, reply);
      await this.#join(reply.counter, content, ownKeys.at(-1));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#news.alarm('sync-lost');
      await this.#takeCounter(reply);
    }
    return true;
  }

  /** The server has an older blob, or none: this device puts what it knows. */
  async #ledBack({ generation }, reply) {
    if (this.#generation <= generation) this.#news.alarm('sync-lost');
    return this.#takeCounter(reply);
  }

  async #takeCounter({ counter }) {
    const generation = this.#generation;
    await this.#store.write(['meta'],
      stores => changeShared(stores, { counter, generation, digest: null }));
    return true;
  }

  async #join(counter, content, newest) {
    const [ownUser, generation, keyId] = [this.#self.user, this.#generation, newest.id];
    const joined = await this.#store.write(SHARED_STORES,
      stores => joinShared(stores, ownUser, { counter, keyId, generation, content }));
    // What was joined is what is there: only what this device knows besides is put.
    const digest = await digestOf(content, newest);
    await this.#store.write(['meta'], stores => changeShared(stores, { digest }));
    for (const user of joined.told) await this.#news.tell(user, joined.parked.get(user));
    for (const id of joined.moved) await this.#news.show(id);
    this.#news.switched(joined.switched);
    for (const [id, messages] of joined.erased) this.#news.erased(id, messages);
    // Groups hide what is blocked, and what is owed to whoever is accepted now goes out.
    if (joined.isStanding) {
      await this.#news.tellList();
      this.#onOutgoing();
    }
    for (const user of joined.forked) this.#news.alarm('old-devices', { user });
    await this.#archive.adopt(await this.archive());
    this.#archive.retry();
  }

  /** What others said of conversations that were not here. */
  async #place() {
    const moved = await this.#store.write(['meta', 'conversations'], async stores => {
      const { elsewhere: said } = await sharedRow(stores);
      const { elsewhere, moved: ids } = await placeArranged(stores, said);
      if (elsewhere.length < said.length) await changeShared(stores, { elsewhere });
      return ids;
    });
    for (const id of moved) await this.#news.show(id);
  }

  async #put(row, content, { digest, newest }) {
    const counter = row.counter + 1;
    const blob = await sealSync(newest, this.#self, counter, encodeSync(content));
    const heard = this.#claimed;
    try {
      await this.#request('sync-put', { counter, blob });
    } catch (error) {
      const isStale = error instanceof RequestRefused && error.code === 'stale';
      if (!isStale) throw error;
      this.#claimed = null;
      return true;
    }
    this.#hadAnswer(heard, counter);
    const put = { counter, keyId: newest.id, digest, content };
    await this.#store.write(CHANGED_STORES, stores => this.#wasPut(stores, put));
    if (newest.id !== row.keyId) this.#archive.retry();
    return false;
  }

  /** What another device put while this one waited for its answer is newer than the answer. */
  #hadAnswer(heard, counter) {
    if (this.#claimed === heard) this.#claimed = counter;
  }

  async #wasPut(stores, { counter, keyId, digest, content }) {
    await changeShared(stores, { counter, keyId, digest, generation: this.#generation });
    await noteShared(stores, content);
  }
}
