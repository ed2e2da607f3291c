/**
 * Files at the server, over HTTP (docs/protocol.md §7.6). Whoever has a file's name can load it, and
 * whoever has its ticket can put it there: neither needs the connection.
 */

const SECOND_MS = 1000;
const HOUR_MS = 3600 * SECOND_MS;

/** The server cannot be reached, broke off, or has no time or room now. */
export class TransferBroken extends Error {
  name = 'TransferBroken';

  /** @param {number} [retryAfter] milliseconds, if the server says so */
  constructor(message, retryAfter = 0) {
    super(message);
    this.retryAfter = retryAfter;
  }
}

export class FileServer {
  #url;

  /** @param {string} origin of the server */
  constructor(origin) {
    this.#url = file => `${origin}/files/${file}`;
  }

  /**
   * @param {string} file its name
   * @param {{ticket: string, offset: number, bytes: Uint8Array, signal: AbortSignal}} part
   * @returns {Promise<{status: number, offset: number|null, retryAfter: number}>} how much the
   *   server has now, if it says so; rejects with TransferBroken
   */
  async put(file, { ticket, offset, bytes, signal }) {
    const response = await this.#fetch(file, {
      method: 'PUT', body: bytes, signal,
      headers: { 'Sotto-Ticket': ticket, 'Upload-Offset': String(offset) },
    });
    const told = response.headers.get('Upload-Offset');
    return {
      status: response.status,
      offset: told === null ? null : Number(told),
      retryAfter: millisecondsOf(response.headers.get('Retry-After')),
    };
  }

  /**
   * @returns {Promise<{status: number, parts: AsyncIterable<Uint8Array>}>} what follows the first
   *   `offset` bytes; both reject with TransferBroken
   */
  async get(file, { offset, signal }) {
    const headers = offset > 0 ? { Range: `bytes=${offset}-` } : {};
    const response = await this.#fetch(file, { headers, signal });
    return { status: response.status, parts: partsOf(response.body) };
  }

  async #fetch(file, options) {
    try {
      return await fetch(this.#url(file), { ...options, credentials: 'omit', cache: 'no-store' });
    } catch (error) {
      throw broken(error);
    }
  }
}

/** @param {string|null} seconds as a server, or whatever is before it, says; it may be a date */
export function millisecondsOf(seconds) {
  return /^\d+$/.test(seconds ?? '') ? Math.min(Number(seconds) * SECOND_MS, HOUR_MS) : 0;
}

async function* partsOf(body) {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(error => { throw broken(error); });
      if (done) return;
      yield value;
    }
  } finally {
    // Whoever stops taking parts ends the transfer.
    reader.cancel().catch(() => {});
  }
}

function broken(error) {
  return error.name === 'AbortError' ? error : new TransferBroken(error.message);
}
