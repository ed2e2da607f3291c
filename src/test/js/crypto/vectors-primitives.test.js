/** The vectors that Java and the browser share: what is below sessions. */

import { assert, assertEquals, assertThrows, test, vectors } from '../harness.js';
import { withRandomness, x25519KeyPair } from './fixed-keys.js';
import { importAeadKey } from '/crypto/aead.js';
import { fromBase64url, fromHex, hex, utf8 } from '/crypto/bytes.js';
import { verify } from '/crypto/ed25519.js';
import { enc, hash, parseEnc, sha256 } from '/crypto/encoding.js';
import { bodyDigest, entryHash, logStart } from '/crypto/entry-chain.js';
import { setupBaseR, setupBaseS, setupPskR, setupPskS } from '/crypto/hpke.js';
import { ACK } from '/crypto/labels.js';
import { pad, unpad } from '/crypto/padding.js';
import { derivePasswordSecrets, openVault, sealVault } from '/crypto/password.js';
import { Refused } from '/crypto/refused.js';
import { safetyNumber } from '/crypto/safety-number.js';
import { checkAccountChange, checkDeviceList, checkPrekey, deviceListHash }
  from '/crypto/statements.js';
import { encodeJson, parseDeviceList } from '/protocol/frames.js';

const refuses = async ({ why }, run) =>
  assertThrows(run, Refused).catch(error => { throw new Error(`${why}: ${error.message}`); });

test('encoding', async () => {
  const { valid, refused } = await vectors('encoding.json');
  const itemOf = item => {
    if (item === null) return null;
    if ('list' in item) return item.list.map(itemOf);
    return 'bytes' in item ? fromHex(item.bytes) : item.text ?? item.integer;
  };
  for (const { items, encoded, label, hash: digest } of valid) {
    const values = items.map(itemOf);
    assertEquals(encoded, hex(enc(...values)));
    assertEquals(encoded, hex(enc(...parseEnc(fromHex(encoded)))));
    assertEquals(digest, hex(await hash(`sotto/v1/${label}`, ...values)));
  }
  for (const wrong of refused) await refuses(wrong, () => parseEnc(fromHex(wrong.encoded)));
});

test('padding', async () => {
  const { valid, refused } = await vectors('padding.json');
  for (const { contentLength, paddedLength, sha256: digest } of valid) {
    const content = new Uint8Array(contentLength).fill('a'.charCodeAt(0));
    const padded = pad(content);
    assertEquals(paddedLength, padded.length);
    assertEquals(digest, hex(await sha256(padded)));
    assertEquals(content, unpad(padded));
  }
  for (const wrong of refused) await refuses(wrong, () => unpad(fromHex(wrong.padded)));
});

test('hpke', async () => {
  const { valid, refused } = await vectors('hpke.json');
  for (const vector of valid) {
    const [recipient, ephemeral] = await Promise.all(
      [vector.recipientPrivate, vector.ephemeralPrivate].map(key => x25519KeyPair(fromHex(key))));
    assertEquals(vector.recipientPublic, hex(recipient.publicKey));
    const sender = await withRandomness({ keyPairs: [ephemeral] },
      () => senderOf(vector, recipient));
    assertEquals(vector.enc, hex(sender.enc));
    const receiver = await receiverOf(vector, recipient);
    for (const [i, plaintext] of vector.plaintexts.entries()) {
      assertEquals(vector.ciphertexts[i], hex(await sender.context.seal(fromHex(plaintext))));
      assertEquals(plaintext, hex(await receiver.open(fromHex(vector.ciphertexts[i]))));
    }
    for (const { context, length, value } of vector.exports) {
      assertEquals(value, hex(await sender.context.export(utf8(context), length)));
      assertEquals(value, hex(await receiver.export(utf8(context), length)));
    }
  }
  for (const wrong of refused) {
    const recipient = await x25519KeyPair(fromHex(wrong.recipientPrivate));
    await refuses(wrong, async () => {
      const receiver = await receiverOf(wrong, recipient);
      for (const ciphertext of wrong.ciphertexts) await receiver.open(fromHex(ciphertext));
    });
  }
});

function senderOf({ suite, mode, info, psk, pskId }, { publicKey }) {
  return mode === 'base' ? setupBaseS(suite, publicKey, fromHex(info))
    : setupPskS(suite, publicKey, fromHex(info), fromHex(psk), fromHex(pskId));
}

function receiverOf({ suite, mode, enc: hpkeEnc, info, psk, pskId }, recipient) {
  return mode === 'base' ? setupBaseR(suite, fromHex(hpkeEnc), recipient, fromHex(info))
    : setupPskR(suite, fromHex(hpkeEnc), recipient, fromHex(info), fromHex(psk), fromHex(pskId));
}

