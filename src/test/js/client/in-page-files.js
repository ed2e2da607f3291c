/** Files on the server in the page (docs/protocol.md §7.6). Tests bend it. */

import { base64url, concat, randomBytes } from '/crypto/bytes.js';
import { Failure } from './failure.js';

const { fetch: fetchOutside } = globalThis;

export class InPageFiles {
  /** By name: {user, size, bytes, ticket}. */
  held = new Map();
  max = 100 * 1024 * 1024;
  keptUntil = Date.now() + 30 * 24 * 3_600_000;
  quota = Infinity;
  /** Every request over HTTP: {method, file, offset}. */
  seen = [];
  /** Tests replace it: what is answered instead, or how many bytes of the body arrive. */
  onTransfer = async () => null;
  #server;

  constructor(server, host) {
    this.#server = server;
    const origin = `https://${host}/files/`;
    globalThis.fetch = (url, options) => String(url).startsWith(origin)
      ? this.#answer(String(url).slice(origin.length), options) : fetchOutside(url, options);
  }

  ask({ file, size }, { account: { user } }) {
    if (size > this.max) throw new Failure('file-too-large', { max: this.max });
    const held = this.held.get(file) ?? { user, size, bytes: new Uint8Array(0) };
    if (held.user !== user || held.size !== size) throw new Failure('file-refused');
    const all = [...this.held.values()].reduce((sum, one) => sum + one.size, 0);
    if (!this.held.has(file) && all + size > this.quota) throw new Failure('files-full');
    held.ticket = base64url(randomBytes(32));
    this.held.set(file, held);
    const later = Date.now() + 600_000;
    return {
      type: 'file-ticket', ticket: held.ticket, offset: held.bytes.length, expiresAt: later,
      keptUntil: this.keptUntil,
    };
  }

  drop({ file }, { account: { user } }) {
    if (this.held.get(file)?.user === user) this.held.delete(file);
    return { type: 'done' };
  }

  async #answer(file, { method = 'GET', headers, body, signal }) {
    const offset = Number(headers['Upload-Offset'] ?? /\d+/.exec(headers.Range ?? '')?.[0] ?? 0);
    this.seen.push({ method, file, offset });
    const bent = await this.onTransfer({ method, file, offset, body });
    signal?.throwIfAborted();
    if (this.#server.isDown) throw new TypeError('no network');
    if (bent instanceof Response) return bent;
    return method === 'PUT' ? this.#put(file, headers, offset, body, bent)
      : this.#get(file, offset, bent);
  }

  #put(file, headers, offset, body, bent) {
    const held = this.held.get(file);
    if (!held || held.ticket !== headers['Sotto-Ticket']) return new Response(null, { status: 401 });
    const told = () => ({ 'Upload-Offset': String(held.bytes.length) });
    if (offset !== held.bytes.length) return new Response(null, { status: 409, headers: told() });
    if (offset + body.length > held.size) return new Response(null, { status: 413 });
    held.bytes = concat(held.bytes, body.subarray(0, bent ?? body.length));
    if (bent !== null) throw new TypeError('broke off');
    return new Response(null, { status: 204, headers: told() });
  }

  #get(file, offset, bent) {
    const held = this.held.get(file);
    if (!held || held.bytes.length < held.size) return new Response(null, { status: 404 });
    if (offset >= held.size) return new Response(null, { status: 416 });
    const rest = held.bytes.subarray(offset);
    const sent = rest.slice(0, bent ?? rest.length);
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(sent);
        if (sent.length === rest.length) controller.close();
        // What was enqueued is still read.
        else setTimeout(() => controller.error(new TypeError('broke off')));
      },
    });
    return new Response(stream, { status: offset > 0 ? 206 : 200 });
  }

  /** The only file that is held. */
  get only() {
    const [[name, held], ...others] = this.held;
    if (others.length > 0) throw new Error('several files are held');
    return { name, ...held };
  }
}

