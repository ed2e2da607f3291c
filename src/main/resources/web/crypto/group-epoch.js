/** The keys of a group's epoch (docs/protocol.md §9.2). */

import { equal, randomBytes, utf8 } from './bytes.js';
import { enc } from './encoding.js';
import { expand, extract, hmac } from './hkdf.js';
import {
  COMMIT_CHECK, GROUP_CHAIN_KEY, GROUP_CONFIRM_KEY, GROUP_INFO_KEY, GROUP_NEXT, JOIN_CHECK,
} from './labels.js';
import { Refused } from './refused.js';

const SECRET_BYTES = 32;
/** In the place of `next` where a commit does not build on the epoch before. */
const NONE = new Uint8Array(SECRET_BYTES);

/**
 * @typedef {{group: string, epoch: number, commitHash: Uint8Array}} EpochPlace what keys are bound
 *   to besides secrets
 *
 * @typedef {object} EpochKeys
 * @property {Uint8Array} next what the next epoch builds on
 * @property {Uint8Array} confirm
 * @property {function(string, string): Promise<Uint8Array>} chainOf the first chain key of a user's
 *   device. It holds the epoch's secret: it is not kept
 */

/** A fresh `f`: whoever was removed does not know it, and so no key of this epoch. */
export function drawFresh() {
  return randomBytes(SECRET_BYTES);
}

/**
 * `J`, which joiners get.
 *
 * @param {Uint8Array|null} next kept from the epoch before; null for a commit that begins anew
 */
export function joinerSecret(next, fresh) {
  return extract(next ?? NONE, fresh);
}

/** What a commit says of its secrets, under the committer's signature. */
export function commitCheck(fresh) {
  return hmac(fresh, utf8(COMMIT_CHECK));
}

export function joinCheck(joiner) {
  return hmac(joiner, utf8(JOIN_CHECK));
}

/**
 * Refuses (`sealed`) secrets that are not the commit's: the server cannot put its own there.
 *
 * @param {{fresh?: Uint8Array, joiner: Uint8Array}} secrets `fresh` if this device knows it
 * @param {{check: Uint8Array, joinCheck: Uint8Array}} commit
 */
export async function checkSecrets({ fresh, joiner }, commit) {
  const isWhole = secret => secret.length === SECRET_BYTES;
  // HMAC fills a shorter key up with zeros: two secrets of other lengths could fit one check.
  const fits = isWhole(joiner) && (!fresh || isWhole(fresh))
    && equal(await joinCheck(joiner), commit.joinCheck)
    && (!fresh || equal(await commitCheck(fresh), commit.check));
  if (!fits) throw new Refused('sealed', 'a secret that the commit does not name');
}

/**
 * @param {EpochPlace} place
 * @param {Uint8Array} joiner J, checked
 * @param {Uint8Array} seed of the entry
 * @returns {Promise<EpochKeys>}
 */
export async function epochKeys(place, joiner, seed) {
  const secret = await extract(seed, joiner);
  return {
    next: await keyOf(secret, GROUP_NEXT, place),
    confirm: await keyOf(secret, GROUP_CONFIRM_KEY, place),
    chainOf: (user, device) => keyOf(secret, GROUP_CHAIN_KEY, place, user, device),
  };
}

/**
 * The key of the group's name. It comes from J: the committer seals the name before the server
 * adds the seed.
 */
export function infoKey(place, joiner) {
  return keyOf(joiner, GROUP_INFO_KEY, place);
}

function keyOf(secret, label, { group, epoch, commitHash }, ...items) {
  return expand(secret, enc(label, group, epoch, commitHash, ...items), SECRET_BYTES);
}
