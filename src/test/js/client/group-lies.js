/** A server that shows one user another log than it has: hashes fit, as far as it can make them. */

import { groupEntryHash } from '/crypto/group-statements.js';

/**
 * From an entry on, one user gets a log of its own.
 *
 * @param {number} from number of the first entry that differs
 * @param {function(object): (object|Promise<object>)} change what that entry, and those after it,
 *   become; called with the push, gives the push
 */
export function lie(server, { user }, from, change) {
  const { onPush } = server.groups;
  const hashes = new Map();
  server.groups.onPush = async (frame, to) => {
    const { sequenceNr, type } = frame;
    if (to.user !== user || sequenceNr < from || type === 'group-start') return onPush(frame, to);
    if (type === 'caught-up') return { ...frame, hash: hashes.get(sequenceNr) ?? frame.hash };
    const log = server.groups.logs.get(frame.owner);
    const previous = hashes.get(sequenceNr - 1) ?? log.point(sequenceNr - 1).hash;
    const changed = await change(frame);
    const hash = await groupEntryHash(previous, changed);
    hashes.set(sequenceNr, hash);
    return { ...changed, hash };
  };
}
