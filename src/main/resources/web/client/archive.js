/**
 * The user's archive (docs/protocol.md §14), as the leading tab keeps it: what is there and not here
 * is fetched, newest first; then what is here and not there is appended. One run after the other.
 */

import { placeBefore } from '../crypto/archive.js';
import { FIRST_GENERATION } from '../crypto/entry-chain.js';
import { Backoff, jitter } from '../protocol/backoff.js';
import { ConnectionLost, RequestRefused } from '../protocol/connection.js';
import {
  ARCHIVE_STORES, archiveRow, changeArchive, forgetBatches, unarchived,
} from '../store/archive.js';
import { ArchiveAppending, ArchiveErased } from './archive-appending.js';
import { ArchiveBroken, ArchiveReading, KeyMissing } from './archive-reading.js';
import { UNKNOWN, compareState } from './archive-state.js';
import { Later, PAGE_CLOCK } from './later.js';
import { SENT_AGAIN } from './step.js';
import { archiveText } from './texts.js';
import { Turn } from './turn.js';

/** So that of several devices one writes, and the others find it there. Tests wait for less. */
export const pace = { waitMs: 2_000, jitterMs: 8_000, lookMs: 10_000, retryMs: 1_000 };
const RETRY_MS_MAX = 60_000;

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
  /** The inbox's, as the newest connection had it. */
  #generation;
  #isConnected = false;
  /** Something may be new here. */
  #changed;
  /** One more look. */
  #look;
  /** After the server was busy. */
  #retry;
  #backoff = new Backoff(pace.retryMs, RETRY_MS_MAX);
  /** A sibling erased the archive: first it may say that there is to be none any more. */
  #holdsBack = false;
  /** Up to where it was read, on this connection. */
  #end = null;
  /** The run that has not begun. */
  #waiting = null;
  #isBroken = false;

  /** @param {{share: ArchiveShare}} parts */
  constructor({ store, self, news, emit, share, clock = PAGE_CLOCK }, request) {
    this.#store = store;
    this.#self = self;
    this.#news = news;
    this.#emit = emit;
    this.#share = share;
    this.#request = request;
    [this.#changed, this.#look, this.#retry] = Array.from({ length: 3 }, () => new Later(clock));
    this.#reading = new ArchiveReading(store, self, share.ownKeys, request);
    this.#appending = new ArchiveAppending(store, self, share.ownKeys, request);
  }

  /** A new connection has caught up. @param {number} generation of the inbox */
  async begin(generation) {
    this.#generation = generation;
    this.#isConnected = true;
    await this.#run();
    // What a sibling showed just before this device was there, it has appended by then.
    this.#lookAgain();
  }

  /** There is no connection any more. */
  stop() {
    for (const later of [this.#changed, this.#look, this.#retry]) later.clear();
    this.#isConnected = false;
    this.#end = null;
  }

  /** @returns {ArchivePlace|null} up to where it was read, on this connection */
  get end() {
    return this.#end;
  }

  /** Something may be new here: after a while it is appended. */
  changed() {
    if (!this.#isConnected || this.#changed.isSet) return;
    this.#changed.set(pace.waitMs + jitter(pace.jitterMs), async () => {
      const ids = await this.#store.read(ARCHIVE_STORES, unarchived);
      if (ids.length > 0) await this.#run();
    });
  }

  /** What the last run was waiting for may be here. */
  retry() {
    if (this.#isConnected) this.#run();
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
    await this.#switch({ on, dropping: !on && (row.dropping || row.appended > nr) });
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
    this.#holdsBack = false;
    return this.#store.write(ARCHIVE_STORES, async stores => {
      await forgetBatches(stores, 1);
      await changeArchive(stores, { ...UNKNOWN, ...change });
    });
  }

  #lookAgain() {
    if (!this.#isConnected) return;
    this.#look.set(pace.lookMs, () => {
      this.#holdsBack = false;
      this.#run();
    });
  }

  /** One that waits for its turn does for all that want one, and all of them wait for it. */
  #run() {
    this.#waiting ??= this.#turn.take(async () => {
      this.#waiting = null;
      try {
        await this.#step();
        this.#backoff.reset();
      } catch (error) {
        this.#failed(error);
      }
    });
    return this.#waiting;
  }

  async #step() {
    let row = await this.#row();
    if (!this.#isConnected) return row.dropping && this.#tell('off', 'off-later');
    if (row.dropping) row = await this.#drop();
    if (!row.on) {
      this.#reached(placeBefore(row.seen + 1));
      return this.#tell('off', 'off');
    }
    const { hasKeys, isAgreed } = await this.#share.standing();
    if (!hasKeys) return undefined;
    // A device that was removed may have appended something: what counts is still to be told.
    if (!isAgreed) return this.#tell('idle');
    const { head, end } = await this.#read();
    this.#isBroken = false;
    this.#reached(end);
    if (!this.#holdsBack) this.#reached(await this.#append(head) ?? end);
    return this.#tell('idle');
  }

  /** @returns {Promise<{head: ArchivePlace|null, end: ArchivePlace}>} now that it is read */
  async #read() {
    for (;;) {
      const state = await this.#request('archive-state', {});
      const { head } = await this.#compare(state);
      const end = head ?? placeBefore(state.first);
      if (end.nr === state.last) return { head, end };
      await this.#reading.run(state, end, await this.#closed(), (rows, progress) =>
        this.#restored(rows, head ? null : progress));
    }
  }

  /** After a restore there may be other batches under the numbers. */
  async #closed() {
    const { closed } = await this.#share.archive();
    return this.#generation === FIRST_GENERATION ? closed
      : closed.map(closing => ({ ...closing, hash: null }));
  }

  #reached(end) {
    const isFirst = this.#end === null;
    this.#end = this.#isConnected ? end : null;
    if (isFirst) this.#share.kick();
  }

  /** @returns {Promise<ArchivePlace|null>} the newest batch after that */
  async #append(head) {
    try {
      return await this.#appending.run(head);
    } catch (error) {
      if (!(error instanceof ArchiveErased)) throw error;
      // Nobody can read up to what is there now.
      await this.#switch({ dropping: true });
      await this.#drop();
      this.#waitForEraser();
      return (await this.#row()).head;
    }
  }

  /** Everything is erased, and said to be only once the server confirmed it. */
  async #drop() {
    const { last } = await this.#request('archive-drop', {});
    const row = await this.#store.write(['meta'],
      stores => changeArchive(stores, { dropping: false, seen: last }));
    await this.#share.putNr();
    return row;
  }

  /** What is here is to be appended again, unless whoever erased it wants no archive. */
  #waitForEraser() {
    this.#holdsBack = true;
    this.#lookAgain();
  }

  /** What the server says is there, against what this device and the others have seen. */
  async #compare(state) {
    const { nr } = await this.#share.archive();
    const known = { generation: this.#generation, nr };
    const { row, isAnew } = await this.#store.write(
      ARCHIVE_STORES, stores => compareState(stores, state, known));
    if (isAnew) this.#waitForEraser();
    return row;
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
    else if (SENT_AGAIN.includes(code) && this.#isConnected) {
      this.#retry.set(frame.retryAfter ?? this.#backoff.next(), () => this.#run());
    }
  }

  #tell(state, code) {
    const event = { type: 'archive', state };
    this.#emit(code ? { ...event, text: archiveText(code) } : event);
  }
}
