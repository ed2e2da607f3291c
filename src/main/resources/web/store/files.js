/**
 * Ciphertexts of files that this browser holds, inside a caller's transaction (docs/protocol.md
 * §7.6). Keys and names are in the messages, sealed; what lies here is what the server has too.
 *
 * Row: {message, file, size, have, state, at}: `message` is the id of the message's row, `file` the
 * name at the server, `size` the bytes of the ciphertext, `have` how many of them are here, from the
 * beginning, `at` when it was last used. `state` is `making` while it is encrypted, `waiting` until
 * the server has all of it, `coming` while it is loaded, `here`, or `dropping` until the server has
 * erased it: then nothing of it is here. Pieces are of PIECE_BYTES, the last one shorter, under
 * [message, number].
 */

import { SEALED_CHUNK_BYTES } from '../crypto/file.js';
import { settle } from './database.js';

/** The names of the object stores that these functions need. */
export const FILE_STORES = ['files', 'filePieces'];

/** Some chunks lie together: a transaction and a request for each alone would cost too much. */
export const CHUNKS_IN_PIECE = 8;
export const PIECE_BYTES = CHUNKS_IN_PIECE * SEALED_CHUNK_BYTES;

/** What is only kept so that it need not be loaded again has so much room. */
export const KEPT_BYTES_MAX = 512 * 1024 * 1024;

const MAKING_MS_MAX = 60 * 60 * 1000;
const SPARE = ['here', 'coming'];
const WHOLE = ['here', 'waiting'];
const GROWING = ['making', 'coming'];

/** @returns {Promise<object|undefined>} */
export function fileRow({ files }, message) {
  return settle(files.get(message));
}

export function putFile({ files }, row) {
  files.put(row);
}

/** Whether all of a file is here. @param {object} [row] */
export function isWhole(row) {
  return WHOLE.includes(row?.state);
}

/** Of these messages, those whose file is here. @returns {Promise<Set<string>>} */
export async function wholeFiles(stores, messages) {
  const rows = await Promise.all(messages.map(message => fileRow(stores, message)));
  return new Set(rows.filter(isWhole).map(({ message }) => message));
}

/** Adds what comes next. @returns {Promise<object|null>} the row; null if the file was dropped */
export async function addPiece(stores, message, bytes) {
  const row = await fileRow(stores, message);
  if (!GROWING.includes(row?.state) || row.have % PIECE_BYTES !== 0) return null;
  stores.filePieces.put(bytes, [message, row.have / PIECE_BYTES]);
  const grown = { ...row, have: row.have + bytes.length };
  stores.files.put(grown);
  return grown;
}

/** @returns {Promise<Uint8Array|undefined>} */
export function pieceOf({ filePieces }, message, index) {
  return settle(filePieces.get([message, index]));
}

/** Nothing of the file is here any more. */
export function dropFile({ files, filePieces }, message) {
  files.delete(message);
  filePieces.delete(IDBKeyRange.bound([message], [message, []]));
}

/** A file that was made is to go to the server. @returns {Promise<boolean>} false if it is gone */
export function fileWaits(stores, message) {
  return changeFile(stores, message, 'making', { state: 'waiting' });
}

/** The server has all of it. @returns {Promise<boolean>} false if it is gone */
export function fileIsThere(stores, message, at) {
  return changeFile(stores, message, 'waiting', { state: 'here', at });
}

/** All of a file has come. @returns {Promise<boolean>} false if it was dropped meanwhile */
export function fileCame(stores, message, at) {
  return changeFile(stores, message, 'coming', { state: 'here', at });
}

/** What was used lately stays longest. @returns {Promise<boolean>} false if it is gone */
export async function touchFile(stores, message, at) {
  const { state } = await fileRow(stores, message) ?? {};
  return WHOLE.includes(state) && changeFile(stores, message, state, { at });
}

async function changeFile(stores, message, state, change) {
  const row = await fileRow(stores, message);
  if (row?.state !== state) return false;
  putFile(stores, { ...row, ...change });
  return true;
}

/**
 * As `dropFile`, of a file of the user; the server is to erase it too.
 *
 * @param {string} [known] its name at the server, which may not be known here any more
 */
export async function dropOwnFile(stores, message, at, known) {
  const { file = known } = await fileRow(stores, message) ?? {};
  dropFile(stores, message);
  if (!file) return;
  stores.files.put({ message, file, size: 0, have: 0, state: 'dropping', at });
}

/**
 * Makes room: of what could be loaded again, the oldest go first; what was given up while it was
 * made goes in any case.
 *
 * @param {string|null} kept the message whose file stays
 * @returns {Promise<string[]>} messages whose files went
 */
export async function dropSpareFiles(stores, kept, now, bytesMax = KEPT_BYTES_MAX) {
  const rows = (await settle(stores.files.getAll())).sort((left, right) => left.at - right.at);
  const spare = rows.filter(({ state }) => SPARE.includes(state));
  let bytes = spare.reduce((sum, { have }) => sum + have, 0);
  const gone = rows.filter(({ state, at }) => state === 'making' && at < now - MAKING_MS_MAX);
  for (const row of spare) {
    if (bytes <= bytesMax) break;
    if (row.message === kept) continue;
    bytes -= row.have;
    gone.push(row);
  }
  for (const { message } of gone) dropFile(stores, message);
  return gone.map(({ message }) => message);
}
