/**
 * Puts files to the server (docs/protocol.md §7.6): the leading tab alone does it. What was put
 * before a connection ended is not put again. A message whose file is not whole at the server waits
 * in the outbox.
 */

import { base64url, fromBase64url } from '../crypto/bytes.js';
import { ConnectionLost, RequestRefused } from '../protocol/connection.js';
import { CONVERSATION_STORES, messageById } from '../store/conversations.js';
import {
  FILE_STORES, PIECE_BYTES, dropFile, dropSpareFiles, fileIsThere, fileRow, pieceOf,
} from '../store/files.js';
import { outgoingOf } from '../store/outbox.js';
import { sizeName } from '../words/numbers.js';
import { TransferBroken } from './file-server.js';
import { park } from './unsent.js';
import { UploadPauses } from './upload-pauses.js';
import { UserError } from './user-error.js';
import { UPLOADING_STORES, filesWaiting } from './waiting.js';

/** A small file does not wait for a large one. */
const AT_ONCE_MAX = 2;
const STORES = [...CONVERSATION_STORES, ...FILE_STORES, 'outbox'];

/** Refusals after which the message waits for the user, by the reason that is shown. */
const PARKED_AS = {
  'file-too-large': 'file-too-large',
  'files-full': 'files-full',
  'file-refused': 'refused',
  'bad-frame': 'refused',
  'unknown-type': 'no-files',
};

/** Answers after which another ticket is needed: this one is no good, or not for what is there. */
const ASKED_AGAIN = [401, 404, 409];
/** It took too long, or there were too many at once: it can go well another time. */
const TRIED_AGAIN = [408, 429];
/** The pauses of what the server is to erase are one. */
const DROPS = 'drops';

/** What is told before anything is encrypted. */
const REFUSED_AS = {
  'file-too-large': 'file-too-large',
  'files-full': 'files-full',
  'unknown-type': 'no-files',
};

/** The server does not take this file; the message waits for the user. */
class NotTaken extends Error {
  constructor(reason, max) {
    super(reason);
    this.reason = reason;
    this.max = max;
  }
}

export class Uploads {
  #store;
  #news;
  #emit;
  #request;
  #server;
  #onSent;
  /** By message: what ends its upload. */
  #running = new Map();
  #pauses = new UploadPauses();
  #isDropping = false;
  #timer;
  #stopped = false;

  /**
   * @param {function(string, object): Promise<object>} request of the connection there is
   * @param {FileServer} server
   * @param {function()} onSent a message may go out now
   */
  constructor({ store, news, emit }, request, server, onSent) {
    this.#store = store;
    this.#news = news;
    this.#emit = emit;
    this.#request = request;
    this.#server = server;
    this.#onSent = onSent;
  }

  /**
   * Puts what waits, and has the server erase what is not to be there any more.
   *
   * @param {object} [waiting] as of filesWaiting, read just now: nothing may come between, else
   *   what is through is begun again
   */
  async kick(waiting) {
    if (this.#stopped) return;
    const { messages, rows } = waiting ?? await this.#store.read(UPLOADING_STORES, filesWaiting);
    this.#stopCancelled(rows);
    this.#dropAll(rows.filter(({ state }) => state === 'dropping'));
    this.#pauses.keepOnly([...messages, DROPS]);
    for (const message of messages) {
      const mayStart = !this.#stopped && this.#running.size < AT_ONCE_MAX;
      const rests = this.#running.has(message) || this.#pauses.waits(message);
      if (mayStart && !rests) this.#start(message);
    }
    this.#kickLater();
  }

  /** What failed before may go well now; whoever says so also kicks. */
  setConnected(isConnected) {
    if (isConnected) this.#pauses.end();
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const abort of this.#running.values()) abort.abort();
  }

  /** The commands that other tabs may give, by name. */
  get commands() {
    return { checkFile: asked => this.#check(asked) };
  }

  /** Whether the server takes a file, and until when it keeps it; offline neither is known. */
  async #check(asked) {
    try {
      const { keptUntil } = await this.#request('file-ask', asked);
      return { keptUntil };
    } catch (error) {
      if (REFUSED_AS[error.code]) throw new UserError(REFUSED_AS[error.code], maxOf(error));
      const isLater = error instanceof ConnectionLost || error instanceof RequestRefused;
      if (!isLater) throw error;
      return {};
    }
  }

  #stopCancelled(rows) {
    const goesOn = new Set(rows.filter(({ state }) => state === 'waiting')
      .map(({ message }) => message));
    for (const [message, abort] of this.#running) if (!goesOn.has(message)) abort.abort();
  }

  async #start(message) {
    const abort = new AbortController();
    this.#running.set(message, abort);
    let goesOn = true;
    try {
      await this.#put(message, abort.signal);
      this.#pauses.forget(message);
    } catch (error) {
      goesOn = this.#failed(message, error);
    } finally {
      this.#running.delete(message);
    }
    if (goesOn) await this.kick();
  }

