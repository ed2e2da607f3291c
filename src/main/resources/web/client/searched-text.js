/** What the search looks into, of messages. */

import { Refused } from '../crypto/refused.js';
import { changePlace } from '../store/changes.js';
import { messageById } from '../store/conversations.js';
import { settle } from '../store/database.js';
import { plainName } from '../state/file-names.js';
import { sealedIn } from './said.js';

/**
 * The text of each message as it is shown: the newest edit of it; of a file its name, and what is
 * said with it.
 *
 * @param {string[]} ids of rows
 * @returns {Promise<{row: object|undefined, text: string}[]>} the text is empty if nobody wrote one
 *   there, or if it cannot be read
 */
export async function searchedTexts(store, ids) {
  const found = await store.read(['messages'],
    stores => Promise.all(ids.map(id => withEdit(stores, id))));
  return Promise.all(found.map(async ({ row, edit }) =>
    ({ row, text: await searchedText(store, row, edit) })));
}

async function withEdit(stores, id) {
  const row = await messageById(stores, id);
  if (row?.kind !== 'text') return { row };
  const place = changePlace({ kind: 'edit', target: id });
  return { row, edit: await settle(stores.messages.get([row.conversation, place])) };
}

async function searchedText(store, row, edit) {
  try {
    if (row?.kind === 'text') return await sealedIn(store, edit ?? row);
    if (row?.kind !== 'file') return '';
    const { name, text } = await sealedIn(store, row);
    return text ? `${plainName(name)}\n${text}` : plainName(name);
  } catch (error) {
    if (error instanceof Refused) return '';
    throw error;
  }
}
