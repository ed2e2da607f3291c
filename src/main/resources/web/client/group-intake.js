/** Takes what the server pushes of groups (docs/protocol.md §9.7): checks, stores, confirms. */

import { equal } from '../crypto/bytes.js';
import { GROUP, groupStart } from '../crypto/group-statements.js';
import { isRoster } from '../group/membership.js';
import { beginningState, lastTaken } from '../group/state.js';
import { Conflict } from '../store/database.js';
import { knownGroupHash, loadGroup } from '../store/groups.js';
import { commitGroup } from './group-commit.js';
import { GroupReception } from './group-reception.js';
import { Pushes } from './pushes.js';

const ENTRIES = ['group-entry', 'restored'];
/** What a device has of a log before it hears of it. */
const NOTHING = { generation: 0, head: { sequenceNr: -1 } };

/**
 * @typedef {object} IntakeOwner
 * @property {function(string, object)} onTaken a group has moved: what `commitGroup` gives
 * @property {function(string): Promise} onMember this device is, or was, in the group
 * @property {function(string)} onCaughtUp everything that waited of a group was taken
 * @property {function(string, number): Promise} follow asks for a group's log once more, from after
 *   an entry
 * @property {function(Error)} onStuck nothing can be taken: a full disk
 */

export class GroupIntake {
  #store;
  #self;
  #turn;
  #news;
  #owner;
  #pushes;
  #acknowledgements = null;
  #claimedGeneration = 0;
  /** By group: rows of a `group-start` that goes on in the next push. */
  #rows = new Map();
  /** Groups of which this connection takes nothing more. */
  #stuck = new Set();
  /** Groups whose log was asked for once more, and has not come yet. */
  #asked = new Set();

