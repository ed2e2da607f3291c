/**
 * Files at the server, over HTTP (docs/protocol.md §7.6). Whoever has a file's name can load it, and
 * whoever has its ticket can put it there: neither needs the connection.
 */

/** The server cannot be reached, or broke off. */
export class TransferBroken extends Error {
  name = 'TransferBroken';
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
   * @returns {Promise<{status: number, offset: number|null}>} how much the server has now, if it
   *   says so; rejects with TransferBroken
   */
  async put(file, { ticket, offset, bytes, signal }) {
    const response = await this.#fetch(file, {
      method: 'PUT', body: bytes, signal,
      headers: { 'Sotto-Ticket': ticket, 'Upload-Offset': String(offset) },
    });
    const told = response.headers.get('Upload-Offset');
    return { status: response.status, offset: told === null ? null : Number(told) };
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
