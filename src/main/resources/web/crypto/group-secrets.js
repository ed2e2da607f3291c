/**
 * A commit's secret for one device (docs/protocol.md §9.2), HPKE base mode. It authenticates
 * nobody: what is inside must fit the check that the committer signed.
 */

import { concat } from './bytes.js';
import { enc } from './encoding.js';
import { ENC_BYTES, SUITE_X25519, checkSuite, setupBaseR, setupBaseS } from './hpke.js';
import { GROUP_SECRET } from './labels.js';
import { Refused } from './refused.js';

/**
 * @typedef {object} PieceRecipient for whom a piece is, and of which commit: it opens as no other
 * @property {EpochPlace} place
 * @property {string} user
 * @property {string} device
 * @property {'signed'|'one-time'} prekeyKind
 * @property {number} prekeyId
 */

/**
 * @param {Uint8Array} prekey public key, whose signature the caller has checked
 * @param {PieceRecipient} recipient
 * @param {Uint8Array} secret f or J
 * @returns {Promise<Uint8Array>} `suite(1) || hpkeEnc || ct`
 */
export async function sealPiece(prekey, recipient, secret) {
  const suite = SUITE_X25519;
  const { enc: hpkeEnc, context } = await setupBaseS(suite, prekey, pieceInfo(suite, recipient));
  return concat(Uint8Array.of(suite), hpkeEnc, await context.seal(secret));
}

/**
 * The secret of a piece, which is still to be checked.
 *
 * @param {KeyPair} keyPair of the prekey
 * @returns {Promise<Uint8Array>} Refused: `suite`, `sealed`, `public-key`
 */
export async function openPiece(keyPair, recipient, piece) {
  const suite = piece[0];
  checkSuite(suite);
  const end = 1 + ENC_BYTES;
  if (piece.length < end) throw new Refused('sealed', 'does not open');
  const hpkeEnc = piece.slice(1, end);
  const context = await setupBaseR(suite, hpkeEnc, keyPair, pieceInfo(suite, recipient));
  return context.open(piece.slice(end));
}

function pieceInfo(suite, { place, user, device, prekeyKind, prekeyId }) {
  const { group, epoch, commitHash } = place;
  return enc(GROUP_SECRET, suite, group, epoch, commitHash, user, device, prekeyKind, prekeyId);
}
