/**
 * The Double Ratchet (its specification, revision 4, without header encryption), as pure
 * transitions: nothing given is changed, and a caller that does not keep the new state has not
 * moved. Names are the specification's (docs/protocol.md §7.2).
 */

import { equal } from './bytes.js';
import { hkdf, hmac } from './hkdf.js';
import { RATCHET } from './labels.js';
import { Refused } from './refused.js';
import { diffieHellman, generateKeyPair } from './x25519.js';

const JUMP_MAX = 2_000;
const SKIPPED_MAX = 1_000;
/** Of as many receiving chains a used key is told from one that never was. */
const CHAINS_MAX = 32;

const MESSAGE_KEY = Uint8Array.of(1);
const CHAIN_KEY = Uint8Array.of(2);

/**
 * @typedef {object} RatchetState plain values, bytes and CryptoKeys only
 * @property {KeyPair} DHs own ratchet key
 * @property {Uint8Array|null} DHr the peer's; null until its first message
 * @property {Uint8Array} RK root key
 * @property {Uint8Array} CKs sending chain key
 * @property {Uint8Array|null} CKr receiving chain key
 * @property {number} Ns messages sent in the sending chain
 * @property {number} Nr messages received in the receiving chain
 * @property {number} PN messages of the previous sending chain
 * @property {{dh: Uint8Array, n: number, mk: Uint8Array}[]} MKSKIPPED oldest first
 * @property {{dh: Uint8Array, discarded: number, end: (number|null)}[]} chains receiving chains,
 *   oldest first: below `discarded` keys that were never used may be gone; `end` is the number of
 *   messages, null for the current chain
 *
 * @typedef {{dh: Uint8Array, pn: number, n: number}} RatchetHeader
 */

/** The opener's state: its first ratchet key is that of the opening. @returns {RatchetState} */
export function initiatorState(rootKey, chainKey, ratchetKeyPair) {
  return {
    DHs: ratchetKeyPair, DHr: null, RK: rootKey, CKs: chainKey, CKr: null,
    Ns: 0, Nr: 0, PN: 0, MKSKIPPED: [], chains: [],
  };
}

/** The state of the one who accepts an opening. @returns {Promise<RatchetState>} */
export async function responderState(rootKey, chainKey, remoteKey) {
  const DHs = await generateKeyPair();
  const [RK, CKs] = await kdfRk(rootKey, await diffieHellman(DHs.privateKey, remoteKey));
  return {
    DHs, DHr: remoteKey, RK, CKs, CKr: chainKey,
    Ns: 0, Nr: 0, PN: 0, MKSKIPPED: [], chains: [{ dh: remoteKey, discarded: 0, end: null }],
  };
}

/**
 * The key of the next message to send.
 *
 * @param {RatchetState} state
 * @returns {Promise<{state: RatchetState, header: RatchetHeader, messageKey: Uint8Array}>}
 */
export async function nextSending(state) {
  const { messageKey, chainKey } = await kdfCk(state.CKs);
  const header = { dh: state.DHs.publicKey, pn: state.PN, n: state.Ns };
  return { state: { ...state, CKs: chainKey, Ns: state.Ns + 1 }, header, messageKey };
}

/**
 * The key of a received message. Keep the new state only if the message opens under the key: until
 * then its header is the word of anybody.
 *
 * @param {RatchetState} state
 * @param {RatchetHeader} header
 * @returns {Promise<{outcome: 'key', state: RatchetState, messageKey: Uint8Array}
 *   |{outcome: 'duplicate'}>} duplicate: the key was used already. Refused: `order` (a jump over
 *   2,000, or a number after the end of a chain), `discarded` (the key is gone), `public-key`
 */
export async function nextReceiving(state, header) {
  const { dh, n } = header;
  const skipped = state.MKSKIPPED.find(key => key.n === n && equal(key.dh, dh));
  if (skipped) {
    const MKSKIPPED = state.MKSKIPPED.filter(key => key !== skipped);
    return { outcome: 'key', state: { ...state, MKSKIPPED }, messageKey: skipped.mk };
  }
  const chain = state.chains.find(known => equal(known.dh, dh));
  if (chain && (chain.end !== null || n < state.Nr)) return usedKey(chain, n);
  let next = state;
  if (!chain) next = await dhRatchet(await skipTo(next, header.pn), header);
  next = await skipTo(next, n);
  const { messageKey, chainKey } = await kdfCk(next.CKr);
  return { outcome: 'key', state: { ...next, CKr: chainKey, Nr: n + 1 }, messageKey };
}

/** A key that is not there any more was used, unless it can have been discarded unused. */
function usedKey(chain, n) {
  if (chain.end !== null && n >= chain.end) {
    throw new Refused('order', 'a message after the end of its chain');
  }
  if (n < chain.discarded) throw new Refused('discarded', 'the key of this message is gone');
  return { outcome: 'duplicate' };
}

/** Skips the receiving chain to number `until`, and keeps the newest keys of those between. */
async function skipTo(state, until) {
  if (state.CKr === null || until <= state.Nr) return state;
  if (until - state.Nr > JUMP_MAX) throw new Refused('order', 'too many messages are missing');
  const added = [];
  let { CKr } = state;
  for (let n = state.Nr; n < until; n++) {
    if (n >= until - SKIPPED_MAX) {
      added.push({ dh: state.DHr, n, mk: await hmac(CKr, MESSAGE_KEY) });
    }
    CKr = await hmac(CKr, CHAIN_KEY);
  }
  const discarded = Math.max(0, until - SKIPPED_MAX);
  const chains = discarded > state.Nr ? discardBelow(state.chains, state.DHr, discarded)
    : state.chains;
  return withSkipped({ ...state, CKr, Nr: until, chains }, added);
}

function withSkipped(state, added) {
  const all = [...state.MKSKIPPED, ...added];
  const dropped = all.slice(0, Math.max(0, all.length - SKIPPED_MAX));
  const chains = dropped.reduce((kept, { dh, n }) => discardBelow(kept, dh, n + 1), state.chains);
  return { ...state, MKSKIPPED: all.slice(dropped.length), chains };
}

function discardBelow(chains, dh, n) {
  return chains.map(chain => (equal(chain.dh, dh)
    ? { ...chain, discarded: Math.max(chain.discarded, n) } : chain));
}

async function dhRatchet(state, { dh }) {
  const received = await kdfRk(state.RK, await diffieHellman(state.DHs.privateKey, dh));
  const DHs = await generateKeyPair();
  const sent = await kdfRk(received[0], await diffieHellman(DHs.privateKey, dh));
  const ended = state.chains.map(chain => ({ ...chain, end: chain.end ?? state.Nr }));
  return {
    ...state, DHs, DHr: dh, RK: sent[0], CKs: sent[1], CKr: received[1],
    PN: state.Ns, Ns: 0, Nr: 0,
    chains: [...ended, { dh, discarded: 0, end: null }].slice(-CHAINS_MAX),
  };
}

/** KDF_RK: root key, chain key. */
async function kdfRk(rootKey, secret) {
  const output = await hkdf(rootKey, secret, RATCHET, 64);
  return [output.slice(0, 32), output.slice(32)];
}

/** KDF_CK. */
async function kdfCk(current) {
  return { messageKey: await hmac(current, MESSAGE_KEY), chainKey: await hmac(current, CHAIN_KEY) };
}
