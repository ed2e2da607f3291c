/** Ed25519 (RFC 8032), strict where implementations differ (docs/protocol.md §1.5). */

import { concat, fromBase64url, fromHex } from './bytes.js';
import { enc } from './encoding.js';
import { Refused } from './refused.js';

const ED25519 = { name: 'Ed25519' };
/** DER of a PKCS #8 private key (RFC 8410 §7) up to its 32-byte seed. */
const PKCS8_PREFIX = fromHex('302e020100300506032b657004220420');

const FIELD_PRIME = (1n << 255n) - 19n;
/** The constant d of the curve -x^2 + y^2 = 1 + d x^2 y^2. */
const CURVE_D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;
const GROUP_ORDER = (1n << 252n) + 27742317777372353535851937790883648493n;

/** The y coordinates of the eight points whose order divides 8; the sign of x is the top bit. */
const SMALL_ORDER_Y = [0n, 1n, FIELD_PRIME - 1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n];

/**
 * @typedef {object} SigningKeyPair
 * @property {Uint8Array} publicKey 32 bytes
 * @property {CryptoKey} privateKey non-extractable
 */

/** @returns {Promise<SigningKeyPair>} */
export async function generateSigningKeyPair() {
  const pair = await crypto.subtle.generateKey(ED25519, false, ['sign', 'verify']);
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  return { publicKey, privateKey: pair.privateKey };
}

/**
 * The key pair of a 32-byte seed, which the vault keeps for the account key.
 *
 * @returns {Promise<SigningKeyPair>}
 */
export async function signingKeyPairFromSeed(seed) {
  if (seed.length !== 32) throw new Refused('encoding', 'an Ed25519 seed has 32 bytes');
  const pkcs8 = concat(PKCS8_PREFIX, seed);
  // The public key can only be read from an extractable key; that one is dropped here.
  const readable = await crypto.subtle.importKey('pkcs8', pkcs8, ED25519, true, ['sign']);
  const { x } = await crypto.subtle.exportKey('jwk', readable);
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, ED25519, false, ['sign']);
  return { publicKey: fromBase64url(x), privateKey };
}

/** `sign(key, label, x1, …)` of docs/protocol.md §1.1: 64 bytes. */
export async function sign(privateKey, label, ...items) {
  const message = enc(label, ...items);
  return new Uint8Array(await crypto.subtle.sign(ED25519, privateKey, message));
}

/**
 * Returns if `signature` is that of `sign`; else Refused, `public-key` or `signature`.
 *
 * @param {Uint8Array} publicKey 32 bytes
 */
export async function verify(publicKey, signature, label, ...items) {
  await verifyBytes(publicKey, signature, enc(label, ...items));
}

/** As `verify`, over the bytes of a message as they are. */
export async function verifyBytes(publicKey, signature, message) {
  checkPublicKey(publicKey);
  const valid = signature.length === 64
    && littleEndian(signature.subarray(32)) < GROUP_ORDER
    && await crypto.subtle.verify(ED25519, await verifyKey(publicKey), signature, message);
  if (!valid) throw new Refused('signature', 'wrong signature');
}

/** Refuses (`public-key`) a key that is not 32 bytes, canonical, on the curve, of large order. */
export function checkPublicKey(publicKey) {
  if (publicKey.length !== 32) throw new Refused('public-key', 'an Ed25519 key has 32 bytes');
  const y = littleEndian(publicKey) & ((1n << 255n) - 1n);
  if (y >= FIELD_PRIME) throw new Refused('public-key', 'Ed25519 key is not canonical');
  if (SMALL_ORDER_Y.includes(y)) throw new Refused('public-key', 'Ed25519 key of small order');
  if (!isOnCurve(y)) throw new Refused('public-key', 'Ed25519 key is not on the curve');
}

/** x^2 = (y^2 - 1) / (d y^2 + 1) is a square if the product of both is (Euler's criterion). */
function isOnCurve(y) {
  const square = y * y % FIELD_PRIME;
  let base = (square - 1n) * (CURVE_D * square + 1n) % FIELD_PRIME;
  let power = 1n;
  for (let exponent = (FIELD_PRIME - 1n) / 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) power = power * base % FIELD_PRIME;
    base = base * base % FIELD_PRIME;
  }
  return power === 1n;
}

function verifyKey(publicKey) {
  return crypto.subtle.importKey('raw', publicKey, ED25519, false, ['verify']);
}

function littleEndian(bytes) {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
