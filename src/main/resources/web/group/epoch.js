/** How a device follows a commit into the next epoch's keys (docs/protocol.md §9.2). */

import { checkSecrets, epochKeys, joinerSecret } from '../crypto/group-epoch.js';
import { openPiece } from '../crypto/group-secrets.js';
import { commitHash, signerOf } from '../crypto/group-statements.js';
import { Refused } from '../crypto/refused.js';
import { roster } from './membership.js';
import { deviceIn } from './rights.js';

/**
 * @param {GroupState} state before the commit
 * @param {GroupEntry} entry
 * @param {Membership} after
 * @param {GroupView} view
 * @returns {Promise<{place: EpochPlace, joiner: Uint8Array|null, keys: EpochState|null,
 *   usedPrekey: number|null}>} without J and keys if what was sent for this device is missing or
 *   wrong: the roster goes on, and this device asks for keys
 */
export async function followCommit(state, entry, after, view) {
  const { content, seed } = entry;
  const place = {
    group: state.group, epoch: content.epoch,
    commitHash: await commitHash(signerOf(entry), content),
  };
  const { user, deviceId } = view.self;
  const nothing = { place, joiner: null, keys: null, usedPrekey: null };
  if (!deviceIn(after, user, deviceId)) return nothing;
  try {
    const { joiner, usedPrekey } = await secretOf(state, entry, place, view);
    const keys = await epochState(place, joiner, seed, after);
    return { place, joiner, keys, usedPrekey };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return nothing;
  }
}

/** The chains of every device that may post in this epoch, with those of people invited. */
async function epochState(place, joiner, seed, membership) {
  const { next, confirm, chainOf } = await epochKeys(place, joiner, seed);
  const devices = roster(membership).flatMap(({ deviceList: { user, devices: listed } }) =>
    listed.map(({ id }) => ({ user, id })));
  const chains = {};
  await Promise.all(devices.map(async ({ user, id }) => {
    chains[id] = { key: await chainOf(user, id), counter: 0 };
  }));
  return { next, confirm, chains };
}

async function secretOf(state, entry, place, view) {
  const { content, piece, fromDevice, messageId } = entry;
  const { user, deviceId } = view.self;
  if (fromDevice === deviceId) {
    return { joiner: await ownJoiner(state, content, await view.freshOf(messageId)) };
  }
  if (!piece) throw new Refused('sealed', 'no piece for this device');
  const keyPair = await view.prekeyAt(piece.prekeyKind, piece.prekeyId);
  if (!keyPair) throw new Refused('prekey', 'a prekey that this device does not hold');
  const { prekeyKind, prekeyId } = piece;
  const recipient = { place, user, device: deviceId, prekeyKind, prekeyId };
  const secret = await openPiece(keyPair, recipient, piece.piece);
  const usedPrekey = prekeyKind === 'one-time' ? prekeyId : null;
  if (isJoiner(state.membership, content, user, deviceId)) {
    await checkSecrets({ joiner: secret }, content);
    return { joiner: secret, usedPrekey };
  }
  return { joiner: await memberJoiner(state, content, secret), usedPrekey };
}

/** What this device drew for its own commit. */
async function ownJoiner(state, content, fresh) {
  if (!fresh) throw new Refused('sealed', 'a commit that this browser has forgotten');
  return memberJoiner(state, content, fresh);
}

async function memberJoiner({ keys }, content, fresh) {
  const isAnew = content.kind !== 'change';
  if (!isAnew && !keys) throw new Refused('sealed', 'without the keys of the epoch before');
  const joiner = await joinerSecret(isAnew ? null : keys.next, fresh);
  await checkSecrets({ fresh, joiner }, content);
  return joiner;
}

/** Whether a device gets J from a commit, instead of f. @param {Membership|null} before */
export function isJoiner(before, { kind, ops }, user, device) {
  return kind !== 'change' || !before || !deviceIn(before, user, device)
    || ops.some(op => op.op === 'rekey' && op.user === user && op.device === device);
}
