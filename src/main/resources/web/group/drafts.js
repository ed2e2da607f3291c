/** What this device wants to add to a group's log (docs/protocol.md §9), made on its state. */

import { randomBytes } from '../crypto/bytes.js';
import { sha256 } from '../crypto/encoding.js';
import {
  commitCheck, drawFresh, joinCheck, joinerSecret,
} from '../crypto/group-epoch.js';
import { nextChainKey, sealConfirmation, sealPost } from '../crypto/group-message.js';
import { sealPiece } from '../crypto/group-secrets.js';
import {
  commitHash, rosterHash, signContent, signedBytes,
} from '../crypto/group-statements.js';
import { applyOps } from './commit-ops.js';
import { isJoiner } from './epoch.js';
import { commit, emptyMembership, roster } from './membership.js';
import { isNewer, isOver } from './rights.js';
import { sealName } from './name.js';
import { inviterOf } from './state.js';
import { withChain } from './log.js';

const MESSAGE_ID_BYTES = 16;
/** Ops after which the user is not in the roster. */
const ENDS = ['remove', 'leave', 'decline', 'timeout'];

/**
 * @typedef {object} CommitPlan
 * @property {'create'|'change'|'reset'} kind
 * @property {object[]} ops
 * @property {Membership} after
 * @property {{user: string, device: Device}[]} recipients devices that need a piece
 */

/**
 * The ops that settle what is pending, and end invitations that are over.
 *
 * @param {object[]} [wanted] the other ops of the commit; no user stands in two
 * @param {object[]} [newer] `devices` ops with the lists that there are now
 */
export function settlingOps({ membership }, now, wanted = [], newer = []) {
  const named = new Set(wanted.map(({ user }) => user));
  const ops = [];
  const add = op => { named.add(op.user); ops.push(op); };
  for (const { user, op: { op } } of membership.pending) {
    if ((op === 'leave' || op === 'decline') && !named.has(user)) add({ op, user });
  }
  for (const [user, { invitation }] of membership.rows) {
    if (invitation && isOver(invitation, now) && !named.has(user)) add({ op: 'timeout', user });
  }
  for (const op of newestLists(membership, newer)) {
    if (!named.has(op.user)) add(op);
  }
  const rekeys = membership.pending.filter(({ op }) => op.op === 'rekey');
  const left = rekeys.filter(one => isLeft(membership, [...wanted, ...ops], one));
  return [...ops, ...left.map(({ user, device }) => ({ op: 'rekey', user, device }))];
}

/** Of each user's proposed list and the one that there is now, the higher that can be taken. */
function newestLists(membership, newer) {
  const proposed = membership.pending.filter(({ op }) => op.op === 'devices')
    .map(({ user, op: { op, deviceList } }) => ({ op, user, deviceList }));
  const newest = new Map();
  for (const op of [...proposed, ...newer.filter(one => hasNobodyElsesDevice(membership, one))]) {
    const version = newest.get(op.user)?.deviceList.version ?? 0;
    const isNews = isNewer(membership, op.user, op.deviceList);
    if (isNews && op.deviceList.version > version) newest.set(op.user, op);
  }
  return [...newest.values()];
}

/** Somebody who lists another's device must not make a commit that is refused. */
function hasNobodyElsesDevice({ rows }, { user, deviceList }) {
  const ids = new Set(deviceList.devices.map(({ id }) => id));
  return [...rows].every(([other, row]) => other === user
    || !row.deviceList.devices.some(({ id }) => ids.has(id)));
}

/** Whether a device is in the roster after the ops. */
function isLeft({ rows }, ops, { user, device }) {
  const named = ops.find(op => op.user === user);
  if (ENDS.includes(named?.op)) return false;
  const { devices } = named?.deviceList ?? rows.get(user).deviceList;
  return devices.some(({ id }) => id === device);
}

/** Whether a proposal of somebody whom an op names has to be settled by a commit before it. */
export function mustSettleFirst({ membership }, wanted) {
  return wanted.some(({ op, user }) => op !== 'remove'
    && membership.pending.some(one => one.user === user && one.op.op !== 'rekey'));
}

/** The first commit of a group. @returns {Promise<CommitPlan>} */
export function planCreation(group, self) {
  const { user, deviceList } = self;
  const membership = emptyMembership(group);
  return planCommit({ membership }, self, 'create', [{ op: 'found', user, deviceList }], 0);
}

/**
 * @param {number} now milliseconds since 1970
 * @returns {Promise<CommitPlan>} rejects with GroupRefused if a rule forbids it
 */
