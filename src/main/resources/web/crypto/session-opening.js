/** How a session between two devices begins (docs/protocol.md §7.1). */

import { concat, randomBytes } from './bytes.js';
import { initiatorState, responderState } from './double-ratchet.js';
import { sign, verify } from './ed25519.js';
import { enc, parseBytes, parseEnc, parseEncOf, parseInteger, parseText, sha256 }
  from './encoding.js';
import { SUITE_X25519, setupBaseR, setupBaseS } from './hpke.js';
import { hkdf } from './hkdf.js';
import { OPENING, SESSION } from './labels.js';
import { Refused } from './refused.js';
import { checkDeviceList, checkPrekey, deviceListHash, deviceOf } from './statements.js';
import { generateKeyPair } from './x25519.js';

const SESSION_KEY_BYTES = 32;
const SESSION_ID_BYTES = 16;

/**
 * @typedef {object} Opening an opening, taken apart; nothing of it is checked yet
 * @property {Uint8Array} senderDeviceList JSON of §4.1
 * @property {number} recipientListVersion
 * @property {string} prekeyKind
 * @property {number} prekeyId
 * @property {Uint8Array} sessionId
 * @property {Uint8Array[]} replaces
 * @property {Uint8Array} r1
 * @property {Uint8Array} hpkeEnc
 * @property {Uint8Array} sealedKey
 * @property {Uint8Array} signature
 */

/**
 * Opens a session with one device, whose prekey is checked here.
 *
 * @param {object} input
 * @param {{deviceList: DeviceList, deviceListJson: Uint8Array, deviceId: string,
 *   devicePrivateKey: CryptoKey}} input.sender this device; the list in both its forms
 * @param {{deviceList: DeviceList, deviceId: string, prekey: Prekey}} input.recipient the list
 *   was checked
 * @param {Uint8Array[]} input.replaces ids of all sessions with that device
 * @returns {Promise<Session>} Refused: `device`, `suite`, `prekey`, `public-key`
 */
export async function createSession({ sender, recipient, replaces }) {
  const { deviceList, deviceId, prekey } = recipient;
  const { signKey } = deviceOf(deviceList, deviceId);
  await checkPrekey(signKey, { user: deviceList.user, deviceId }, prekey);
  const suite = SUITE_X25519;
  const sessionId = randomBytes(SESSION_ID_BYTES);
  const sessionKey = randomBytes(SESSION_KEY_BYTES);
  const ratchetKey = await generateKeyPair();
  const fields = {
    suite, sessionId, replaces, r1: ratchetKey.publicKey,
    prekeyKind: prekey.kind, prekeyId: prekey.id,
  };
  const transcript = openingTranscript(fields,
    await party(sender.deviceList, sender.deviceId), await party(deviceList, deviceId));
  const { enc: hpkeEnc, context } = await setupBaseS(suite, prekey.key, transcript);
  const sealedKey = await context.seal(enc(sender.deviceList.user, sessionKey));
  const signature = await sign(sender.devicePrivateKey, OPENING,
    transcript, hpkeEnc, await sha256(sealedKey));
  const { rootKey, chainKey } = await sessionKeys(transcript, hpkeEnc, sealedKey, sessionKey);
  const opening = enc(sender.deviceListJson, deviceList.version, prekey.kind, prekey.id, sessionId,
    replaces, ratchetKey.publicKey, hpkeEnc, sealedKey, signature);
  const ratchet = initiatorState(rootKey, chainKey, ratchetKey);
  return { suite, sessionId, replaces, opening, ratchet };
}

/** @returns {Opening} Refused `encoding` */
export function parseOpening(bytes) {
  const [senderDeviceList, listVersion, prekeyKind, prekeyId, sessionId, replaces, r1, hpkeEnc,
    sealedKey, signature] = parseEncOf(10, bytes);
  return {
    senderDeviceList,
    recipientListVersion: parseInteger(listVersion),
    prekeyKind: parseText(prekeyKind),
    prekeyId: parseInteger(prekeyId),
    sessionId: parseBytes(sessionId, SESSION_ID_BYTES),
    replaces: parseEnc(replaces).map(id => parseBytes(id, SESSION_ID_BYTES)),
    r1: parseBytes(r1, 32),
    hpkeEnc: parseBytes(hpkeEnc, 32),
    sealedKey,
    signature: parseBytes(signature, 64),
  };
}

