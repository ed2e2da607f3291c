/**
 * The two sealed directions of a connection (docs/protocol.md §2.2, §2.3), from the client's side.
 *
 * The first envelope is bound to the hello as received, the server's identity and the connection
 * key, so that it is good for this connection and this server only. The reply comes from the holder
 * of the seal key, since only that one has the psk, and is signed by the server's pinned key.
 */

import { concat, utf8 } from '../crypto/bytes.js';
import { sign, verify } from '../crypto/ed25519.js';
import { enc, hash } from '../crypto/encoding.js';
import { ENC_BYTES, setupBaseS, setupPskR } from '../crypto/hpke.js';
import {
  CLIENT_TO_SERVER, FIRST, PSK, PSK_ID, SERVER_FIRST, SERVER_TO_CLIENT, TRANSCRIPT,
} from '../crypto/labels.js';
import { generateKeyPair } from '../crypto/x25519.js';

const SIGNATURE_BYTES = 64;
const PSK_BYTES = 32;

/**
 * @typedef {object} Handshake
 * @property {Uint8Array} envelope the first one, to be sent as it is
 * @property {SenderContext} c2s seals every later envelope
 * @property {function(Uint8Array): Promise<{frame: Uint8Array, s2c: ReceiverContext}>} openFirst
 *   opens and verifies the server's first envelope; rejects with Refused
 */

/**
 * @param {{hello: object, helloHash: Uint8Array, sealKey: object}} checked of checkHello
 * @param {CryptoKey} deviceKey the device's private sign key
 * @param {function(Uint8Array): Uint8Array} buildFrame the first frame for a connection key
 * @returns {Promise<Handshake>}
 */
export async function beginHandshake({ hello, helloHash, sealKey }, deviceKey, buildFrame) {
  const { suite, key } = sealKey;
  const { signKey } = hello;
  const connection = await generateKeyPair();
  const { enc: hpkeEnc, context: c2s } = await setupBaseS(
    suite, key, enc(CLIENT_TO_SERVER, suite, helloHash, signKey));
  const frame = buildFrame(connection.publicKey);
  const signature = await sign(deviceKey, FIRST,
    suite, helloHash, signKey, key, hpkeEnc, connection.publicKey, frame);
  const envelope = concat(
    Uint8Array.of(suite), hpkeEnc, await c2s.seal(concat(signature, frame)));

  async function openFirst(reply) {
    const transcript = await hash(TRANSCRIPT, helloHash, envelope);
    const replyEnc = reply.subarray(0, ENC_BYTES);
    const psk = await c2s.export(utf8(PSK), PSK_BYTES);
    const info = enc(SERVER_TO_CLIENT, suite, transcript);
    const s2c = await setupPskR(suite, replyEnc, connection, info, psk, utf8(PSK_ID));
    const content = await s2c.open(reply.subarray(ENC_BYTES));
    const replyFrame = content.subarray(SIGNATURE_BYTES);
    const serverSignature = content.subarray(0, SIGNATURE_BYTES);
    await verify(signKey, serverSignature, SERVER_FIRST, transcript, replyEnc, replyFrame);
    return { frame: replyFrame, s2c };
  }

  return { envelope, c2s, openFirst };
}
