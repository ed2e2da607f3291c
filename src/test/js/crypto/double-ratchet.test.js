import { assert, assertEquals, assertThrows, test } from '../harness.js';
import { randomBytes } from '/crypto/bytes.js';
import { initiatorState, nextReceiving, nextSending, responderState }
  from '/crypto/double-ratchet.js';
import { Refused } from '/crypto/refused.js';
import { generateKeyPair } from '/crypto/x25519.js';

/** Two ends of one session, which move as they send and receive. */
async function pair() {
  const [rootKey, chainKey, r1] = [randomBytes(32), randomBytes(32), await generateKeyPair()];
  return {
    alice: new End(initiatorState(rootKey, chainKey, r1)),
    bob: new End(await responderState(rootKey, chainKey, r1.publicKey)),
  };
}

class End {
  constructor(state) {
    this.state = state;
  }

  async send() {
    const { state, header, messageKey } = await nextSending(this.state);
    this.state = state;
    return { header, messageKey };
  }

  async sendMany(count) {
    const sent = [];
    for (let i = 0; i < count; i++) sent.push(await this.send());
    return sent;
  }

  async receive({ header, messageKey }) {
    const received = await nextReceiving(this.state, header);
    if (received.outcome === 'key') {
      assertEquals(messageKey, received.messageKey);
      this.state = received.state;
    }
    return received.outcome;
  }

  async refuses({ header }, reason) {
    const before = structuredClone(this.state);
    const error = await assertThrows(() => nextReceiving(this.state, header), Refused);
    assertEquals(reason, error.reason);
    assertEquals(before, this.state);
  }
}

test('bothEndsFindTheSameKeysTurnByTurn', async () => {
  const { alice, bob } = await pair();
  const ratchetKeys = new Set();
  for (let turn = 0; turn < 6; turn++) {
    for (const [from, to] of [[alice, bob], [bob, alice]]) {
      for (const message of await from.sendMany(3)) {
        assertEquals('key', await to.receive(message));
        ratchetKeys.add(String(message.header.dh));
      }
    }
  }
  assertEquals(12, ratchetKeys.size);
});

test('everyKeyIsAnotherOne', async () => {
  const { alice, bob } = await pair();
  const keys = [...await alice.sendMany(50), ...await bob.sendMany(50)];
  assertEquals(100, new Set(keys.map(({ messageKey }) => String(messageKey))).size);
});

test('messagesMayComeInAnyOrderOverSeveralTurns', async () => {
  const { alice, bob } = await pair();
  const early = await alice.sendMany(5);
  assertEquals('key', await bob.receive(early[2]));
  assertEquals('key', await alice.receive(await bob.send()));
  const late = await alice.sendMany(4);
  assertEquals([0, 0, 0, 0], late.map(({ header }) => header.pn - 5));
  for (const message of [late[3], early[4], late[0], early[0], late[2], early[1], late[1],
    early[3]]) {
    assertEquals('key', await bob.receive(message));
  }
  assertEquals([], bob.state.MKSKIPPED);
});

test('usedKeyIsADuplicateInThisAndEarlierChains', async () => {
  const { alice, bob } = await pair();
  const old = await alice.sendMany(3);
  for (const message of [old[0], old[2]]) await bob.receive(message);
  assertEquals('duplicate', await bob.receive(old[0]));
  assertEquals('duplicate', await bob.receive(old[2]));
  for (let turn = 0; turn < 3; turn++) {
    await alice.receive(await bob.send());
    await bob.receive(await alice.send());
  }
  assertEquals('duplicate', await bob.receive(old[0]));
  assertEquals('key', await bob.receive(old[1]));
  assertEquals('duplicate', await bob.receive(old[1]));
});

test('jumpOfTwoThousandIsTakenAndOneMoreIsRefused', async () => {
  const { alice, bob } = await pair();
  const [first] = await alice.sendMany(1);
  const { dh, pn } = first.header;
  await bob.refuses({ header: { dh, pn, n: 2_001 } }, 'order');
  const { state } = await nextReceiving(bob.state, { dh, pn, n: 2_000 });
  assertEquals(1_000, state.MKSKIPPED.length);
  assertEquals([1_000, 1_999], [state.MKSKIPPED[0].n, state.MKSKIPPED[999].n]);
  bob.state = state;
  // Its key was never used, so a duplicate would be a message lost in silence.
  await bob.refuses(first, 'discarded');
  await bob.refuses({ header: { dh, pn, n: 999 } }, 'discarded');
  const other = await generateKeyPair();
  await bob.refuses({ header: { dh: other.publicKey, pn: 50_002, n: 0 } }, 'order');
  await bob.refuses({ header: { dh: other.publicKey, pn: 0, n: 2_001 } }, 'order');
});

test('newestThousandSkippedKeysAreKeptOverAllChains', async () => {
  const { alice, bob } = await pair();
  const old = await alice.sendMany(301);
  await bob.receive(old[300]);
  await alice.receive(await bob.send());
  const recent = await alice.sendMany(801);
  await bob.receive(recent[800]);
  assertEquals(1_000, bob.state.MKSKIPPED.length);
  await bob.refuses(old[99], 'discarded');
  assertEquals('key', await bob.receive(old[100]));
  assertEquals('key', await bob.receive(recent[0]));
  assertEquals('duplicate', await bob.receive(old[300]));
});

test('numberAfterTheEndOfAnEarlierChainIsRefused', async () => {
  const { alice, bob } = await pair();
  const [first] = await alice.sendMany(1);
  await bob.receive(first);
  await alice.receive(await bob.send());
  await bob.receive(await alice.send());
  await bob.refuses({ header: { ...first.header, n: 1 } }, 'order');
});

test('ratchetKeyOfSmallOrderIsRefused', async () => {
  const { bob } = await pair();
  await bob.refuses({ header: { dh: new Uint8Array(32), pn: 0, n: 0 } }, 'public-key');
});

test('transitionsLeaveTheGivenStateAloneAndItMayBeStored', async () => {
  const { alice, bob } = await pair();
  const [first, second] = await alice.sendMany(2);
  const before = structuredClone(bob.state);
  await nextReceiving(bob.state, second.header);
  assertEquals(before, bob.state);
  bob.state = structuredClone(bob.state);
  assertEquals('key', await bob.receive(second));
  bob.state = structuredClone(bob.state);
  assertEquals('key', await bob.receive(first));
  assert(!bob.state.DHs.privateKey.extractable);
});
