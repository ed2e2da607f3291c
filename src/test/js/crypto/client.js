/** Two people's clients without store and server, for tests of sessions. */

import { SERVER, asSender, person, prekeyOf } from './people.js';
import { equal, fromUtf8, randomBytes, utf8 } from '/crypto/bytes.js';
import { decryptMessage, encryptMessage, parseCiphertext, sendingSession }
  from '/crypto/session-message.js';
import { acceptSession, createSession, parseOpening } from '/crypto/session-opening.js';

/** A person with a browser: holds sessions and prekeys, and accepts openings as a client does. */
export class Client {
  sessions = [];
  prekeys = new Map();
  accepted = [];
  pin = null;

  static async of(user) {
    return Object.assign(new Client(), await person(user));
  }

  async publish(kind, id) {
    const { prekey, keyPair } = await prekeyOf(this, kind, id);
    this.prekeys.set(`${kind} ${id}`, keyPair);
    return prekey;
  }

  async open(peer, prekey) {
    const replaces = this.sessions.map(({ sessionId }) => sessionId);
    const session = await createSession({
      sender: asSender(this),
      recipient: { deviceList: peer.deviceList, deviceId: peer.deviceId, prekey },
      replaces,
    });
    this.sessions.push(session);
    return session;
  }

  async send(peer, text) {
    const session = sendingSession(this.sessions);
    const messageId = randomBytes(16);
    const made = await encryptMessage(session, route(this, peer, messageId), utf8(text));
    this.put(made.session);
    return { from: this, messageId, bytes: made.ciphertext };
  }

  put(session) {
    this.sessions = this.sessions.filter(({ sessionId }) => !equal(sessionId, session.sessionId));
    this.sessions.push(session);
  }

  accept(sent, change = {}) {
    const { suite, opening: bytes } = parseCiphertext(sent.bytes);
    const opening = parseOpening(bytes);
    return acceptSession({
      suite, opening,
      sender: { user: sent.from.user, deviceId: sent.from.deviceId,
        deviceList: sent.from.deviceList, pin: this.pin, ...change.sender },
      recipient: { user: this.user, deviceId: this.deviceId, serverHost: SERVER,
        listAt: async version => [this.deviceList].find(list => list.version === version),
        prekeyAt: async (kind, id) => this.prekeys.get(`${kind} ${id}`),
        isKnown: async id => this.accepted.some(known => equal(known, id)),
        ...change.recipient },
    });
  }

  async receive(sent) {
    const ciphertext = parseCiphertext(sent.bytes);
    let session = this.sessions.find(({ sessionId }) => equal(sessionId, ciphertext.sessionId));
    if (!session) {
      const accepted = await this.accept(sent);
      session = accepted.session;
      this.pin = accepted.pin;
      this.accepted.push(session.sessionId);
    }
    const received = await decryptMessage(session, route(sent.from, this, sent.messageId),
      ciphertext);
    if (received.outcome !== 'opened') return received;
    this.put(received.session);
    return fromUtf8(received.plaintext);
  }
}

function route(from, to, messageId) {
  return { fromUser: from.user, fromDevice: from.deviceId, toUser: to.user,
    toDevice: to.deviceId, messageId };
}

/** Alice has opened a session with bob; bob does not know yet. */
export async function aliceAndBob() {
  const [alice, bob] = [await Client.of('alice'), await Client.of('bob')];
  await alice.open(bob, await bob.publish('one-time', 3));
  return { alice, bob };
}
