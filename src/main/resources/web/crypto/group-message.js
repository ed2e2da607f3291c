/**
 * What is sealed under the keys of a group's epoch: posts, the answer to an invitation, the name
 * (docs/protocol.md §9.3 to §9.5). Every member holds these keys: only an entry's signature says
 * who wrote it.
 */

import { importAeadKey, open, seal } from './aead.js';
import { concat, equal } from './bytes.js';
import { enc } from './encoding.js';
import { hmac } from './hkdf.js';
import { SUITE_X25519, checkSuite } from './hpke.js';
import { GROUP_CONFIRM, GROUP_INFO, GROUP_MESSAGE } from './labels.js';
import { pad, unpad } from './padding.js';
import { Refused } from './refused.js';

const MESSAGE_KEY = Uint8Array.of(1);
const CHAIN_KEY = Uint8Array.of(2);

/** The chain key after one post. The one before is forgotten: it opens what was written. */
export function nextChainKey(chainKey) {
  return hmac(chainKey, CHAIN_KEY);
}

/**
 * The ciphertext of the chain's next post.
 *
 * @param {Uint8Array} chainKey
 * @param {Uint8Array} header signed bytes of the post
 * @param {Uint8Array} rosterHash of the epoch
 * @param {Uint8Array} plaintext not padded
 */
export async function sealPost(chainKey, header, rosterHash, plaintext) {
  const suite = SUITE_X25519;
  const key = await messageKey(chainKey);
  const sealed = await seal(key, postAad(suite, header, rosterHash), pad(plaintext));
  return concat(Uint8Array.of(suite), sealed);
}

/** The plaintext of `sealPost`; Refused: `suite`, `sealed`, `encoding`. */
export async function openPost(chainKey, header, rosterHash, ciphertext) {
  const suite = ciphertext[0];
  checkSuite(suite);
  const aad = postAad(suite, header, rosterHash);
  return unpad(await open(await messageKey(chainKey), aad, ciphertext.subarray(1)));
}

async function messageKey(chainKey) {
  return importAeadKey(await hmac(chainKey, MESSAGE_KEY));
}

function postAad(suite, header, rosterHash) {
  return enc(GROUP_MESSAGE, suite, header, rosterHash);
}

/**
 * `sealed` of a confirmation.
 *
 * @param {{group: string, epoch: number, user: string, device: string,
 *   inviter: string}} confirmation
 */
export async function sealConfirmation(confirmKey, confirmation) {
  const { inviter, user } = confirmation;
  return seal(await importAeadKey(confirmKey), confirmAad(confirmation), enc(inviter, user));
}

/** Refuses (`sealed`) what somebody without the epoch's keys made, or of other names. */
export async function checkConfirmation(confirmKey, confirmation, sealed) {
  const { inviter, user } = confirmation;
  const names = await open(await importAeadKey(confirmKey), confirmAad(confirmation), sealed);
  if (!equal(names, enc(inviter, user))) throw new Refused('sealed', 'of other names');
}

function confirmAad({ group, epoch, user, device }) {
  return enc(GROUP_CONFIRM, group, epoch, user, device);
}

/** `info`. @param {Uint8Array} content JSON, padded here */
export async function sealInfo(infoKey, group, epoch, content) {
  return seal(await importAeadKey(infoKey), enc(GROUP_INFO, group, epoch), pad(content));
}

/** The content of `sealInfo`; Refused: `sealed`, `encoding`. */
export async function openInfo(infoKey, group, epoch, info) {
  return unpad(await open(await importAeadKey(infoKey), enc(GROUP_INFO, group, epoch), info));
}