  /** @returns {boolean} whether others may go on; if not, the next connection does it */
  #failed(key, error) {
    if (error instanceof ConnectionLost) return false;
    // Somebody cancelled it.
    if (error.name === 'AbortError') this.#pauses.forget(key);
    else if (error instanceof TransferBroken) this.#pauses.failed(key, error.retryAfter);
    else if (error instanceof RequestRefused) this.#pauses.failed(key, error.frame.retryAfter ?? 0);
    else throw error;
    return true;
  }

  #kickLater() {
    clearTimeout(this.#timer);
    const pause = this.#pauses.next;
    if (!this.#stopped && pause !== null) this.#timer = setTimeout(() => this.kick(), pause);
  }

  async #dropAll(rows) {
    if (this.#isDropping || this.#pauses.waits(DROPS)) return;
    this.#isDropping = true;
    try {
      for (const row of rows) await this.#drop(row);
      this.#pauses.forget(DROPS);
    } catch (error) {
      this.#failed(DROPS, error);
      this.#kickLater();
    } finally {
      this.#isDropping = false;
    }
  }

  async #drop({ message, file }) {
    try {
      await this.#request('file-drop', { file: fromBase64url(file) });
    } catch (error) {
      // A server that knows no files has nothing to erase.
      if (error.code !== 'unknown-type') throw error;
    }
    await this.#store.write(FILE_STORES, stores => dropFile(stores, message));
  }

  async #put(message, signal) {
    try {
      const row = await this.#store.read(FILE_STORES, stores => fileRow(stores, message));
      if (row?.state !== 'waiting') throw new NotTaken('file-lost');
      await this.#putWhole(row, signal);
      await this.#whole(message);
    } catch (error) {
      if (!(error instanceof NotTaken)) throw error;
      await this.#park(message, error);
    }
  }

  /** A ticket can end before a large file is through: then there is a new one. */
  async #putWhole(row, signal) {
    let before = -1;
    for (;;) {
      const { ticket, offset } = await this.#ticketFor(row);
      this.#tell(row, offset);
      if (await this.#putFrom(row, { ticket: base64url(ticket), offset, signal })) return;
      // A server that takes no ticket is not asked for them without an end.
      if (offset <= before) throw new TransferBroken('no ticket is taken');
      before = offset;
    }
  }

  async #ticketFor({ file, size }) {
    try {
      return await this.#request('file-ask', { file: fromBase64url(file), size });
    } catch (error) {
      const reason = error instanceof RequestRefused && PARKED_AS[error.code];
      throw reason ? new NotTaken(reason, error.frame.max) : error;
    }
  }

  /** @returns {Promise<boolean>} false if the ticket is no good any more */
  async #putFrom(row, { ticket, offset, signal }) {
    let at = offset;
    while (at < row.size) {
      const bytes = await this.#bytesAt(row, at);
      signal.throwIfAborted();
      const answer = await this.#server.put(row.file, { ticket, offset: at, bytes, signal });
      if (ASKED_AGAIN.includes(answer.status)) return false;
      if (isFinal(answer.status)) throw new NotTaken('refused');
      const isTaken = answer.status === 204 && answer.offset > at && answer.offset <= row.size;
      if (!isTaken) throw new TransferBroken(`answered with ${answer.status}`, answer.retryAfter);
      at = answer.offset;
      this.#pauses.forget(row.message);
      this.#tell(row, at);
    }
    return true;
  }

  async #bytesAt({ message }, at) {
    const index = Math.floor(at / PIECE_BYTES);
    const piece = await this.#store.read(FILE_STORES, stores => pieceOf(stores, message, index));
    if (!piece) throw new NotTaken('file-lost');
    return piece.subarray(at - index * PIECE_BYTES);
  }

  #tell({ message: id, size: total }, done) {
    this.#emit({ type: 'file-progress', id, done, total });
  }

  async #whole(message) {
    const row = await this.#store.write(STORES, async stores => {
      const outgoing = await outgoingOf(stores, message);
      if (!outgoing) return undefined;
      const { upload, ...ready } = outgoing;
      stores.outbox.put(ready);
      await fileIsThere(stores, message, Date.now());
      await dropSpareFiles(stores, message, Date.now());
      return messageById(stores, message);
    });
    if (!row) return;
    await this.#news.show(row.conversation, [row]);
    this.#onSent();
  }

  async #park(message, { reason, max }) {
    const row = await this.#store.write(STORES, async stores => {
      const outgoing = await outgoingOf(stores, message);
      if (!outgoing) return undefined;
      const parked = await park(stores, outgoing, reason);
      if (!parked) return undefined;
      const unsent = { ...parked, ...max >= 0 && { max } };
      stores.messages.put(unsent);
      return unsent;
    });
    if (row) await this.#news.show(row.conversation, [row]);
  }
}

function maxOf({ frame: { max } }) {
  return { max: max >= 0 && sizeName(max) };
}

/** The same bytes would be refused another time, too. */
function isFinal(status) {
  return status >= 400 && status < 500 && !TRIED_AGAIN.includes(status);
}
