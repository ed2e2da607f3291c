/**
 * Taking the entries of a group's log, one after the other, as pure transitions: nothing given is
 * changed, and who does not keep the new state has not moved (docs/protocol.md §9).
 */

import { equal } from '../crypto/bytes.js';
import { sha256 } from '../crypto/encoding.js';
import { nextChainKey, openPost, checkConfirmation } from '../crypto/group-message.js';
import {
  GROUP, groupEntryHash, signedBytes, signerOf, verifyContent,
} from '../crypto/group-statements.js';
import { Refused } from '../crypto/refused.js';
import { followRestored } from '../crypto/restored.js';
import { checkDeviceList } from '../crypto/statements.js';
import { takeCommit } from './commits.js';
import { GroupRefused } from './group-refused.js';
import { checkPost, confirm, placeOf, propose } from './membership.js';
import { isLeaving, signerIn } from './rights.js';
import { takeRestored } from './restored.js';
import { endOf, statusOf } from './state.js';

/** The server shows different histories, or stored what it must not. */
export class Breach extends Error {
  name = 'Breach';

  /** @param {'fork'|'rule'} code */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/**
 * @typedef {object} GroupView what this device knows besides the state
 * @property {Self} self
 * @property {function(number): Promise<Uint8Array|undefined>} knownHash of an earlier entry
 * @property {function(number): Promise<Membership|undefined>} keptMembership after an earlier entry,
 *   if it is still kept
 * @property {function(number): Promise<Uint8Array|undefined>} ownListHash of the own list of a
 *   version, if it is known
 * @property {function(): Promise<Uint8Array>} serverKey the pinned one
 * @property {function(string, number): Promise<KeyPair|undefined>} prekeyAt by kind and id
 * @property {function(Uint8Array): Promise<Uint8Array|null>} freshOf what this device drew for the
 *   commit with that message id
 *
 * @typedef {object} Taken
 * @property {'taken'} outcome
 * @property {GroupState} state
 * @property {object[]} shown what people are shown: {type: 'notice', notice, by?, user?, name?, at?}
 *   or {type: 'post', how: 'own'|'opened'|'expired'|'no-keys'|'not-opened', plaintext?}
 * @property {{user: string, deviceList: DeviceList}[]} lists well signed, to compare with pins
 * @property {number[]} usedPrekeys ids of one-time prekeys
 */

/**
 * @param {GroupState} state
 * @param {GroupEntry|Restored} entry
 * @param {GroupView} view
 * @returns {Promise<Taken|{outcome: 'repeat'|'gap'|'over', isKnown?: boolean}>} only `taken` moves.
 *   isKnown: whether this device still knows the hash of what is repeated; gap: entries are
 *   missing between; over: this user does not belong to it any more. Rejects with Breach
 */
export async function takeEntry(state, entry, view) {
  const { joining, head: { sequenceNr } } = state;
  if (joining && (entry.sequenceNr > sequenceNr || entry.generation > state.generation)) {
    const taken = await takeEntry(joining, entry, view);
    if (taken.outcome !== 'taken') return taken;
    // Nothing is replaced by an invitation that nobody has verified.
    const after = taken.state.membership ? joined(state, taken.state, view.self)
      : { ...state, joining: taken.state };
    return { ...taken, state: after };
  }
  const [followIn, take] = entry.type === 'restored' ? [followRestoredIn, takeRestored]
    : [follow, TAKE[entry.content.type]];
  try {
    const followed = await followIn(state, entry, view);
    if (followed.outcome !== 'next') return followed;
    const { head } = followed;
    const moved = await take(state, entry, view);
    const { shown = [], lists = [], usedPrekeys = [] } = moved;
    const { time } = entry;
    return { outcome: 'taken', state: { ...moved.state, head, time }, shown, lists, usedPrekeys };
  } catch (error) {
    if (error instanceof Refused || error instanceof GroupRefused) {
      throw new Breach('rule', `entry ${entry.sequenceNr}: ${error.message}`);
    }
    throw error;
  }
}

/** Whom this device has seen go, a restore does not bring back unseen. */
function joined(before, after, { user: self }) {
  if (after.generation === before.generation) return after;
  const gone = new Set([...before.missed, before.lastRemoval?.user]);
  const missed = [...after.membership.rows.keys()]
    .filter(user => user !== self && (gone.has(user) || isLeaving(before.membership, user))).sort();
  return { ...after, missed };
}

async function follow({ group, generation, head, time, ended }, entry, { knownHash }) {
  if (entry.owner !== group || entry.generation > generation) {
    throw new Refused('chain', 'an entry of another log');
  }
  const { sequenceNr } = entry;
  if (sequenceNr <= head.sequenceNr) {
    const known = sequenceNr === head.sequenceNr ? head.hash : await knownHash(sequenceNr);
    if (known && !equal(known, entry.hash)) throw new Breach('fork', 'history has changed');
    return { outcome: 'repeat', isKnown: Boolean(known) };
  }
  if (ended) return { outcome: 'over' };
  if (entry.generation < generation) throw new Refused('chain', 'an entry of before the restore');
  if (sequenceNr > head.sequenceNr + 1) return { outcome: 'gap' };
  if (entry.time <= time) throw new Refused('chain', 'a time that does not rise');
  const hash = await groupEntryHash(head.hash, entry);
  if (!equal(hash, entry.hash)) throw new Refused('chain', 'wrong hash of an entry');
  return { outcome: 'next', head: { sequenceNr, hash } };
}

async function followRestoredIn({ group, generation, head, time }, entry, view) {
  const { self: { serverHost }, knownHash } = view;
  const serverKey = await view.serverKey();
  const followed = await followRestored(entry,
    { kind: GROUP, owner: group, generation, head, knownHash, serverHost, serverKey });
  const isAfterHead = followed.outcome === 'next'
    && entry.previous.sequenceNr === head.sequenceNr;
  if (isAfterHead && entry.time <= time) throw new Refused('chain', 'a time that does not rise');
  return followed;
}

const TAKE = {
  async commit(state, entry, view) {
    return takeCommit(state, entry, view, checkSigned);
  },

  async proposal(state, entry, view) {
    const { fromUser: user } = entry;
    const before = membershipAt(state);
    const { content } = entry;
    const { deviceList } = content.op;
    // First: a device that is new is known by this list alone.
    if (deviceList) {
      await checkDeviceList(deviceList, { user, serverHost: view.self.serverHost, pin: null });
    }
    await checkSigned(state, entry, view, signKeyIn(before, entry));
    const membership = await propose(before, placeOf(entry), content);
    const ended = endOf(membership, view.self.user, content);
    const notice = { leave: 'left', decline: 'declined' }[content.op.op];
    return {
      state: { ...state, membership, ended, keys: ended ? null : state.keys },
      shown: notice ? [{ type: 'notice', notice, by: user }] : [],
    };
  },

  async confirm(state, entry, view) {
    const { fromUser: user } = entry;
    const before = membershipAt(state);
    await checkSigned(state, entry, view, signKeyIn(before, entry));
    const membership = confirm(before, placeOf(entry), entry.content);
    const shown = [{ type: 'notice', notice: 'joined', by: user }];
    if (!await opensConfirmation(state, entry)) {
      shown.push({ type: 'notice', notice: 'joined-without-keys', by: user });
    }
    return { state: { ...state, membership }, shown };
  },

  async post(state, entry, view) {
    // Before the inviting commit posts are chained only: it is not for a newcomer to judge them.
    if (!state.membership) return { state };
    const { content, fromDevice } = entry;
    checkPost(state.membership, placeOf(entry), content);
    const counter = (state.counters[fromDevice] ?? 0) + 1;
    if (content.counter !== counter) throw new Refused('order', 'another counter');
    await checkSigned(state, entry, view, signKeyIn(state.membership, entry));
    const { how, plaintext, chain } = await openedPost(state, entry, view);
    const counters = { ...state.counters, [fromDevice]: counter };
    const keys = chain ? withChain(state.keys, fromDevice, chain) : state.keys;
    const isShown = statusOf(state, view.self.user) !== 'invited';
    return {
      state: { ...state, counters, posts: state.posts + 1, keys },
      shown: isShown ? [{ type: 'post', how, plaintext }] : [],
    };
  },
};

function membershipAt({ membership }) {
  if (!membership) throw new Refused('order', 'no post before the inviting commit');
  return membership;
}

function signKeyIn(membership, { fromUser, fromDevice, content }) {
  const device = signerIn(membership, fromUser, fromDevice, content);
  if (!device) throw new GroupRefused('not-member');
  return device.signKey;
}

/**
 * Signature and head: each signer says which history it has seen, so that two histories cannot be
 * told to two people for longer than one entry takes to cross.
 */
async function checkSigned(state, entry, view, signKey) {
  await verifyContent(signKey, signerOf(entry), entry.content);
  const { sequenceNr, hash } = entry.content.head;
  if (sequenceNr >= entry.sequenceNr) throw new Refused('order', 'a head that is to come');
  const known = sequenceNr === state.head.sequenceNr
    ? state.head.hash : await view.knownHash(sequenceNr);
  // What lies before the beginning here, nobody told this device; all else that the server may
  // still take, it has.
  if (!known && sequenceNr >= state.startNr) throw new Refused('chain', 'a head too far back');
  if (known && !equal(known, hash)) throw new Breach('fork', 'somebody saw another history');
}

async function openedPost(state, entry, view) {
  const { content, fromDevice, ciphertext } = entry;
  const current = state.keys?.chains[fromDevice];
  if (!current) return { how: 'no-keys' };
  // What this device posted it has at hand, and its chain has moved when it was encrypted.
  const isOwn = fromDevice === view.self.deviceId;
  if (isOwn && current.counter >= content.counter) return { how: 'own' };
  const chain = { key: await nextChainKey(current.key), counter: content.counter };
  if (!ciphertext) return { how: 'expired', chain };
  if (!equal(await sha256(ciphertext), content.digest)) {
    throw new Refused('chain', 'wrong digest of a ciphertext');
  }
  try {
    const header = await signedBytes(signerOf(entry), content);
    const { rosterHash } = state.membership;
    const plaintext = await openPost(current.key, header, rosterHash, ciphertext);
    return { how: 'opened', plaintext, chain };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { how: 'not-opened', chain };
  }
}

export function withChain(keys, device, chain) {
  return { ...keys, chains: { ...keys.chains, [device]: chain } };
}

/** Whether who confirms has the same keys; true if this device has none to compare. */
async function opensConfirmation({ group, keys }, { fromUser, fromDevice, content }) {
  if (!keys) return true;
  const { epoch, inviter, sealed } = content;
  const confirmation = { group, epoch, user: fromUser, device: fromDevice, inviter };
  try {
    await checkConfirmation(keys.confirm, confirmation, sealed);
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return false;
  }
}
