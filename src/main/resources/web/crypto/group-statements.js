/** What devices sign into a group's log, and the log's hashes (docs/protocol.md §9.1). */

import { sign, verify } from './ed25519.js';
import { enc, hash, sha256 } from './encoding.js';
import { FIRST_GENERATION, logStart } from './entry-chain.js';
import {
  COMMIT, ENTRY, GROUP_COMMIT, GROUP_CONFIRM, GROUP_MESSAGE, GROUP_OP, GROUP_POST,
  GROUP_PROPOSAL, ROSTER,
} from './labels.js';
import { deviceListHash } from './statements.js';

export const GROUP = 'group';

/**
 * @typedef {object} Signer whose word an entry is
 * @property {string} group
 * @property {string} user
 * @property {string} device
 * @property {Uint8Array} messageId 16 bytes, which the signer drew
 *
 * @typedef {{role: 'admin'|'member'|'invited', deviceList: DeviceList}} Row of a roster
 *
 * @typedef {object} GroupEntry the `group-entry` push of §9.7
 * @property {string} owner
 * @property {number} generation
 * @property {number} sequenceNr
 * @property {number} time milliseconds since 1970
 * @property {string} fromUser
 * @property {string} fromDevice
 * @property {Uint8Array} messageId
 * @property {GroupContent} content
 * @property {Uint8Array} hash claimed by the server
 * @property {Uint8Array} [seed] with a commit
 * @property {Uint8Array} [info] with the newest commit
 * @property {{prekeyKind: string, prekeyId: number, piece: Uint8Array}} [piece] this device's own
 * @property {Uint8Array} [ciphertext] of a post
 *
 * @typedef {object} GroupContent of one of the forms of §9.7, told apart by `type`
 */

/** Who signed an entry. @returns {Signer} */
export function signerOf({ owner, fromUser, fromDevice, messageId }) {
  return { group: owner, user: fromUser, device: fromDevice, messageId };
}

/** The point before the first entry. */
export async function groupStart(group) {
  return { sequenceNr: 0, hash: await logStart(GROUP, group, FIRST_GENERATION) };
}

/**
 * `rosterHash`.
 *
 * @param {Row[]} rows in any order
 */
export async function rosterHash(group, rows) {
  const sorted = [...rows].sort((left, right) =>
    (left.deviceList.user < right.deviceList.user ? -1 : 1));
  const tuples = await Promise.all(sorted.map(async ({ role, deviceList }) =>
    [deviceList.user, deviceList.accountKey, await deviceListHash(deviceList), role]));
  return hash(ROSTER, group, tuples);
}

/** `S`, `P`, `C` or `header`: the signed bytes, to which the signature's label adds no more. */
export async function signedBytes({ group, user, device, messageId }, content) {
  const { type, epoch, head } = content;
  const signer = [head.sequenceNr, head.hash, user, device];
  switch (type) {
    case 'commit':
      return enc(type, group, messageId, epoch, content.kind, await opsItems(content.ops),
        content.rosterHash, ...signer, content.check, content.joinCheck);
    case 'proposal':
      return enc(type, group, messageId, ...signer, await proposalItems(content.op));
    case 'confirm':
      return enc(type, group, messageId, epoch, ...signer, content.inviter,
        await sha256(content.sealed));
    default:
      return enc(type, group, messageId, epoch, content.counter, ...signer);
  }
}

function opsItems(ops) {
  return Promise.all(ops.map(async ({ op, user, deviceList, role, device }) => {
    if (deviceList) return [op, user, ...await listItems(deviceList)];
    return [op, user, ...[role ?? device ?? []].flat()];
  }));
}

async function proposalItems({ op, deviceList }) {
  return deviceList ? [op, ...await listItems(deviceList)] : [op];
}

async function listItems(deviceList) {
  return [deviceList.accountKey, await deviceListHash(deviceList)];
}

/** What the signature covers: its label, and its items. */
async function covered(signer, content) {
  const signed = await signedBytes(signer, content);
  if (content.type === 'commit') return [GROUP_OP, signed, content.infoDigest];
  return content.type === 'post' ? [GROUP_MESSAGE, signed, content.digest] : [GROUP_OP, signed];
}

/** @returns {Promise<GroupContent>} the content with the device's signature */
export async function signContent(devicePrivateKey, signer, content) {
  const signature = await sign(devicePrivateKey, ...await covered(signer, content));
  return { ...content, signature };
}

/** Refused (`signature`) unless the device with this key signed the content as that signer's. */
export async function verifyContent(signKey, signer, content) {
  await verify(signKey, content.signature, ...await covered(signer, content));
}

/**
 * `contentDigest`: what an entry adds to the chain.
 *
 * @param {Uint8Array} [seed] with a commit
 */
export async function contentDigest(signer, content, seed) {
  const signed = await signedBytes(signer, content);
  const { signature } = content;
  switch (content.type) {
    case 'commit': return hash(GROUP_COMMIT, signed, content.infoDigest, signature, seed);
    case 'proposal': return hash(GROUP_PROPOSAL, signed, signature);
    case 'confirm': return hash(GROUP_CONFIRM, signed, signature);
    default: return hash(GROUP_POST, signed, content.digest, signature);
  }
}

/** `hash_n` of an entry after the one with `previousHash`; its own hash is not looked at. */
export async function groupEntryHash(previousHash, entry) {
  const { sequenceNr, time, fromUser, fromDevice, owner, messageId, content, seed } = entry;
  return hash(ENTRY, previousHash, sequenceNr, time, content.type, fromUser, fromDevice, owner,
    messageId, await contentDigest(signerOf(entry), content, seed));
}

/** `commitHash`, to which an epoch's keys are bound. */
export async function commitHash(signer, commit) {
  return hash(COMMIT, await signedBytes(signer, commit));
}
