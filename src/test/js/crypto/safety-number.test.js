import { assertEquals, test } from '../harness.js';
import { safetyNumber, serverFingerprint } from '/crypto/safety-number.js';

const key = from => Uint8Array.from({ length: 32 }, (_, i) => from + i);
const ALICE = { user: 'alice', accountKey: key(0) };
const BOB = { user: 'bob', accountKey: key(32) };

// Both computed by another implementation.
test('bothPeopleSeeTheSameSafetyNumber', async () => {
  const expected = {
    digits: '271624686704922607220711323412480192957935038758027476956644',
    qrText: 'sotto1:HaoIX_pXPP4y00OaGgN6d_Ow1ZI7S_39SSmrpz3UT5HTjW3n4_ODot7ilsKXjb3AoHucO6Xcwyarw'
      + '76GcZn11Q.KLIVipNywl5Ei4VNJTd-38ZVJPqRv75BcYpvpMbkMqd_uIV81MINwizFT3V_uxYcjL6BwVDximA8'
      + 'IIXcTx2f9A',
  };
  assertEquals(expected, await safetyNumber('chat.example', ALICE, BOB));
  assertEquals(expected, await safetyNumber('chat.example', BOB, ALICE));
});

test('fingerprintOfAServerIsInGroupsOfFour', async () => {
  assertEquals('904f c89c 23a5 146e 7dc5 8df8 396a 66cc', await serverFingerprint(key(0)));
});
