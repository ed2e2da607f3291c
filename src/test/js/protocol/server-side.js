/** The server's half of docs/protocol.md §2, and a WebSocket that leads to it, for tests in a page. */

import { concat, randomBytes, utf8 } from '/crypto/bytes.js';
import { generateSigningKeyPair, sign, verify } from '/crypto/ed25519.js';
import { enc, hash, sha256 } from '/crypto/encoding.js';
import { ENC_BYTES, setupBaseR, setupPskS } from '/crypto/hpke.js';
import {
  CLIENT_TO_SERVER, FIRST, HELLO, PSK, PSK_ID, SERVER_FIRST, SERVER_TO_CLIENT, TRANSCRIPT,
} from '/crypto/labels.js';
import { generateKeyPair } from '/crypto/x25519.js';
import { encodeJson } from '/protocol/frames.js';
import { parseStrict } from '/protocol/strict-json.js';
import { fromBase64url } from '/crypto/bytes.js';

const DAY_MS = 24 * 60 * 60 * 1000;

export const LIMITS = {
  envelopeBytesMax: 1_048_576, textBytesMax: 65536, devicesMax: 8, oneTimePrekeysMax: 100,
  sendsInFlightMax: 32, entriesInFlightMax: 512,
};

/** A server's keys. */
export class ServerIdentity {
  serial = 1;

  static async create(host) {
    const identity = new ServerIdentity();
    identity.host = host;
    identity.signKey = await generateSigningKeyPair();
    identity.sealKey = await generateKeyPair();
    return identity;
  }

  /** @param {object} [changes] of the hello's fields, before it becomes bytes */
  async hello(changes = {}) {
    const { host, serial, signKey, sealKey } = this;
    const [node, suite, notAfter] = ['1', 1, Date.now() + DAY_MS];
    const signature = await sign(
      signKey.privateKey, HELLO, host, node, serial, suite, sealKey.publicKey, notAfter);
    return encodeJson({
      type: 'hello', version: 1, serverHost: host, time: Date.now(), bundle: 'test', suites: [1],
      signKey: signKey.publicKey, challenge: randomBytes(32),
      sealKeys: [{ node, serial, suite, key: sealKey.publicKey, notAfter, signature }],
      limits: LIMITS, ...changes,
    });
  }
}

/** One connection, as the server has it. */
export class ServerConnection {
  #nonce = 0;

  constructor(identity, hello, socket) {
    this.identity = identity;
    this.hello = hello;
    this.socket = socket;
  }

  /** Opens the first envelope; rejects if it is not for this hello or not signed. */
  async acceptFirst(envelope) {
    const { signKey, sealKey } = this.identity;
    const suite = envelope[0];
    const hpkeEnc = envelope.subarray(1, 1 + ENC_BYTES);
    const helloHash = await sha256(this.hello);
    const info = enc(CLIENT_TO_SERVER, suite, helloHash, signKey.publicKey);
    this.c2s = await setupBaseR(suite, hpkeEnc, sealKey, info);
    const content = await this.c2s.open(envelope.subarray(1 + ENC_BYTES));
    const bytes = content.subarray(64);
    const frame = parseStrict(bytes);
    const connectionKey = fromBase64url(frame.connectionKey);
    await verify(fromBase64url(frame.deviceKey), content.subarray(0, 64), FIRST, suite, helloHash,
      signKey.publicKey, sealKey.publicKey, hpkeEnc, connectionKey, bytes);
    this.transcript = await hash(TRANSCRIPT, helloHash, envelope);
    this.connectionKey = connectionKey;
    return frame;
  }

  async open(envelope) {
    return parseStrict(await this.c2s.open(envelope));
  }

  async replyFirst(frame, signKey = this.identity.signKey) {
    const psk = await this.c2s.export(utf8(PSK), 32);
    const { enc: hpkeEnc, context } = await setupPskS(1, this.connectionKey,
      enc(SERVER_TO_CLIENT, 1, this.transcript), psk, utf8(PSK_ID));
    this.s2c = context;
    const bytes = encodeJson(frame);
    const signature = await sign(
      signKey.privateKey, SERVER_FIRST, this.transcript, hpkeEnc, bytes);
    this.socket.deliver(concat(hpkeEnc, await context.seal(concat(signature, bytes))));
  }

  async reply(frame) {
    this.socket.deliver(await this.s2c.seal(encodeJson(frame)));
  }

  async push(type, fields) {
    this.#nonce += 2;
    await this.reply({ type, nonce: this.#nonce, ...fields });
  }
}

/**
 * Puts a WebSocket into the page whose other end is `accept(serverEnd)`. A server end has
 * `deliver(bytes)`, `beginClosing()`, `close(code)`, and gets `onMessage(bytes)` and
 * `onClose(code)`. Where a browser complains in its console of what is sent after the closing
 * began, this one throws.
 */
export function installWebSocket(accept) {
  globalThis.WebSocket = class {
    static OPEN = 1;
    static CLOSING = 2;
    static CLOSED = 3;
    readyState = WebSocket.OPEN;

    constructor(url, subprotocol) {
      this.end = {
        url,
        subprotocol,
        deliver: bytes => this.#later(() => this.onmessage({ data: bytes.slice().buffer })),
        beginClosing: () => { this.readyState = WebSocket.CLOSING; },
        close: code => this.#later(() => this.#closed(code)),
        onMessage: () => {},
        onClose: () => {},
      };
      this.#later(() => accept(this.end));
    }

    send(bytes) {
      if (this.readyState !== WebSocket.OPEN) throw new Error('sent after the closing began');
      const copy = bytes.slice();
      this.#later(() => this.end.onMessage(copy));
    }

    close(code) {
      if (this.readyState !== WebSocket.OPEN) return;
      this.readyState = WebSocket.CLOSING;
      this.#later(() => this.end.onClose(code));
      this.#later(() => this.#closed(code));
    }

    #closed(code) {
      if (this.readyState === WebSocket.CLOSED) return;
      this.readyState = WebSocket.CLOSED;
      this.onclose({ code });
    }

    #later(run) {
      queueMicrotask(() => { if (this.readyState !== WebSocket.CLOSED) run(); });
    }
  };
}
