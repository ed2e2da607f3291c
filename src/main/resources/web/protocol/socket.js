/** A WebSocket whose messages are read one by one. */

const NO_STATUS = 1005;
const ABNORMAL = 1006;

/** The connection is gone; what was asked and not answered has an unknown outcome. */
export class ConnectionLost extends Error {
  name = 'ConnectionLost';

  /** @param {number} [code] the close code of §2.5, if there was one */
  constructor(code) {
    super(`connection lost (${code ?? 'no code'})`);
    this.code = code;
  }
}

export class Socket {
  #webSocket;
  #messages = [];
  #waiting = null;
  #lost = null;

  constructor(url, subprotocol) {
    this.#webSocket = new WebSocket(url, subprotocol);
    this.#webSocket.binaryType = 'arraybuffer';
    this.#webSocket.onmessage = ({ data }) => this.#take(data);
    this.#webSocket.onclose = ({ code }) =>
      this.#end(new ConnectionLost(code === NO_STATUS || code === ABNORMAL ? undefined : code));
  }

  /**
   * @param {number} [timeoutMs] for ever if it is absent
   * @returns {Promise<Uint8Array>} the next message; rejects with ConnectionLost
   */
  next(timeoutMs) {
    if (this.#messages.length > 0) return Promise.resolve(this.#messages.shift());
    if (this.#lost) return Promise.reject(this.#lost);
    return new Promise((resolve, reject) => {
      const timer = timeoutMs && setTimeout(() => this.close(), timeoutMs);
      this.#waiting = {
        resolve: message => { clearTimeout(timer); resolve(message); },
        reject: error => { clearTimeout(timer); reject(error); },
      };
    });
  }

  /** To a socket that already closes nothing is sent: whoever waits for a reply learns it there. */
  send(bytes) {
    if (!this.#lost && this.#webSocket.readyState === WebSocket.OPEN) this.#webSocket.send(bytes);
  }

  /** Ends it at once, also when the other side is gone and never answers the closing. */
  close(code = 1000) {
    this.#end(new ConnectionLost());
    this.#webSocket.close(code);
  }

  #take(data) {
    // A text message is no envelope: as bytes that do not open it ends the connection.
    const message = typeof data === 'string' ? new Uint8Array(0) : new Uint8Array(data);
    if (this.#waiting) {
      const { resolve } = this.#waiting;
      this.#waiting = null;
      resolve(message);
    } else if (!this.#lost) {
      this.#messages.push(message);
    }
  }

  #end(lost) {
    if (this.#lost) return;
    this.#lost = lost;
    this.#waiting?.reject(lost);
    this.#waiting = null;
  }
}
