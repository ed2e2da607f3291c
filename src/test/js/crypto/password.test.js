import { assert, assertEquals, assertThrows, test } from '../harness.js';
import { fromHex, hex, utf8 } from '/crypto/bytes.js';
import { importAeadKey } from '/crypto/aead.js';
import { derivePasswordSecrets, openVault, sealVault } from '/crypto/password.js';
import { Refused } from '/crypto/refused.js';

const SERVER = 'chat.example';

// Computed by another implementation. The password has compatibility and combining characters.
test('derivesBothSecretsFromThePasswordAsTyped', async () => {
  const password = '\u2163 correct \ufb01sh \u1e0d\u0307';
  const { authSecret, vaultKey } =
    await derivePasswordSecrets({ password, serverHost: SERVER, user: 'alice' });
  assertEquals('941aac03e2ed61e72bfa0f2809290bd27a75f46949eb6514d0e6775996b8ae34', hex(authSecret));
  assert(!vaultKey.extractable);
  const expected = await importAeadKey(
    fromHex('1ab660aa488269898ed4dc7b2ec054a99396c74a9ba0eafec43f1e76d441e276'));
  const vault = await sealVault(expected, SERVER, 'alice', utf8('{}'));
  assertEquals(utf8('{}'), await openVault(vaultKey, SERVER, 'alice', vault));
});

test('vaultOfAnotherUserOrServerDoesNotOpen', async () => {
  const key = await importAeadKey(new Uint8Array(32));
  const vault = await sealVault(key, SERVER, 'alice', utf8('{}'));
  await assertThrows(() => openVault(key, SERVER, 'bob', vault), Refused);
  await assertThrows(() => openVault(key, 'chat.other', 'alice', vault), Refused);
});