export async function planCommit({ membership, head }, self, kind, ops, now) {
  const { user, deviceId } = self;
  const place = { sequenceNr: (head?.sequenceNr ?? 0) + 1, time: now, user, device: deviceId };
  const draft = { kind, ops, epoch: membership.epoch + 1, head: head ?? { sequenceNr: 0 } };
  const { rows } = await applyOps(membership, place, draft);
  const hash = await rosterHash(membership.group, [...rows.values()]);
  const after = await commit(membership, place, { ...draft, rosterHash: hash });
  const recipients = roster(after).flatMap(({ deviceList }) =>
    deviceList.devices.map(device => ({ user: deviceList.user, device })))
    .filter(({ device }) => device.id !== deviceId);
  return { kind, ops, after, recipients };
}

/**
 * @param {GroupState} state its head, and the keys of the epoch before unless the commit begins
 * @param {CommitPlan} plan
 * @param {string} name of the group, from now on
 * @param {Map<string, Prekey>} prekeys by device, their signatures checked
 * @returns {Promise<{messageId: Uint8Array, fresh: Uint8Array, content: GroupContent,
 *   info: Uint8Array, pieces: object[]}>} `fresh` is a secret, to be kept until the log shows the
 *   commit
 */
export async function makeCommit(state, self, plan, name, prekeys) {
  const { membership, keys, head } = state;
  const { group, epoch, rosterHash: hash } = plan.after;
  const { kind, ops } = plan;
  const fresh = drawFresh();
  const joiner = await joinerSecret(kind === 'change' ? keys.next : null, fresh);
  const messageId = randomBytes(MESSAGE_ID_BYTES);
  const signer = signerFor(self, group, messageId);
  const unsigned = {
    type: 'commit', epoch, kind, ops, rosterHash: hash, head,
    check: await commitCheck(fresh), joinCheck: await joinCheck(joiner),
  };
  const place = { group, epoch, commitHash: await commitHash(signer, unsigned) };
  const info = await sealName(place, joiner, name);
  const content = await signContent(self.devicePrivateKey, signer,
    { ...unsigned, infoDigest: await sha256(info) });
  const pieces = await Promise.all(plan.recipients.map(({ user, device }) => {
    const joins = isJoiner(membership, content, user, device.id);
    return pieceFor(place, user, device.id, prekeys.get(device.id), joins ? joiner : fresh);
  }));
  return { messageId, fresh, content, info, pieces };
}

async function pieceFor(place, user, device, prekey, secret) {
  const { kind: prekeyKind, id: prekeyId, key } = prekey;
  const recipient = { place, user, device, prekeyKind, prekeyId };
  const piece = await sealPiece(key, recipient, secret);
  return { user, device, prekeyKind, prekeyId, piece };
}

/** @param {{op: 'leave'|'decline'|'rekey'}|{op: 'devices', deviceList: DeviceList}} op */
export async function makeProposal({ group, head }, self, op) {
  const messageId = randomBytes(MESSAGE_ID_BYTES);
  const content = await signContent(self.devicePrivateKey, signerFor(self, group, messageId),
    { type: 'proposal', op, head });
  return { messageId, content };
}

/** The answer of an invited user: yes. */
export async function makeConfirmation(state, self) {
  const { group, head, membership, keys } = state;
  const { user, deviceId: device, devicePrivateKey } = self;
  const { epoch } = membership;
  const inviter = inviterOf(state, user);
  const messageId = randomBytes(MESSAGE_ID_BYTES);
  const sealed = await sealConfirmation(keys.confirm, { group, epoch, user, device, inviter });
  const content = await signContent(devicePrivateKey, signerFor(self, group, messageId),
    { type: 'confirm', epoch, head, inviter, sealed });
  return { messageId, content };
}

/**
 * Encrypts the next post. The new state must be stored, with the ciphertext, before that leaves: a
 * ciphertext made twice from one state would use a key twice.
 *
 * @param {Uint8Array} plaintext not padded
 * @returns {Promise<{state: GroupState, content: GroupContent, ciphertext: Uint8Array}>}
 */
export async function makePost(state, self, messageId, plaintext) {
  const { group, head, membership, keys } = state;
  const { key, counter: last } = keys.chains[self.deviceId];
  const counter = last + 1;
  const signer = signerFor(self, group, messageId);
  const unsigned = { type: 'post', epoch: membership.epoch, counter, head };
  const header = await signedBytes(signer, unsigned);
  const ciphertext = await sealPost(key, header, membership.rosterHash, plaintext);
  const content = await signContent(self.devicePrivateKey, signer,
    { ...unsigned, digest: await sha256(ciphertext) });
  const chain = { key: await nextChainKey(key), counter };
  return { state: { ...state, keys: withChain(keys, self.deviceId, chain) }, content, ciphertext };
}

function signerFor({ user, deviceId }, group, messageId) {
  return { group, user, device: deviceId, messageId };
}
