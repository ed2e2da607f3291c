/** One connection to the server (docs/protocol.md §2): requests with their replies, and pushes. */

import { FrameError } from './fields.js';
import { buildFrame, hasToken, isPush, isReplyTo, parseServerFrame } from './frames.js';
import { beginHandshake } from './handshake.js';
import { checkHello } from './hello.js';
import { Liveness } from './liveness.js';
import { ConnectionLost, Socket } from './socket.js';

export { ConnectionLost };

const SUBPROTOCOL = 'sotto.v1';
const HELLO_MS_MAX = 10_000;
const FIRST_REPLY_MS_MAX = 30_000;
const FIRST_NONCE = 2;
const UNREAD_NONCE = 1;
const TAG_BYTES = 16;
/** Of a device that is about to become one (§12.1). */
const NO_TOKEN = new Uint8Array(32);
const NORMAL = 1000;
const BAD_ENVELOPE = 4400;

/** S answered a request with an error: nothing happened, unless the code is `unknown-outcome`. */
export class RequestRefused extends Error {
  name = 'RequestRefused';

  constructor(frame) {
    super(`refused: ${frame.code}`);
    this.code = frame.code;
    this.frame = frame;
  }
}

/** The frame is over the server's limit and was not sent: it would end the connection. */
export class TooLarge extends Error {
  name = 'TooLarge';
}

/**
 * @typedef {object} Opening
 * @property {string} url of the WebSocket
 * @property {string} host the host that the URL names, which the hello must name too
 * @property {ServerPin|null} pin
 * @property {CryptoKey} deviceKey private sign key
 * @property {{type: string, fields: object}} first the first frame without its connection key
 * @property {function(object): Promise} onHello gets the checked hello; stores the pin before a
 *   word is said, and stops the connection by rejecting
 * @property {function(object)} onPush gets each push in order
 * @property {function(ConnectionLost)} onLost called once, after the first reply only
 */

/**
 * Connects and says the first frame.
 *
 * @param {Opening} opening
 * @returns {Promise<{connection: Connection, reply: object}>} rejects with HelloRefused,
 *   RequestRefused, ConnectionLost, or what onHello rejects with
 */
export async function connect(opening) {
  const socket = new Socket(opening.url, SUBPROTOCOL);
  try {
    const bytes = await socket.next(HELLO_MS_MAX);
    const { host, pin } = opening;
    const checked = await checkHello(bytes, { host, pin, now: Date.now() });
    await opening.onHello(checked);
    const { type, fields } = opening.first;
    const handshake = await beginHandshake(checked, opening.deviceKey,
      connectionKey => buildFrame(type, FIRST_NONCE, { ...fields, connectionKey }));
    socket.send(handshake.envelope);
    const { frame, s2c } = await handshake.openFirst(await socket.next(FIRST_REPLY_MS_MAX));
    const reply = answer({ type, nonce: FIRST_NONCE }, parseServerFrame(frame));
    const contexts = { c2s: handshake.c2s, s2c };
    const connection = new Connection(
      socket, contexts, reply.token ?? NO_TOKEN, checked.hello, opening);
    return { connection, reply };
  } catch (error) {
    socket.close();
    throw error;
  }
}

/** The frame, if it answers this request; an error frame is thrown. */
function answer({ type, nonce }, frame) {
  if (frame.nonce !== nonce + 1) throw new FrameError('another nonce');
  if (frame.type === 'error') throw new RequestRefused(frame);
  if (!isReplyTo(type, frame.type)) throw new FrameError('another type of reply');
  return frame;
}

export class Connection {
  #socket;
  #contexts;
  #token;
  #hello;
  #begunAt = performance.now();
  #onPush;
  #onLost;
  #nonce = FIRST_NONCE;
  #pushNonce = -1;
  #pending = new Map();
  #liveness;
  #lost = null;