  constructor({ store, self, turn, news }, owner) {
    this.#store = store;
    this.#self = self;
    this.#turn = turn;
    this.#news = news;
    this.#owner = owner;
    this.#pushes = new Pushes(turn, {
      belongs: ({ type, owner: group }, first) => ENTRIES.includes(type) && group === first.owner,
      take: frames => this.#take(frames, this.#acknowledgements),
      onFailed: error => owner.onStuck(error),
    });
  }

  /** A new connection, on which the server names this generation of the inbox. */
  begin(acknowledgements, claimedGeneration) {
    this.#pushes.begin();
    this.#rows.clear();
    this.#asked.clear();
    this.#stuck.clear();
    this.#acknowledgements = acknowledgements;
    this.#claimedGeneration = claimedGeneration;
  }

  push(frame) {
    this.#pushes.push(frame);
  }

  /** This user is out, and no entry of the log says so. @param {'left'|'lost'} how */
  end(owner, how) {
    return this.#turn.take(async () => {
      const { version, state } = await loadGroup(this.#store, owner);
      if (!state || state.ended) return;
      const ended = { ...state, keys: null, breach: null, ended: how };
      await this.#commit(owner, { version, state: ended }, [], new Map());
    });
  }

  /** The server was caught outside the log. */
  stop(owner, code) {
    return this.#turn.take(() => this.#breach(owner, code));
  }

  /** @param {Acknowledgements} acknowledgements of the connection that pushed the frames */
  async #take(frames, acknowledgements) {
    const [first] = frames;
    if (this.#stuck.has(first.owner)) return;
    if (first.type === 'group-start') await this.#start(first, acknowledgements);
    else if (first.type === 'caught-up') await this.#caughtUp(first, acknowledgements);
    else if (ENTRIES.includes(first.type)) await this.#takeEntries(frames, acknowledgements);
    // No part of this version cuts a group's log.
    else await this.#breach(first.owner, 'rule');
  }

  /** A group begins here, or is pushed once more from where it began. */
  async #start(frame, acknowledgements) {
    const { owner, generation, sequenceNr, hash, rows, more, inviter } = frame;
    const all = [...this.#rows.get(owner) ?? [], ...rows];
    this.#rows.delete(owner);
    if (!isRoster(all)) {
      this.#news.alarmGroup(owner, 'rule');
      return;
    }
    if (more) {
      this.#rows.set(owner, all);
      return;
    }
    const point = { sequenceNr, hash };
    if (!await isBeginning(owner, point)) return;
    const isBegun = await this.#begin(owner, point, all, { generation, inviter });
    if (isBegun) this.#ready(owner, acknowledgements);
  }

  /** @returns {Promise<boolean>} whether the group begins here now */
  async #begin(owner, point, rows, { generation, inviter }) {
    const { version, state } = await loadGroup(this.#store, owner);
    if (state?.breach) return false;
    const { sequenceNr } = lastTaken(state ?? NOTHING);
    // Numbers of before a restore say nothing of those after it.
    const isAnew = generation > (state?.joining ?? state ?? NOTHING).generation;
    if (state && isAnew && !await this.#mayBeginAnew(owner, state, point, generation)) return false;
    const isMembership = state?.membership && !state.ended;
    if (isMembership && !isAnew && point.sequenceNr > sequenceNr) {
      // Only an entry of the log ends a membership: what lies between says whether one did.
      await this.#follow(owner, sequenceNr);
      return false;
    }
    const isRepeat = isMembership || state?.joining || !state?.membership
      ? point.sequenceNr <= sequenceNr : point.sequenceNr < sequenceNr;
    if (isRepeat && !isAnew) return false;
    const starts = await this.#startsOf(state);
    const begun = beginningState(owner, point, rows, { generation, starts, inviter });
    const after = state?.membership ? { ...state, joining: begun } : begun;
    const isReplaced = isAnew && !state?.membership;
    await this.#commit(owner, { version, state: after, isAnew: isReplaced }, [], new Map());
    return true;
  }

  /** What a newer connection will push is not here yet. */
  #ready(owner, acknowledgements) {
    if (acknowledgements === this.#acknowledgements) this.#owner.onCaughtUp(owner);
  }

  /**
   * Whether the inbox has proved that there was a restore, and where the log begins is new: an
   * invitation that was taken before would lead back to what has been since.
   */
  async #mayBeginAnew(owner, state, { sequenceNr, hash }, generation) {
    const inbox = await this.#store.meta('chain');
    const isProved = generation <= inbox.generation;
    // It comes once more, when the inbox has proved it.
    if (!isProved && generation <= this.#claimedGeneration) return false;
    const known = await knownGroupHash(this.#store, owner, sequenceNr);
    const starts = await this.#startsOf(state);
    if (isProved && ![...starts, known].some(old => old && equal(old, hash))) return true;
    await this.#breach(owner, 'rule');
    return false;
  }

  /** Hashes of the points where a membership began here. Older versions did not keep them. */
  async #startsOf(state) {
    if (!state?.membership) return [];
    if (state.starts) return state.starts;
    const known = await knownGroupHash(this.#store, state.group, state.startNr);
    return known ? [known] : [];
  }

  async #takeEntries(entries, acknowledgements) {
    const { owner } = entries[0];
    for (;;) {
      const { version, state } = await loadGroup(this.#store, owner);
      if (!state) return this.#follow(owner, 0);
      if (state.breach) return undefined;
      const batch = await this.#received(state, entries);
      if (!batch) return undefined;
      try {
        await this.#keep(owner, version, batch, isJoinedAnew(state, batch.state));
      } catch (error) {
        if (error instanceof Conflict) continue;
        throw error;
      }
      return this.#after(batch, entries, acknowledgements);
    }
  }

  /** What was taken in memory; null if this version fails at it: other groups go on. */
  async #received(state, entries) {
    const { group } = state;
    try {
      return await new GroupReception(this.#store, this.#self, group).take(state, entries);
    } catch (error) {
      // What the storage says concerns all groups.
      if (error instanceof DOMException) throw error;
      reportError(error);
      this.#stuck.add(group);
      this.#news.alarmGroup(group, 'stuck');
      return null;
    }
  }

  async #keep(owner, version, { state, taken, contacts, breach }, isAnew) {
    if (taken.length === 0 && !breach) return;
    const after = breach ? { ...state, breach: breach.code } : state;
    await this.#commit(owner, { version, state: after, isAnew }, taken, contacts);
    if (breach) this.#news.alarmGroup(owner, breach.code);
  }

  async #after({ last, gap, state }, entries, acknowledgements) {
    const { owner } = entries[0];
    if (last) {
      // A repeat is acknowledged too: the one that was, may not have arrived.
      acknowledgements.stored(last.nonce, { ...last, kind: GROUP }, entries.length);
      if (!gap) this.#asked.delete(owner);
    }
    if (gap) await this.#follow(owner, lastTaken(state).sequenceNr);
  }

  async #caughtUp({ owner, generation, sequenceNr, hash, nonce }, acknowledgements) {
    const { state } = await loadGroup(this.#store, owner);
    if (!state || state.breach) return;
    const head = lastTaken(state);
    const isOver = state.ended && !state.joining;
    if (isOver && sequenceNr !== head.sequenceNr) return;
    if (sequenceNr > head.sequenceNr) {
      await this.#follow(owner, head.sequenceNr);
      return;
    }
    const fits = generation === (state.joining ?? state).generation && sequenceNr === head.sequenceNr
      && equal(hash, head.hash);
    if (!fits) {
      await this.#breach(owner, 'fork');
      return;
    }
    acknowledgements.caughtUp(nonce);
    this.#ready(owner, acknowledgements);
  }

  /** The server was caught: from now on nothing of this group is taken or sent. */
  async #breach(owner, code) {
    const { version, state } = await loadGroup(this.#store, owner);
    if (!state || state.breach) return;
    await this.#commit(owner, { version, state: { ...state, breach: code } }, [], new Map());
    this.#news.alarmGroup(owner, code);
  }

  async #commit(owner, after, taken, contacts) {
    const outcome = await commitGroup(this.#store, this.#self, after, taken, contacts);
    for (const [user, rows] of outcome.people) await this.#news.tell(user, rows);
    if (after.state.membership) {
      await this.#owner.onMember(owner);
      await this.#news.tellGroup(owner, outcome.rows);
    }
    this.#owner.onTaken(owner, outcome);
  }

  /** Once for each gap: what is on its way comes by itself. */
  async #follow(owner, after) {
    if (this.#asked.has(owner)) return;
    this.#asked.add(owner);
    await this.#owner.follow(owner, after);
  }
}

/** Whether an invitation of another generation was verified, and takes the place of all before. */
function isJoinedAnew({ joining, generation }, after) {
  return Boolean(joining) && !after.joining && joining.generation !== generation;
}

/** Number 0 stands for one hash only. */
async function isBeginning(group, { sequenceNr, hash }) {
  return sequenceNr > 0 || equal(hash, (await groupStart(group)).hash);
}
