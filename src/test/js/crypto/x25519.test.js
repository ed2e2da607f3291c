import { assert, assertEquals, assertThrows, test } from '../harness.js';
import { x25519KeyPair } from './fixed-keys.js';
import { fromHex, hex } from '/crypto/bytes.js';
import { Refused } from '/crypto/refused.js';
import { diffieHellman, generateKeyPair } from '/crypto/x25519.js';

// RFC 7748 §6.1.
test('holdsTheVectorOfRfc7748', async () => {
  const alice = await x25519KeyPair(
    fromHex('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'));
  const bob = await x25519KeyPair(
    fromHex('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb'));
  assertEquals('8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a',
    hex(alice.publicKey));
  const secret = '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742';
  assertEquals(secret, hex(await diffieHellman(alice.privateKey, bob.publicKey)));
  assertEquals(secret, hex(await diffieHellman(bob.privateKey, alice.publicKey)));
});

test('refusesPublicKeysOfSmallOrderAndOfOtherLength', async () => {
  const { privateKey } = await generateKeyPair();
  const refused = ['00'.repeat(32), `01${'00'.repeat(31)}`,
    'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
    '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
    `ec${'ff'.repeat(30)}7f`, `ed${'ff'.repeat(30)}7f`, `ee${'ff'.repeat(30)}7f`,
    '09', '09'.padEnd(66, '0'), ''];
  for (const key of refused) {
    const error = await assertThrows(() => diffieHellman(privateKey, fromHex(key)), Refused);
    assertEquals('public-key', error.reason);
  }
});

test('privateKeyCannotBeRead', async () => {
  const { privateKey } = await generateKeyPair();
  assert(!privateKey.extractable);
  await assertThrows(() => crypto.subtle.exportKey('pkcs8', privateKey));
});