  constructor(socket, contexts, token, hello, { onPush, onLost }) {
    this.#socket = socket;
    this.#contexts = contexts;
    this.#token = token;
    this.#hello = hello;
    this.#onPush = onPush;
    this.#onLost = onLost;
    this.#liveness = new Liveness(() => this.#say('ping', this.#nextNonce(), {}),
      () => this.#end(new ConnectionLost()));
    this.#receive();
  }

  /** The server's limits, as its hello names them. */
  get limits() {
    return this.#hello.limits;
  }

  /** The server's clock, milliseconds since 1970: that of this machine may be wrong by days. */
  serverTime() {
    return Math.round(this.#hello.time + performance.now() - this.#begunAt);
  }

  /**
   * @returns {Promise<object>} the reply; rejects with RequestRefused, ConnectionLost or TooLarge
   */
  request(type, fields = {}) {
    return new Promise((resolve, reject) => {
      if (this.#lost) throw this.#lost;
      const nonce = this.#nextNonce();
      this.#say(type, nonce, fields);
      this.#pending.set(nonce, { type, nonce, resolve, reject });
      this.#liveness.asked();
    });
  }

  /** Acknowledges the pushes up to the one with `pushNonce`. There is no reply. */
  acknowledge(pushNonce, items, signature) {
    if (!this.#lost) this.#say('ack', pushNonce + 1, { items, signature });
  }

  /** Finds out now whether the connection still lives, as after a sleep. */
  probe() {
    if (!this.#lost) this.#liveness.probe();
  }

  /** Ends the connection; onLost is not called. */
  close() {
    this.#onLost = () => {};
    this.#end(new ConnectionLost());
  }

  #nextNonce() {
    this.#nonce += 2;
    return this.#nonce;
  }

  #say(type, nonce, fields) {
    const frame = buildFrame(type, nonce,
      hasToken(type) ? { ...fields, token: this.#token } : fields);
    if (frame.length + TAG_BYTES > this.limits.envelopeBytesMax) throw new TooLarge();
    // The context seals in the order of the calls, and so the envelopes leave in that order.
    this.#contexts.c2s.seal(frame).then(envelope => this.#socket.send(envelope));
  }

  async #receive() {
    try {
      for (;;) {
        const envelope = await this.#socket.next();
        const frame = await this.#contexts.s2c.open(envelope);
        // This connection was left: what had come by then is nobody's.
        if (this.#lost) return;
        this.#dispatch(parseServerFrame(frame));
      }
    } catch (error) {
      this.#end(error instanceof ConnectionLost ? error : new ConnectionLost(BAD_ENVELOPE));
      if (!(error instanceof ConnectionLost)) reportError(error);
    }
  }

  #dispatch(frame) {
    if (isPush(frame)) this.#push(frame);
    else this.#reply(frame);
    this.#liveness.heard(this.#pending.size > 0);
  }

  #push(frame) {
    if (frame.nonce % 2 !== 0 || frame.nonce <= this.#pushNonce) throw new FrameError('push nonce');
    this.#pushNonce = frame.nonce;
    this.#onPush(frame);
  }

  #reply(frame) {
    if (frame.nonce === UNREAD_NONCE) throw new FrameError('S could not read a frame of ours');
    const request = this.#pending.get(frame.nonce - 1);
    // A pong, and the refusal of an ack, answer no request.
    if (!request) return;
    this.#pending.delete(request.nonce);
    if (frame.type === 'signed-in') this.#token = frame.token;
    try {
      request.resolve(answer(request, frame));
    } catch (error) {
      request.reject(error);
      if (!(error instanceof RequestRefused)) throw error;
    }
  }

  #end(lost) {
    if (this.#lost) return;
    this.#lost = lost;
    this.#liveness.stop();
    this.#socket.close(lost.code === BAD_ENVELOPE ? BAD_ENVELOPE : NORMAL);
    for (const { reject } of this.#pending.values()) reject(lost);
    this.#pending.clear();
    this.#onLost(lost);
  }
}
