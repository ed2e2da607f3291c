/** Making the ciphertext of a file that is to be sent, and a file of a ciphertext. */

import { base64url, concat, randomBytes } from '../crypto/bytes.js';
import { FileOpener, FileSealer, SEALED_CHUNK_BYTES, sealedSize } from '../crypto/file.js';
import {
  CHUNKS_IN_PIECE, FILE_STORES, PIECE_BYTES, addPiece, dropFile, pieceOf, putFile,
} from '../store/files.js';
import { mediaTypeFor, nameFor } from './file-content.js';
import { makePreview } from './preview.js';
import { UserError } from './user-error.js';

const KEY_BYTES = 32;
const NAME_BYTES = 32;

/**
 * Encrypts a file into the store, piece by piece: it is never in memory whole.
 *
 * @param {string} message the id of the row that is still to be made
 * @param {Blob} blob what it holds
 * @param {function({file: Uint8Array, size: number}): Promise<{keptUntil?: number}>} check before
 *   anything is encrypted: until when the server keeps it at least, if it could be asked; rejects
 *   with UserError for what the server would not take
 * @returns {Promise<object>} what the message says of it; rejects with UserError
 */
export async function makeFile(store, message, blob, check) {
  const file = randomBytes(NAME_BYTES);
  // A leading tab of before answers nothing.
  const { keptUntil } = await check({ file, size: sealedSize(blob.size) }) ?? {};
  const preview = await makePreview(blob);
  return {
    ...await encryptFile(store, message, file, blob),
    name: nameFor(blob), mediaType: mediaTypeFor(blob), ...preview && { preview },
    ...keptUntil && { keptUntil },
  };
}

async function encryptFile(store, message, file, blob) {
  const { size } = blob;
  const key = randomBytes(KEY_BYTES);
  const sealer = await FileSealer.begin(key, size);
  try {
    await store.write(FILE_STORES, stores => putFile(stores, {
      message, file: base64url(file), size: sealedSize(size), have: 0, state: 'making',
      at: Date.now(),
    }));
    while (sealer.wanted) {
      const piece = await nextPiece(sealer, blob);
      const row = await store.write(FILE_STORES, stores => addPiece(stores, message, piece));
      // It took so long that the file was given up.
      if (!row) throw new UserError('file-stopped');
    }
  } catch (error) {
    await store.write(FILE_STORES, stores => dropFile(stores, message));
    throw unmade(error);
  }
  return { file, key, digest: sealer.digest(), size };
}

async function nextPiece(sealer, blob) {
  const chunks = [];
  while (sealer.wanted && chunks.length < CHUNKS_IN_PIECE) {
    const { start, end } = sealer.wanted;
    const content = new Uint8Array(await blob.slice(start, end).arrayBuffer());
    chunks.push(await sealer.seal(content));
  }
  return concat(...chunks);
}

/** A file can be gone, or changed, since it was chosen; a browser can be full. */
function unmade(error) {
  if (error.name === 'QuotaExceededError') return new UserError('file-no-room');
  const isUnreadable = ['NotReadableError', 'NotFoundError'].includes(error.name)
    || error instanceof TypeError;
  return isUnreadable ? new UserError('file-unreadable') : error;
}

/**
 * The file whose whole ciphertext is here and was found right.
 *
 * @param {{key: Uint8Array, size: number}} content of its message
 * @returns {Promise<Blob>} without a type
 */
export async function openFile(store, message, { key, size }) {
  const opener = await FileOpener.begin(key, size);
  const parts = [];
  const pieces = Math.ceil(sealedSize(size) / PIECE_BYTES);
  for (let index = 0; index < pieces; index++) {
    const piece = await store.read(FILE_STORES, stores => pieceOf(stores, message, index));
    // Another tab made room meanwhile.
    if (!piece) throw new UserError('file-broken');
    for (let at = 0; at < piece.length; at += SEALED_CHUNK_BYTES) {
      parts.push(await opener.open(piece.subarray(at, at + SEALED_CHUNK_BYTES)));
    }
  }
  return new Blob(parts);
}
