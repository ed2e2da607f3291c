import { assert, assertEquals, assertThrows, test } from '../harness.js';
import { concat, fromHex, hex } from '/crypto/bytes.js';
import { checkPublicKey, generateSigningKeyPair, sign, signingKeyPairFromSeed, verify, verifyBytes }
  from '/crypto/ed25519.js';
import { ACK, HELLO } from '/crypto/labels.js';
import { Refused } from '/crypto/refused.js';

const PRIME = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

const littleEndian = value => Uint8Array.from({ length: 32 }, (_, i) =>
  Number((value >> BigInt(8 * i)) & 0xffn));

// RFC 8032 §7.1, TEST 1 to 3.
const VECTORS = [
  ['9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155'
    + '5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'],
  ['4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c', '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da'
    + '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00'],
  ['c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025', 'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac'
    + '18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a'],
];

test('holdsTheVectorsOfRfc8032', async () => {
  for (const [seed, publicKey, message, signature] of VECTORS) {
    const pair = await signingKeyPairFromSeed(fromHex(seed));
    assertEquals(publicKey, hex(pair.publicKey));
    const made = await crypto.subtle.sign('Ed25519', pair.privateKey, fromHex(message));
    assertEquals(signature, hex(new Uint8Array(made)));
    await verifyBytes(pair.publicKey, fromHex(signature), fromHex(message));
  }
});

test('refusesOtherMessagesKeysAndLabels', async () => {
  const pair = await generateSigningKeyPair();
  const other = await generateSigningKeyPair();
  const signature = await sign(pair.privateKey, HELLO, 'a', 1);
  await verify(pair.publicKey, signature, HELLO, 'a', 1);
  await assertThrows(() => verify(pair.publicKey, signature, HELLO, 'a', 2), Refused);
  await assertThrows(() => verify(pair.publicKey, signature, ACK, 'a', 1), Refused);
  await assertThrows(() => verify(other.publicKey, signature, HELLO, 'a', 1), Refused);
});

test('refusesSignaturesThatOtherImplementationsAccept', async () => {
  const [, publicKey, message, signature] = VECTORS[1];
  const valid = fromHex(signature);
  const s = BigInt(`0x${hex(valid.slice(32).reverse())}`);
  const refused = [
    concat(valid, Uint8Array.of(0)),
    valid.subarray(0, 63),
    new Uint8Array(0),
    concat(valid.subarray(0, 32), littleEndian(s + ORDER)),
    new Uint8Array(64),
  ];
  for (const candidate of refused) {
    const error = await assertThrows(
      () => verifyBytes(fromHex(publicKey), candidate, fromHex(message)), Refused);
    assertEquals('signature', error.reason);
  }
});

test('refusesKeysOfSmallOrderInEveryEncoding', async () => {
  const d = -121665n * inverse(121666n);
  const ofOrderEight = ['05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826',
    '7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7']
    .map(digits => BigInt(`0x${digits}`));
  for (const y of ofOrderEight) {
    // Twice such a point has y = 0, that is x^2 = -y^2; in the equation of the curve:
    assertEquals(0n, (2n * y * y - 1n + d * y ** 4n) % PRIME);
  }
  for (const y of [0n, 1n, PRIME - 1n, ...ofOrderEight]) {
    for (const sign of [0n, 1n << 255n]) {
      const error = await assertThrows(() => checkPublicKey(littleEndian(y | sign)), Refused);
      assertEquals('public-key', error.reason);
    }
  }
});

test('refusesKeysOffTheCurve', async () => {
  for (const y of [3n, 4n, 5n, 6n]) checkPublicKey(littleEndian(y));
  for (const y of [2n, 7n, 8n, 11n]) {
    const error = await assertThrows(() => checkPublicKey(littleEndian(y)), Refused);
    assertEquals('public-key', error.reason);
  }
});

test('refusesKeysThatAreNotCanonicalOrNot32Bytes', async () => {
  for (let y = PRIME; y < 2n ** 255n; y++) {
    for (const sign of [0n, 1n << 255n]) {
      await assertThrows(() => checkPublicKey(littleEndian(y | sign)), Refused);
    }
  }
  await assertThrows(() => checkPublicKey(new Uint8Array(31)), Refused);
  await assertThrows(() => checkPublicKey(new Uint8Array(33)), Refused);
});

test('privateKeysCannotBeRead', async () => {
  const generated = await generateSigningKeyPair();
  const fromSeed = await signingKeyPairFromSeed(new Uint8Array(32));
  assert(!generated.privateKey.extractable && !fromSeed.privateKey.extractable);
});

function inverse(value) {
  let [result, base] = [1n, value];
  for (let exponent = PRIME - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = result * base % PRIME;
    base = base * base % PRIME;
  }
  return result;
}
