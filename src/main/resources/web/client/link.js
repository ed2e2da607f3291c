/**
 * Keeps a signed-in device connected: resumes with its token, reconnects with backoff and jitter,
 * and stops where only a person can decide.
 */

import { Backoff, jitter } from '../protocol/backoff.js';
import { ConnectionLost, RequestRefused, connect } from '../protocol/connection.js';
import { HelloRefused } from '../protocol/hello.js';

const WAKE_JITTER_MS = 300;
const TOO_MANY_PAUSE_MS = 10_000;

const DEVICE_REFUSED = 4401;
const REPLACED = 4409;
const TOO_MANY = 4429;

/** The token is of no use any more. */
export const TOKEN_CODES = ['token-expired', 'token-refused'];
/** Answers to a resume after which only the password helps. */
const PASSWORD_CODES = [...TOKEN_CODES, 'sign-in-failed'];

/** The server knows the user, but not this device. */
export class NotListed extends Error {
  name = 'NotListed';
}

/**
 * @typedef {object} LinkOwner
 * @property {function(): Promise<object>} opening what `connect` needs, but for onPush and onLost
 * @property {function(Connection, object): Promise} onSignedIn gets each new connection and the
 *   signed-in frame, before any push
 * @property {function(Error)} onStuck what a resume brought could not be stored; the link goes on
 *   trying
 * @property {function(object)} onPush
 * @property {function('connected'|'reconnecting'|'offline')} onStatus
 * @property {function('token'|'revoked'|'replaced'|'server-key'|'device-refused', Error)} onStopped it
 *   does not reconnect by itself any more
 * @property {function(Error)} onRefusedHello a hello was refused for another reason than its key;
 *   the link goes on trying
 */

export class Link {
  #owner;
  #backoff = new Backoff();
  #connection = null;
  #attempt = null;
  #timer;
  #running = false;
  /** How often it was stopped: an attempt that was under way then is of no use. */
  #stops = 0;
  /** Until then a pause was demanded, which nobody's haste cuts short. */
  #notBefore = 0;

  /** @param {LinkOwner} owner */
  constructor(owner) {
    this.#owner = owner;
  }

  /** Begins to resume, and goes on until it is stopped. */
  start() {
    this.#running = true;
    this.#backoff.reset();
    this.#resume();
  }

  /** Ends the connection, if there is one. */
  stop() {
    this.#running = false;
    this.#stops++;
    clearTimeout(this.#timer);
    this.#connection?.close();
    this.#connection = null;
  }

  /**
   * Connects once with another first frame than a resume, and stays connected if it succeeds.
   *
   * @param {{type: string, fields: object}} first
   * @returns {Promise<void>} rejects as `connect` does
   */
  async signIn(first) {
    this.stop();
    const stops = this.#stops;
    await this.#attempt;
    const lost = await this.#connect(first);
    if (stops !== this.#stops) throw new ConnectionLost();
    this.#running = true;
    if (lost) this.#failed(lost);
  }

  /** @returns {Promise<object>} as Connection's; rejects with ConnectionLost if there is none */
  request(type, fields) {
    return this.#connection?.request(type, fields) ?? Promise.reject(new ConnectionLost());
  }

  /**
   * The network or the device came back, or somebody looks or writes: finds out where we stand, at
   * once but for a pause that was demanded.
   */
  wake() {
    if (this.#connection) {
      this.#connection.probe();
    } else if (this.#running && !this.#attempt) {
      this.#backoff.reset();
      this.#schedule(jitter(WAKE_JITTER_MS));
    }
  }

  /** Leaves the connection, as when the network is gone, and comes back after a pause. */
  pause(ms = 0) {
    if (!this.#running) return;
    this.#connection?.close();
    this.#connection = null;
    this.#lost(ms);
  }

  #schedule(ms) {
    clearTimeout(this.#timer);
    const demanded = this.#notBefore - performance.now();
    this.#timer = setTimeout(() => this.#resume(), Math.max(ms, demanded));
  }

  async #resume() {
    if (!this.#running || this.#connection || this.#attempt) return;
    this.#attempt = this.#connect(null).catch(error => error);
    const error = await this.#attempt;
    this.#attempt = null;
    if (error) this.#failed(error);
  }

  /** @returns {Promise<Error|null>} why the new connection was lost before all knew of it */
  async #connect(first) {
    const stops = this.#stops;
    const opening = await this.#owner.opening(first);
    const early = [];
    let push = frame => early.push(frame);
    let lost = null;
    let onLost = error => {
      lost = error;
      this.#connection = null;
    };
    const { connection, reply } = await connect({
      ...opening,
      onPush: frame => push(frame),
      onLost: error => onLost(error),
    });
    if (reply.type === 'linking') {
      connection.close();
      throw new NotListed();
    }
    const isWanted = stops === this.#stops;
    if (!isWanted) connection.close();
    // A resume brought nothing that would have to be kept.
    if (!isWanted && first === null) throw new ConnectionLost();
    if (!lost && isWanted) this.#connection = connection;
    // Also if it is lost: the server knows the device from now on, and so must we.
    await this.#keep(connection, reply, first);
    this.#backoff.reset();
    if (this.#connection !== connection) return lost ?? new ConnectionLost();
    onLost = error => this.#onLost(connection, error);
    push = this.#owner.onPush;
    early.forEach(push);
    this.#owner.onStatus('connected');
    return null;
  }

  async #keep(connection, reply, first) {
    try {
      await this.#owner.onSignedIn(connection, reply);
    } catch (error) {
      connection.close();
      if (this.#connection === connection) this.#connection = null;
      if (first === null && this.#running) this.#owner.onStuck(error);
      throw error;
    }
  }

  #onLost(connection, error) {
    if (this.#connection !== connection) return;
    this.#connection = null;
    this.#failed(error);
  }

  #failed(error) {
    if (!this.#running) return;
    const stop = stopReason(error);
    if (stop) {
      this.stop();
      this.#owner.onStatus('offline');
      this.#owner.onStopped(stop, error);
      return;
    }
    if (error instanceof HelloRefused) this.#owner.onRefusedHello(error);
    this.#lost(pauseAfter(error));
  }

  #lost(pauseMs) {
    this.#owner.onStatus(navigator.onLine ? 'reconnecting' : 'offline');
    this.#notBefore = Math.max(this.#notBefore, performance.now() + pauseMs);
    this.#schedule(this.#backoff.next());
  }
}

function stopReason(error) {
  if (error instanceof HelloRefused && error.reason === 'server-key') return 'server-key';
  if (error instanceof RequestRefused && PASSWORD_CODES.includes(error.code)) return 'token';
  if (error instanceof RequestRefused && error.code === 'device-revoked') return 'revoked';
  if (!(error instanceof ConnectionLost)) return null;
  return { [DEVICE_REFUSED]: 'device-refused', [REPLACED]: 'replaced' }[error.code] ?? null;
}

function pauseAfter(error) {
  if (error instanceof RequestRefused) return error.frame.retryAfter ?? 0;
  return error.code === TOO_MANY ? TOO_MANY_PAUSE_MS : 0;
}
