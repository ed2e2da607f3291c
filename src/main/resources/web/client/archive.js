/**
 * The user's archive (docs/protocol.md §14), as the leading tab keeps it: what is there and not
 * here is fetched, newest first; then what is here and not there is appended. One run after the other.
 */

import { placeBefore } from '../crypto/archive.js';
import { jitter } from '../protocol/backoff.js';
import { ConnectionLost, RequestRefused } from '../protocol/connection.js';
import {
  ARCHIVE_STORES, archiveRow, changeArchive, forgetBatches, unarchived,
} from '../store/archive.js';
import { ArchiveAppending } from './archive-appending.js';
import { ArchiveBroken, ArchiveReading, KeyMissing } from './archive-reading.js';
import { SENT_AGAIN } from './step.js';
import { archiveText } from './texts.js';
import { Turn } from './turn.js';

/** So that of several devices one writes, and the others find it there. Tests wait for less. */
export const pace = { waitMs: 2_000, jitterMs: 8_000, lookMs: 10_000, retryMs: 60_000 };

/** No batch is known. */
const UNKNOWN = { head: null, top: null, reading: null };

/**
 * @typedef {object} ArchiveShare what the devices of a user share about the archive (§13)
 * @property {function(): Promise<OwnKey[]>} ownKeys rising; none before the vault was opened once
 * @property {function(): Promise<boolean>} mayWrite whether the newest own key is closed to all
 *   removed devices
 * @property {function(): Promise<{on: boolean, nr: number}>} archive as sync has it
 * @property {function(): Promise} put tells the others the switch, which was changed here
 */

export class Archive {
  #store;
  #self;
  #news;
  #emit;
  #share;
  #request;
  #reading;
  #appending;
  #turn = new Turn();
  #generation = null;
  #timer;
  /** One more look, after a new connection. */
  #look;
  /** The run that has not begun. */
  #waiting = null;
  #isBroken = false;

  /** @param {{share: ArchiveShare}} parts */
  constructor({ store, self, news, emit, share }, request) {
    this.#store = store;
    this.#self = self;
    this.#news = news;
    this.#emit = emit;
    this.#share = share;
    this.#request = request;
    this.#reading = new ArchiveReading(store, self, share.ownKeys, request);
    this.#appending = new ArchiveAppending(store, self, share.ownKeys, request);
  }

