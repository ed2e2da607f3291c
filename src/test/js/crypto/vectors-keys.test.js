/** The vectors that Java and the browser share: signatures, Diffie-Hellman, the vault. */

import { assertEquals, assertThrows, test, vectors } from '../harness.js';
import { x25519KeyPair } from './fixed-keys.js';
import { importAeadKey } from '/crypto/aead.js';
import { fromHex, hex } from '/crypto/bytes.js';
import { signingKeyPairFromSeed, verifyBytes } from '/crypto/ed25519.js';
import { openVault } from '/crypto/password.js';
import { Refused } from '/crypto/refused.js';
import { diffieHellman } from '/crypto/x25519.js';

async function holds(file, check) {
  const { valid, refused } = await vectors(file);
  for (const vector of valid) await check(vector);
  for (const wrong of refused) {
    await assertThrows(() => check(wrong), Refused)
      .catch(error => { throw new Error(`${wrong.why}: ${error.message}`); });
  }
}

test('signatures', () => holds('signatures.json', async vector => {
  const message = fromHex(vector.message);
  await verifyBytes(fromHex(vector.publicKey), fromHex(vector.signature), message);
  const { publicKey, privateKey } = await signingKeyPairFromSeed(fromHex(vector.seed));
  assertEquals(vector.publicKey, hex(publicKey));
  const made = await crypto.subtle.sign('Ed25519', privateKey, message);
  assertEquals(vector.signature, hex(new Uint8Array(made)));
}));

test('agreement', () => holds('agreement.json', async vector => {
  const own = await x25519KeyPair(fromHex(vector.private));
  assertEquals(vector.public, hex(own.publicKey));
  const secret = await diffieHellman(own.privateKey, fromHex(vector.peer));
  assertEquals(vector.secret, hex(secret));
}));

test('vault', () => holds('vault.json', async vector => {
  const key = await importAeadKey(fromHex(vector.vaultKey));
  const { serverHost, user, vault } = vector;
  const content = await openVault(key, serverHost, user, fromHex(vault));
  assertEquals(vector.content, hex(content));
}));
