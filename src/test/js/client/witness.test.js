import { fromBase64url, fromUtf8 } from '/crypto/bytes.js';
import { verify } from '/crypto/ed25519.js';
import { ACK, WITNESS } from '/crypto/labels.js';
import { pointItems } from '/crypto/statements.js';
import { witnessItems } from '/crypto/witness.js';
import { encodeJson, parseDeviceList } from '/protocol/frames.js';
import { assert, assertEquals, assertThrows } from '../harness.js';
import { InPageServer } from './in-page-server.js';
import { HOST, Person, pair, scenario, until } from './people.js';

const pointOf = ({ hash, ...rest }) => ({ ...rest, hash: fromBase64url(hash) });

/** What the file says, once both signatures of this device hold. */
async function checked({ json }) {
  const file = JSON.parse(fromUtf8(json));
  const { serverHost, user, device } = file;
  const deviceKey = fromBase64url(file.deviceKey);
  const acknowledgements = file.acknowledgements.map(({ items, signature }) =>
    ({ items: items.map(pointOf), signature: fromBase64url(signature) }));
  const witness = {
    ...file, acknowledgements, logs: file.logs.map(pointOf),
    serverKey: fromBase64url(file.serverKey),
    deviceList: parseDeviceList(encodeJson(file.deviceList)),
  };
  await verify(deviceKey, fromBase64url(file.signature), WITNESS, ...await witnessItems(witness));
  for (const { items, signature } of acknowledgements) {
    await verify(deviceKey, signature, ACK, serverHost, user, device, pointItems(items));
  }
  return witness;
}

scenario('witnessNamesWhatWasTakenAndAcknowledged', async () => {
  const { server, alice, bob, id } = await pair();
  await alice.engine.sendText(id, 'hello bob');
  await bob.until(() => bob.texts.includes('hello bob'));
  const head = { kind: 'inbox', owner: bob.user, generation: 1, sequenceNr: 1,
    hash: server.users.get(bob.user).hashes[1] };
  await until(async () => (await bob.engine.witness()).acknowledgedAt !== null);
  const made = await bob.engine.witness();
  const witness = await checked(made);
  assertEquals([head], witness.logs);
  assertEquals([[head]], witness.acknowledgements.map(({ items }) => items));
  assertEquals([1, HOST, bob.user], [witness.version, witness.serverHost, witness.user]);
  assertEquals(server.identity.signKey.publicKey, witness.serverKey);
  assert(Date.now() - made.acknowledgedAt < 60_000);
  assert(/^sotto-witness-bob-.*-\d{4}-\d\d-\d\d\.json$/.test(made.name), made.name);
  assertEquals(0, made.groups);
});

scenario('witnessOfSomebodyToWhomNobodyWroteIsEmpty', async () => {
  await InPageServer.start(HOST);
  const alice = await Person.create('alice');
  const made = await alice.engine.witness();
  assertEquals([0, null], [made.groups, made.acknowledgedAt]);
  const { logs, acknowledgements } = await checked(made);
  assertEquals([['inbox', 0]], logs.map(({ kind, sequenceNr }) => [kind, sequenceNr]));
  assertEquals([], acknowledgements);
});

scenario('witnessOfGroupsNamesEachHead', async () => {
  const { alice } = await pair();
  await alice.engine.createGroup('one');
  await alice.engine.createGroup('two');
  await until(async () => {
    const { acknowledgements } = await checked(await alice.engine.witness());
    return new Set(acknowledgements.flatMap(({ items }) => items.map(one => one.owner))).size === 2;
  });
  const made = await alice.engine.witness();
  assertEquals(2, made.groups);
  const { logs } = await checked(made);
  assertEquals(['group', 'group', 'inbox'], logs.map(({ kind }) => kind));
  assert(logs[0].owner < logs[1].owner, 'rising');
});

scenario('nobodySignedInHasNoWitness', async () => {
  await InPageServer.start(HOST);
  const alice = await Person.create('alice');
  await alice.engine.signOut();
  const { code } = await assertThrows(() => alice.engine.witness());
  assertEquals('signed-out', code);
});
