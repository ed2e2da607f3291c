/**
 * Loads files that messages name (docs/protocol.md §7.6). Nothing of a file is given out before the
 * digest of all of it was found right; what came before a connection ended is not loaded again.
 */

import { base64url, concat } from '../crypto/bytes.js';
import { FileCheck, sealedSize } from '../crypto/file.js';
import { Refused } from '../crypto/refused.js';
import { messageById } from '../store/conversations.js';
import {
  FILE_STORES, PIECE_BYTES, addPiece, dropFile, dropSpareFiles, fileCame, fileRow, isWhole,
  pieceOf, putFile, touchFile,
} from '../store/files.js';
import { openFile } from './file-making.js';
import { TransferBroken } from './file-server.js';
import { imageIn } from './preview.js';
import { sealedIn } from './said.js';
import { UserError } from './user-error.js';

const NO_IMAGE = 'application/octet-stream';

export class Downloads {
  #store;
  #news;
  #emit;
  #server;
  /** By message: {promise, abort}. */
  #running = new Map();

  /** @param {FileServer} server */
  constructor({ store, news, emit }, server) {
    this.#store = store;
    this.#news = news;
    this.#emit = emit;
    this.#server = server;
  }

  /**
   * @param {string} id of the message
   * @returns {Promise<Blob>} of the type of an image that may be shown, or of none; rejects with
   *   UserError
   */
  load(id) {
    if (!this.#running.has(id)) {
      const abort = new AbortController();
      const promise = this.#load(id, abort.signal)
        .catch(error => this.#failed(id, error))
        .finally(() => this.#running.delete(id));
      this.#running.set(id, { promise, abort });
    }
    return this.#running.get(id).promise;
  }

  cancel(id) {
    this.#running.get(id)?.abort.abort();
  }

  stop() {
    for (const { abort } of this.#running.values()) abort.abort();
  }

  async #load(id, signal) {
    const row = await this.#store.read(['messages'], stores => messageById(stores, id));
    if (row?.kind !== 'file') throw new UserError('no-such-message');
    const content = await sealedIn(this.#store, row);
    // Two tabs do not load one file at once: the second finds it here.
    const lock = `sotto-file-${this.#store.user}-${id}`;
    return navigator.locks.request(lock, { signal }, async () => {
      if (await this.#isHere(id)) {
        await this.#touch(id);
      } else {
        await this.#fetch(id, content, signal);
        await this.#news.show(row.conversation, [row]);
      }
      const blob = await openFile(this.#store, id, content);
      const kind = await imageIn(blob);
      return blob.slice(0, blob.size, kind?.type ?? NO_IMAGE);
    });
  }

  #failed(id, error) {
    const failure = told(error);
    const { text = null, code } = failure;
    this.#emit({ type: 'file-failed', id, code, text: code === 'file-stopped' ? null : text });
    throw failure;
  }

  async #isHere(id) {
    const row = await this.#store.read(FILE_STORES, stores => fileRow(stores, id));
    return isWhole(row);
  }

  async #touch(id) {
    need(await this.#store.write(FILE_STORES, stores => touchFile(stores, id, Date.now())));
  }

  async #fetch(id, content, signal) {
    let before = -1;
    for (;;) {
      const have = await this.#begun(id, content);
      try {
        await this.#fetchFrom(id, content, signal);
        return;
      } catch (error) {
        // It goes on by itself as long as it gets on.
        const getsOn = error instanceof TransferBroken && have > before;
        if (error instanceof Refused) await this.#forget(id);
        if (!getsOn) throw error;
        before = have;
      }
    }
  }

  /** @returns {Promise<number>} how many bytes are here */
  #begun(id, { file, size }) {
    return this.#store.write(FILE_STORES, async stores => {
      const row = await fileRow(stores, id) ?? {
        message: id, file: base64url(file), size: sealedSize(size), have: 0, state: 'coming',
      };
      need(row.state === 'coming');
      putFile(stores, { ...row, at: Date.now() });
      return row.have;
    });
  }

  async #fetchFrom(id, content, signal) {
    const check = await this.#checkedSoFar(id, content);
    if (!check.isWhole) await this.#takeRest(id, content, check, signal);
    check.end(content.digest);
    await this.#store.write(FILE_STORES, async stores => {
      need(await fileCame(stores, id, Date.now()));
      await dropSpareFiles(stores, id, Date.now());
    });
  }

  async #takeRest(id, { file, size }, check, signal) {
    const total = sealedSize(size);
    let have = await this.#have(id);
    this.#tell(id, have, total);
    const { status, parts } = await this.#server.get(base64url(file), { offset: have, signal });
    this.#checkStatus(status, have);
    let held = [];
    let length = 0;
    for await (const part of parts) {
      check.take(part);
      held.push(part);
      length += part.length;
      if (length < PIECE_BYTES && !check.isWhole) continue;
      const bytes = concat(...held);
      const whole = check.isWhole ? bytes.length : bytes.length - bytes.length % PIECE_BYTES;
      await this.#keep(id, bytes.subarray(0, whole));
      held = [bytes.slice(whole)];
      length = bytes.length - whole;
      have += whole;
      this.#tell(id, have, total);
    }
    if (!check.isWhole) throw new TransferBroken('it ended early');
  }

  #checkStatus(status, have) {
    if (status === 404) throw new UserError('file-gone');
    // A server that has less than was here, or begins anew: so does this browser.
    if (status === 416 || (status === 200 && have > 0)) throw new Refused('size', 'another range');
    if (status !== (have > 0 ? 206 : 200)) throw new TransferBroken(`answered with ${status}`);
  }

  /** What came before is looked at once more: the digest is that of the whole. */
  async #checkedSoFar(id, { size }) {
    const check = new FileCheck(size);
    const have = await this.#have(id);
    for (let index = 0; index * PIECE_BYTES < have; index++) {
      const piece = await this.#store.read(FILE_STORES, stores => pieceOf(stores, id, index));
      if (!piece) await this.#forget(id);
      check.take(need(piece));
    }
    return check;
  }

  async #have(id) {
    const row = await this.#store.read(FILE_STORES, stores => fileRow(stores, id));
    need(row?.state === 'coming');
    return row.have;
  }

  async #keep(id, bytes) {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      const piece = bytes.slice(at, at + PIECE_BYTES);
      need(await this.#store.write(FILE_STORES, stores => addPiece(stores, id, piece)));
    }
  }

  #forget(id) {
    return this.#store.write(FILE_STORES, stores => dropFile(stores, id));
  }

  #tell(id, done, total) {
    this.#emit({ type: 'file-progress', id, done, total });
  }
}

/** What is not there any more went with its message, or made room, while it was loaded. */
function need(found) {
  if (!found) throw new UserError('file-stopped');
  return found;
}

function told(error) {
  if (error.name === 'AbortError') return new UserError('file-stopped');
  if (error.name === 'QuotaExceededError') return new UserError('file-no-room');
  if (error instanceof TransferBroken) return new UserError('file-broken');
  if (error instanceof Refused) return new UserError('file-wrong');
  return error;
}
