/**
 * The 128 bits that open an account whose password is forgotten (docs/protocol.md §12.2). The text
 * that people write down ends in a check, so that a slip of the pen is told from a wrong code.
 */

import { importAeadKey, open, seal } from './aead.js';
import { concat, equal, randomBytes } from './bytes.js';
import { enc, hash } from './encoding.js';
import { hkdf } from './hkdf.js';
import { RECOVERY_CODE, RECOVERY_SECRET, RECOVERY_VAULT } from './labels.js';
import { Refused } from './refused.js';

const CODE_BYTES = 16;
const CHECK_BYTES = 4;
/** Crockford's Base32: no I, L, O and U. */
const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const SYMBOL_BITS = 5;
const SYMBOL_COUNT = (CODE_BYTES + CHECK_BYTES) * 8 / SYMBOL_BITS;
const NO_SALT = new Uint8Array(0);

/** A new code, as a vault holds it. */
export function createRecoveryCode() {
  return randomBytes(CODE_BYTES);
}

/** 32 symbols in eight groups of four. */
export async function recoveryCodeText(code) {
  const bytes = concat(code, await checkOf(code));
  const bits = Array.from(bytes, byte => byte.toString(2).padStart(8, '0')).join('');
  const symbols = bits.match(/.{5}/g).map(five => SYMBOLS[Number.parseInt(five, 2)]).join('');
  return symbols.match(/.{4}/g).join('-');
}

/**
 * Reads what a person typed: in either case, O for 0, I or L for 1, spaces and hyphens anywhere.
 *
 * @param {string} typed
 * @returns {Promise<Uint8Array>} the code; Refused `recovery-code` if it is none, or has a slip
 */
export async function readRecoveryCode(typed) {
  const symbols = typed.replace(/[ \t\n\v\f\r-]/g, '').toUpperCase()
    .replaceAll('O', '0').replaceAll('I', '1').replaceAll('L', '1');
  if (symbols.length !== SYMBOL_COUNT) {
    throw new Refused('recovery-code', 'a recovery code has 32 symbols');
  }
  const bits = Array.from(symbols, bitsOf).join('');
  const bytes = Uint8Array.from(bits.match(/.{8}/g), eight => Number.parseInt(eight, 2));
  const code = bytes.slice(0, CODE_BYTES);
  if (!equal(await checkOf(code), bytes.subarray(CODE_BYTES))) {
    throw new Refused('recovery-code', 'a recovery code with a slip');
  }
  return code;
}

/** What proves to the server that one has the code, 32 bytes; it opens nothing. */
export function recoverySecret(code) {
  return hkdf(NO_SALT, code, RECOVERY_SECRET, 32);
}

/** The recovery vault of `user` that the server keeps; `content` is that of the vault. */
export async function sealRecoveryVault(code, serverHost, user, content) {
  return seal(await keyOf(code), enc(RECOVERY_VAULT, serverHost, user), content);
}

/** The JSON bytes; Refused `sealed` if it is not this user's, under this code. */
export async function openRecoveryVault(code, serverHost, user, recoveryVault) {
  return open(await keyOf(code), enc(RECOVERY_VAULT, serverHost, user), recoveryVault);
}

async function keyOf(code) {
  return importAeadKey(await hkdf(NO_SALT, code, RECOVERY_VAULT, 32));
}

async function checkOf(code) {
  return (await hash(RECOVERY_CODE, code)).slice(0, CHECK_BYTES);
}

function bitsOf(symbol) {
  const value = SYMBOLS.indexOf(symbol);
  if (value < 0) throw new Refused('recovery-code', 'a symbol that no recovery code has');
  return value.toString(2).padStart(SYMBOL_BITS, '0');
}
