/** Going on with a group after the server was restored from a copy (docs/protocol.md §10). */

import { Refused } from '../crypto/refused.js';
import { restored } from './membership.js';
import { isLeaving } from './rights.js';

/**
 * Goes back to the membership at the head of the copy. Keys and counters begin anew with a reset;
 * who was seen to go does not come back unseen.
 *
 * @param {GroupState} state
 * @param {Restored} entry it follows, under the server's signature
 * @param {GroupView} view
 * @returns {Promise<object>} the state, and what `takeEntry` gives besides
 */
export async function takeRestored(state, entry, view) {
  const { generation, sequenceNr, previous, copyTime } = entry;
  if (!state.membership) throw new Refused('order', 'restored before the inviting commit');
  const moved = { ...state, generation, keys: null, counters: {}, posts: 0 };
  // Who was removed or had left stays out.
  if (state.ended) return { state: moved };
  const shown = [{ type: 'notice', notice: 'restored', at: copyTime }];
  const before = await membershipAt(state, previous.sequenceNr, view);
  if (!before) return { state: { ...moved, breach: 'too-old' }, shown };
  const { lastRemoval } = state;
  return {
    state: {
      ...moved,
      membership: restored(before, sequenceNr),
      missed: [...before.rows.keys()].filter(user => wasSeenToGo(state, user)).sort(),
      lastRemoval: lastRemoval?.sequenceNr > previous.sequenceNr ? null : lastRemoval,
    },
    shown,
  };
}

/** Undefined if it is not kept any more. */
function membershipAt({ membership }, sequenceNr, { keptMembership }) {
  return membership.changedNr <= sequenceNr ? membership : keptMembership(sequenceNr);
}

function wasSeenToGo({ membership, missed }, user) {
  return missed.includes(user) || !membership.rows.has(user) || isLeaving(membership, user);
}
