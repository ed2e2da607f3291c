/** All that waits to be sent, read in one transaction. */

import { settle } from '../store/database.js';
import { groupsWithOperations } from '../store/operations.js';
import { filesToSend, recipients } from '../store/outbox.js';

/** The names of the object stores that `filesWaiting` needs. */
export const UPLOADING_STORES = ['files', 'outbox'];
/** As UPLOADING_STORES, of `allWaiting`. */
export const WAITING_STORES = [...UPLOADING_STORES, 'operations'];

/**
 * @returns {Promise<{targets: string[], changing: string[], files: object}>} as of recipients;
 *   groups in which something is to be changed; as of filesWaiting
 */
export async function allWaiting(stores) {
  return {
    targets: await recipients(stores),
    changing: await groupsWithOperations(stores),
    files: await filesWaiting(stores),
  };
}

/** @returns {Promise<{messages: string[], rows: object[]}>} as of filesToSend; rows of all files */
export async function filesWaiting(stores) {
  return {
    messages: await filesToSend(stores),
    rows: await settle(stores.files.getAll()),
  };
}