  /** A new connection has caught up. @param {number} generation of the inbox */
  async begin(generation) {
    this.#generation = generation;
    await this.#run();
    // What a sibling showed just before this device was there, it has appended by then.
    clearTimeout(this.#look);
    if (this.#generation !== null) this.#look = setTimeout(() => this.#run(), pace.lookMs);
  }

  /** There is no connection any more. */
  stop() {
    clearTimeout(this.#timer);
    clearTimeout(this.#look);
    this.#timer = undefined;
    this.#generation = null;
  }

  /** Something may be new here: after a while it is appended. */
  changed() {
    this.#wait(pace.waitMs + jitter(pace.jitterMs), async () => {
      const ids = await this.#store.read(ARCHIVE_STORES, unarchived);
      if (ids.length > 0) await this.#run();
    });
  }

  /** What the last run was waiting for may be here. */
  retry() {
    if (this.#generation !== null) this.#run();
  }

  /** The commands that other tabs may give, by name. */
  get commands() {
    return {
      archive: () => this.#describe(),
      setArchive: ({ on }) => this.#set(on),
    };
  }

  /** Another device has switched the archive on or off. */
  async adopt({ on, nr }) {
    const row = await this.#store.read(['meta'], archiveRow);
    // One that has not begun yet takes over what the others have.
    if (row.on === on || row.on === null && on) return;
    // Whoever switched it off erases it: it may be begun anew before this device hears of that. But
    // what this one has appended since goes, too.
    await this.#switch({ on, dropping: !on && (row.dropping || row.seen > nr) });
    await this.#run();
  }

  async #describe() {
    const { on } = await this.#row();
    const { bytes, quota } = await this.#request('archive-state', {});
    return { on, bytes, quota };
  }

  /** Switching it on once more begins it anew, after the server lost part of it. */
  async #set(on) {
    const row = await this.#row();
    if (row.on === on && !this.#isBroken) return;
    await this.#switch({ on, dropping: !on || row.dropping || this.#isBroken });
    if (!on) await this.#share.put();
    await this.#run();
    // The number from which the new archive goes on is known now.
    if (on) await this.#share.put();
  }

  /** A new device does as the others do. */
  async #row() {
    const row = await this.#store.read(['meta'], archiveRow);
    if (row.on !== null) return row;
    const { on } = await this.#share.archive();
    return this.#store.write(['meta'], stores => changeArchive(stores, { on }));
  }

  #switch(change) {
    this.#isBroken = false;
    return this.#store.write(ARCHIVE_STORES, async stores => {
      await forgetBatches(stores, 1);
      await changeArchive(stores, { ...UNKNOWN, ...change });
    });
  }

  #wait(ms, then) {
    if (this.#timer || this.#generation === null) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      then();
    }, ms);
  }

  /** One that waits for its turn does for all that want one, and all of them wait for it. */
  #run() {
    this.#waiting ??= this.#turn.take(async () => {
      this.#waiting = null;
      try {
        await this.#step();
      } catch (error) {
        this.#failed(error);
      }
    });
    return this.#waiting;
  }

  async #step() {
    let row = await this.#row();
    if (this.#generation === null) return row.dropping && this.#tell('off', 'off-later');
    if (row.dropping) row = await this.#drop();
    if (!row.on) return this.#tell('off', 'off');
    if ((await this.#share.ownKeys()).length === 0) return undefined;
    for (;;) {
      const state = await this.#request('archive-state', {});
      row = await this.#compare(state);
      const floor = row.head ?? placeBefore(state.first);
      if (floor.nr === state.last) break;
      await this.#reading.run(state, floor, (rows, progress) =>
        this.#restored(rows, row.head ? null : progress));
    }
    this.#isBroken = false;
    if (await this.#share.mayWrite()) await this.#appending.run(row.head);
    return this.#tell('idle');
  }

  /** Everything is erased, and said to be only once the server confirmed it. */
  async #drop() {
    const { last } = await this.#request('archive-drop', {});
    return this.#store.write(['meta'],
      stores => changeArchive(stores, { dropping: false, seen: last }));
  }

  /** What the server says is there, against what this device and the others have seen. */
  async #compare({ first, last }) {
    const generation = this.#generation;
    const shared = (await this.#share.archive()).nr;
    return this.#store.write(ARCHIVE_STORES, async stores => {
      const row = await archiveRow(stores);
      // A server that was restored from a copy goes on from what that held.
      const isLedBack = row.generation !== null && row.generation !== generation;
      const least = Math.max(isLedBack ? 0 : row.seen, generation === 1 ? shared : 0);
      const most = Math.max(row.seen, shared);
      if (last < least || !isLedBack && most > 0 && first > most + 1) {
        throw new ArchiveBroken('numbers that are not those of before');
      }
      const known = row.head ?? row.top;
      // Erased by a sibling and begun anew: what is here may be missing there.
      const isAnew = known && known.nr < first;
      if (!isLedBack && !isAnew) return changeArchive(stores, { generation, seen: last });
      await forgetBatches(stores, 1, isLedBack ? Infinity : first - 1);
      return changeArchive(stores, { ...UNKNOWN, generation, seen: last });
    });
  }

  /** @param {{done: number, total: number}|null} progress null for what came while one was away */
  async #restored(rows, progress) {
    for (const conversation of new Set(rows.map(row => row.conversation))) {
      const some = rows.filter(row => row.conversation === conversation);
      await this.#news.show(conversation, some);
    }
    if (progress) this.#emit({ type: 'archive', state: 'restoring', ...progress });
  }

  #failed(error) {
    if (error instanceof ConnectionLost) return;
    if (error instanceof ArchiveBroken) {
      this.#isBroken = true;
      this.#tell('broken', 'broken');
    } else if (error instanceof KeyMissing) {
      this.#tell('idle');
    } else if (error instanceof RequestRefused) {
      this.#refused(error);
    } else {
      reportError(error);
    }
  }

  #refused({ code, frame }) {
    if (code === 'stale') this.changed();
    else if (code === 'archive-full') this.#tell('full', 'full');
    else if (SENT_AGAIN.includes(code)) {
      this.#wait(frame.retryAfter ?? pace.retryMs, () => this.#run());
    }
  }

  #tell(state, code) {
    const event = { type: 'archive', state };
    this.#emit(code ? { ...event, text: archiveText(code) } : event);
  }
}
