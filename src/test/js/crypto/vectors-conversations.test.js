/** The vectors that Java and the browser share: whole conversations on the wire. */

import { assertEquals, test, vectors } from '../harness.js';
import { ed25519KeyPair, withRandomness, x25519KeyPair } from './fixed-keys.js';
import { equal, fromBase64url, fromHex, hex } from '/crypto/bytes.js';
import { Refused } from '/crypto/refused.js';
import { decryptMessage, encryptMessage, parseCiphertext } from '/crypto/session-message.js';
import { acceptSession, createSession, parseOpening } from '/crypto/session-opening.js';
import { encodeJson, parseDeviceList } from '/protocol/frames.js';

test('conversation', async () => {
  const { valid, refused } = await vectors('conversation.json');
  for (const vector of valid) {
    const conversation = await Conversation.of(vector);
    for (const step of vector.steps) await conversation.take(step);
  }
  for (const { why, case: index, stepCount, attempt } of refused) {
    const conversation = await Conversation.of(valid[index]);
    for (const step of valid[index].steps.slice(0, stepCount)) await conversation.take(step);
    const before = conversation.devices[attempt.by].sessions;
    assertEquals('refused', await conversation.attempt(attempt), why);
    assertEquals(before, conversation.devices[attempt.by].sessions, why);
  }
});

/** The two devices of a case, as clients are but without store and server. */
class Conversation {
  static async of({ people }) {
    const conversation = new Conversation();
    conversation.devices = {};
    for (const [user, person] of Object.entries(people)) {
      conversation.devices[user] = await deviceOf(user, person);
    }
    return conversation;
  }

  async take(step) {
    if (step.do === 'open') return this.open(step);
    return step.do === 'send' ? this.send(step) : this.receive(step);
  }

  async open({ by, to, prekeyKind, prekeyId, replaces, draws, opening }) {
    const sender = this.devices[by];
    const recipient = this.devices[to];
    const { prekey } = recipient.prekeys
      .find(known => known.prekey.kind === prekeyKind && known.prekey.id === prekeyId);
    const session = await withRandomness({
      keyPairs: [await x25519KeyPair(fromHex(draws.r1)),
        await x25519KeyPair(fromHex(draws.ephemeral))],
      bytes: [fromHex(draws.sessionId), fromHex(draws.sessionKey)],
    }, () => createSession({
      sender, recipient: { ...recipient, prekey }, replaces: replaces.map(fromHex),
    }));
    assertEquals(opening, hex(session.opening));
    sender.sessions = [...sender.sessions, session];
  }

  async send({ by, to, sessionId, messageId, plaintext, draws, ciphertext }) {
    const sender = this.devices[by];
    const session = sender.sessions.find(known => hex(known.sessionId) === sessionId);
    const made = await withRandomness({ bytes: [fromHex(draws.nonce)] }, () => encryptMessage(
      session, route(sender, this.devices[to], messageId), fromHex(plaintext)));
    assertEquals(ciphertext, hex(made.ciphertext));
    sender.keep(made.session);
  }

  async receive(step) {
    const keyPairs = step.draws ? [await x25519KeyPair(fromHex(step.draws.ratchetKey))] : [];
    const received = await withRandomness({ keyPairs }, () => this.decrypt(step));
    assertEquals(step.outcome, received.outcome);
    if (step.outcome !== 'opened') return;
    assertEquals(step.plaintext, hex(received.plaintext));
    this.devices[step.by].keep(received.session);
  }

  async attempt(message) {
    try {
      const { outcome } = await this.decrypt(message);
      return outcome === 'failed' ? 'refused' : outcome;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return 'refused';
    }
  }

  async decrypt({ by, from, messageId, ciphertext }) {
    const [recipient, sender] = [this.devices[by], this.devices[from]];
    const parsed = parseCiphertext(fromHex(ciphertext));
    const session = recipient.sessions.find(known => equal(known.sessionId, parsed.sessionId))
      ?? await accept(sender, recipient, parsed);
    return decryptMessage(session, route(sender, recipient, messageId), parsed);
  }
}

async function deviceOf(user, { device, deviceSeed, deviceList, prekeys }) {
  const { privateKey } = await ed25519KeyPair(fromHex(deviceSeed));
  const deviceListJson = encodeJson(deviceList);
  return {
    user, deviceId: device, devicePrivateKey: privateKey, deviceListJson,
    deviceList: parseDeviceList(deviceListJson),
    prekeys: await Promise.all(prekeys.map(async known => ({
      keyPair: await x25519KeyPair(fromHex(known.private)),
      prekey: { ...known.prekey, key: fromBase64url(known.prekey.key),
        signature: fromBase64url(known.prekey.signature) },
    }))),
    sessions: [],
    keep(session) {
      this.sessions = [...this.sessions.filter(({ sessionId }) =>
        !equal(sessionId, session.sessionId)), session];
    },
  };
}

async function accept(sender, recipient, { suite, opening: bytes, sessionId }) {
  if (!bytes) throw new Refused('order', 'a message of no session');
  const opening = parseOpening(bytes);
  if (!equal(opening.sessionId, sessionId)) throw new Refused('order', 'of another session');
  const { session } = await acceptSession({
    suite, opening,
    sender: { user: sender.user, deviceId: sender.deviceId, pin: null,
      deviceList: parseDeviceList(opening.senderDeviceList) },
    recipient: { user: recipient.user, deviceId: recipient.deviceId,
      serverHost: recipient.deviceList.serverHost,
      listAt: async version => [recipient.deviceList].find(list => list.version === version),
      prekeyAt: async (kind, id) => recipient.prekeys
        .find(({ prekey }) => prekey.kind === kind && prekey.id === id)?.keyPair,
      isKnown: async () => false },
  });
  return session;
}

function route(from, to, messageId) {
  return {
    fromUser: from.user, fromDevice: from.deviceId, toUser: to.user, toDevice: to.deviceId,
    messageId: fromHex(messageId),
  };
}
