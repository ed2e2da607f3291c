import { assertEquals, assertThrows, test, vectors } from '../harness.js';
import { fromBase64url, fromHex, hex, utf8 } from '/crypto/bytes.js';
import { signingKeyPairFromSeed, verify } from '/crypto/ed25519.js';
import { WITNESS } from '/crypto/labels.js';
import { Refused } from '/crypto/refused.js';
import { checkDeviceList, deviceOf, signAck } from '/crypto/statements.js';
import { signWitness, witnessHash, witnessItems } from '/crypto/witness.js';
import { parseDeviceList } from '/protocol/frames.js';

/** The witness of a file, its bytes read. */
function witnessOf(json) {
  const point = ({ hash, ...rest }) => ({ ...rest, hash: fromBase64url(hash) });
  return {
    ...json,
    serverKey: fromBase64url(json.serverKey),
    deviceKey: fromBase64url(json.deviceKey),
    deviceList: parseDeviceList(utf8(JSON.stringify(json.deviceList))),
    logs: json.logs.map(point),
    acknowledgements: json.acknowledgements.map(({ items, signature }) =>
      ({ items: items.map(point), signature: fromBase64url(signature) })),
    signature: fromBase64url(json.signature),
  };
}

test('browserSignsWhatJavaSigns', async () => {
  const { valid } = await vectors('witness.json');
  for (const { witness: json, contentHash, deviceSeed } of valid) {
    const witness = witnessOf(json);
    const { privateKey, publicKey } = await signingKeyPairFromSeed(fromHex(deviceSeed));
    assertEquals(publicKey, witness.deviceKey);
    assertEquals(contentHash, hex(await witnessHash(witness)));
    assertEquals(witness.signature, await signWitness(privateKey, witness));
    for (const { items, signature } of witness.acknowledgements) {
      const { serverHost, user, device } = witness;
      assertEquals(signature, await signAck(privateKey, { serverHost, user, deviceId: device },
        items));
    }
  }
});

test('changedWitnessIsNotSigned', async () => {
  const { refused } = await vectors('witness.json');
  for (const { why, witness: json, deviceSeed } of refused) {
    const { privateKey } = await signingKeyPairFromSeed(fromHex(deviceSeed));
    await assertThrows(() => checkWitness(witnessOf(json), privateKey), Refused)
      .catch(error => { throw new Error(`${why}: ${error.message}`); });
  }
});

/** As an auditor does. Refused unless it is the word of that user's device. */
async function checkWitness(witness, privateKey) {
  const { serverHost, user, device, deviceKey, deviceList } = witness;
  await checkDeviceList(deviceList, { user, serverHost, pin: null });
  const { signKey } = deviceOf(deviceList, device);
  await verify(signKey, witness.signature, WITNESS, ...await witnessItems(witness));
  if (hex(signKey) !== hex(deviceKey)) throw new Refused('device', 'another key than the list');
  for (const { items, signature } of witness.acknowledgements) {
    const own = await signAck(privateKey, { serverHost, user, deviceId: device }, items);
    if (hex(own) !== hex(signature)) throw new Refused('signature', 'another acknowledgement');
  }
}