test('password', async () => {
  const { valid, refused } = await vectors('password.json');
  for (const vector of valid) {
    const { authSecret, vaultKey } = await derive(vector);
    assertEquals(vector.authSecret, hex(authSecret));
    const sealed = await sealVault(await importAeadKey(fromHex(vector.vaultKey)), 'host', 'user',
      utf8('{}'));
    assertEquals('{}', String.fromCharCode(...await openVault(vaultKey, 'host', 'user', sealed)));
  }
  for (const wrong of refused) {
    assert(hex((await derive(wrong)).authSecret) !== wrong.authSecret, wrong.why);
  }
});

/** The secrets after as many iterations as the vector wants, which is the only thing changed. */
async function derive({ password, serverHost, user, iterations }) {
  crypto.subtle.deriveBits = (algorithm, ...rest) => {
    assertEquals(1_000_000, algorithm.iterations);
    return SubtleCrypto.prototype.deriveBits.call(
      crypto.subtle, { ...algorithm, iterations }, ...rest);
  };
  try {
    return await derivePasswordSecrets({ password, serverHost, user });
  } finally {
    delete crypto.subtle.deriveBits;
  }
}

test('safetyNumber', async () => {
  const { valid, refused } = await vectors('safety-number.json');
  const numberOf = ({ serverHost, userA, accountKeyA, userB, accountKeyB }) => {
    const people = [{ user: userA, accountKey: fromHex(accountKeyA) },
      { user: userB, accountKey: fromHex(accountKeyB) }];
    return Promise.all([people, people.toReversed()]
      .map(pair => safetyNumber(serverHost, ...pair)));
  };
  for (const vector of valid) {
    const { digits, qrText } = vector;
    assertEquals([{ digits, qrText }, { digits, qrText }], await numberOf(vector));
  }
  for (const wrong of refused) {
    const [number] = await numberOf(wrong);
    assert(number.digits !== wrong.digits && number.qrText !== wrong.qrText, wrong.why);
  }
});

test('entryChain', async () => {
  const { valid, refused } = await vectors('entry-chain.json');
  const headOf = async ({ owner, generation, entries }) => {
    let head = await logStart('inbox', owner, generation);
    for (const entry of entries) head = await entryHash(head, entryOf(entry, owner));
    return hex(head);
  };
  for (const vector of valid) {
    const { owner, generation, start, entries } = vector;
    assertEquals(start, hex(await logStart('inbox', owner, generation)));
    for (const [i, entry] of entries.entries()) {
      assertEquals(entry.bodyDigest, hex(await bodyDigest(entryOf(entry, owner).bodies)));
      assertEquals(entry.hash, await headOf({ ...vector, entries: entries.slice(0, i + 1) }));
    }
  }
  for (const wrong of refused) {
    assert(await headOf(wrong) !== wrong.entries.at(-1).hash, wrong.why);
  }
});

function entryOf(entry, owner) {
  const bodies = entry.bodies.map(({ device, digest }) => ({ device, digest: fromHex(digest) }));
  return { ...entry, owner, messageId: fromHex(entry.messageId), bodies };
}

test('statements', async () => {
  const { valid, refused } = await vectors('statements.json');
  for (const statement of valid) {
    await checkStatement(statement);
    if (statement.kind === 'device-list') {
      const list = parseDeviceList(encodeJson(statement.deviceList));
      assertEquals(statement.listHash, hex(await deviceListHash(list)));
    }
  }
  for (const wrong of refused) await refuses(wrong, () => checkStatement(wrong));
});

async function checkStatement(statement) {
  const { kind, deviceList, user, device, deviceKey, prekey, serverHost, signature } = statement;
  if (kind === 'device-list') {
    const list = parseDeviceList(encodeJson(deviceList));
    const expected = { user: list.user, serverHost: list.serverHost, pin: null };
    await checkDeviceList(list, expected);
  } else if (kind === 'prekey') {
    const [key, signed] = [prekey.key, prekey.signature].map(fromBase64url);
    await checkPrekey(fromHex(deviceKey), { user, deviceId: device },
      { ...prekey, key, signature: signed });
  } else if (kind === 'account-change') {
    const [from, to] = [statement.from, statement.to].map(fromHex);
    await checkAccountChange(fromHex(deviceKey), { serverHost, user, from, to },
      fromHex(signature));
  } else {
    const items = statement.items.map(({ owner, generation, sequenceNr, hash: head, ...log }) =>
      [log.kind, owner, generation, sequenceNr, fromBase64url(head)]);
    await verify(fromHex(deviceKey), fromHex(signature), ACK, serverHost, user, device, items);
  }
}