/**
 * Accepts an opening of a session that this device does not know. The prekey, if it is a one-time
 * one, must be erased in the transaction that stores the session and its message.
 *
 * @param {object} input
 * @param {number} input.suite of the ciphertext that carried the opening
 * @param {Opening} input.opening
 * @param {{user: string, deviceId: string, deviceList: DeviceList, pin: Pin|null}} input.sender
 *   the entry's `fromUser` and `fromDevice`, and the opening's list, parsed
 * @param {{user: string, deviceId: string, serverHost: string,
 *   listAt: function(number): Promise<DeviceList|object|undefined>,
 *   prekeyAt: function(string, number): Promise<KeyPair|undefined>,
 *   isKnown: function(Uint8Array): Promise<boolean>}} input.recipient this device: its own list of
 *   a version (or {user, serverHost, accountKey, listHash} of one it never saw), its key pair of a
 *   prekey by kind and id, whether it ever accepted a session id
 * @returns {Promise<{session: Session, pin: Pin}>} the pin to keep of the sender. Refused: those of
 *   `checkDeviceList`; `device`, `signature`, `known-session`, `addressee`, `prekey`, `sealed`,
 *   `public-key`
 */
export async function acceptSession({ suite, opening, sender, recipient }) {
  const pin = await checkDeviceList(sender.deviceList,
    { user: sender.user, serverHost: recipient.serverHost, pin: sender.pin });
  const { signKey } = deviceOf(sender.deviceList, sender.deviceId);
  const ownList = await recipient.listAt(opening.recipientListVersion);
  if (!ownList) throw new Refused('addressee', 'made for a device list that is not ours');
  const transcript = openingTranscript({ ...opening, suite },
    await party(sender.deviceList, sender.deviceId), await party(ownList, recipient.deviceId));
  await verifyOpening(signKey, transcript, opening);
  if (await recipient.isKnown(opening.sessionId)) {
    throw new Refused('known-session', 'a session id that was accepted before');
  }
  const keyPair = await recipient.prekeyAt(opening.prekeyKind, opening.prekeyId);
  if (!keyPair) throw new Refused('prekey', 'a prekey that this device does not hold');
  const session = await unsealOpening({ suite, opening, transcript, user: sender.user, keyPair });
  return { session, pin };
}

/** Refuses (`signature`) an opening that the device with this key did not sign as a whole. */
export async function verifyOpening(signKey, transcript, { hpkeEnc, sealedKey, signature }) {
  await verify(signKey, signature, OPENING, transcript, hpkeEnc, await sha256(sealedKey));
}

/**
 * The session of a verified opening by `user`, sealed to the prekey of `keyPair`.
 *
 * @returns {Promise<Session>} Refused: `sealed`, `encoding`, `addressee`, `public-key`
 */
export async function unsealOpening({ suite, opening, transcript, user, keyPair }) {
  const { hpkeEnc, sealedKey, sessionId, replaces, r1 } = opening;
  const context = await setupBaseR(suite, hpkeEnc, keyPair, transcript);
  const [inner, sessionKey] = parseEncOf(2, await context.open(sealedKey));
  // Without this, somebody could pass on another's session key as their own.
  if (parseText(inner) !== user) throw new Refused('addressee', 'another user inside');
  parseBytes(sessionKey, SESSION_KEY_BYTES);
  const { rootKey, chainKey } = await sessionKeys(transcript, hpkeEnc, sealedKey, sessionKey);
  const ratchet = await responderState(rootKey, chainKey, r1);
  return { suite, sessionId, replaces, opening: null, ratchet };
}

async function party(deviceList, deviceId) {
  const { user, accountKey, serverHost } = deviceList;
  const listHash = deviceList.listHash ?? await deviceListHash(deviceList);
  return { user, deviceId, accountKey, serverHost, listHash };
}

/**
 * T: all that the two sides must agree on.
 *
 * @param {object} fields suite, and those of an Opening
 * @param {{user: string, deviceId: string, accountKey: Uint8Array, serverHost: string,
 *   listHash: Uint8Array}} sender as this side has verified it; `recipient` alike
 */
export function openingTranscript(fields, sender, recipient) {
  const { suite, prekeyKind, prekeyId, sessionId, replaces, r1 } = fields;
  return enc(OPENING, suite, sender.serverHost,
    sender.user, sender.deviceId, sender.accountKey, sender.listHash,
    recipient.user, recipient.deviceId, recipient.accountKey, recipient.listHash,
    prekeyKind, prekeyId, sessionId, replaces, r1);
}

async function sessionKeys(transcript, hpkeEnc, sealedKey, sessionKey) {
  const salt = await sha256(concat(transcript, hpkeEnc, sealedKey));
  const output = await hkdf(salt, sessionKey, SESSION, 64);
  sessionKey.fill(0);
  return { rootKey: output.slice(0, 32), chainKey: output.slice(32) };
}
