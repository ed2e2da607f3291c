/**
 * How the user stands with people (docs/protocol.md §7.8), inside a caller's transaction.
 *
 * Row: {user, standing: 'accepted'|'asked'|'blocked', isChanged?}; whoever has none is accepted.
 * `isChanged` says that the user decided it here, and that the other devices may not know yet.
 */

import { CHANGE_STORES } from './changes.js';
import { AWAITS_ACCEPTANCE, NOT_ARCHIVED, settle } from './database.js';
import { dropFile } from './files.js';
import { noteText } from './search.js';

/** The names of the object stores that all of these functions need. */
export const STANDING_STORES = [...CHANGE_STORES, 'standings', 'lost'];

/** @returns {Promise<'accepted'|'asked'|'blocked'>} */
export async function standingOf({ standings }, user) {
  return (await settle(standings.get(user)))?.standing ?? 'accepted';
}

/** What the user has decided on this device. */
export function decide({ standings }, user, standing) {
  standings.put({ user, standing, isChanged: true });
}

/** @returns {Promise<Map<string, object>>} rows by user */
export async function allStandings({ standings }) {
  const rows = await settle(standings.getAll());
  return new Map(rows.map(row => [row.user, row]));
}

/** @returns {Promise<string[]>} */
export async function blockedUsers(stores) {
  const rows = [...(await allStandings(stores)).values()];
  return rows.filter(({ standing }) => standing === 'blocked').map(({ user }) => user);
}

/** What was kept apart is now as any other message. */
export async function letIn({ messages }, conversation) {
  const apart = await settle(messages.index('byArchive').getAll(AWAITS_ACCEPTANCE));
  for (const row of apart.filter(one => one.conversation === conversation)) {
    messages.put({ ...row, archive: NOT_ARCHIVED });
  }
}

/**
 * Everything that somebody sent goes, and what they would have been answered.
 *
 * @returns {Promise<string[]>} ids of the messages
 */
export async function eraseRequest(stores, conversation) {
  const { user } = await settle(stores.conversations.get(conversation));
  const whole = IDBKeyRange.bound([conversation], [conversation, []]);
  const rows = await settle(stores.messages.getAll(whole));
  for (const row of rows) {
    stores.messages.delete([conversation, row.ordinal]);
    stores.lost.delete(row.id);
    if (row.kind === 'file') dropFile(stores, row.id);
    await noteText(stores, row);
  }
  const owed = await settle(stores.outbox.index('byTo').getAllKeys(user));
  for (const key of owed) stores.outbox.delete(key);
  stores.conversations.delete(conversation);
  return rows.map(({ id }) => id);
}

/**
 * Takes over how another device of the user stands with somebody, unless it was decided here.
 *
 * @returns {Promise<{isNew: boolean, erased: string[]|null}>} whether it is another standing now;
 *   ids of the messages that went with it
 */
export async function joinStanding(stores, { user, conversation, standing }) {
  const known = await settle(stores.standings.get(user));
  const before = known?.standing ?? 'accepted';
  // What was decided here is known to the others as soon as they say the same.
  if (known?.isChanged && before === standing) stores.standings.put({ user, standing });
  if (known?.isChanged || before === standing) return { isNew: false, erased: null };
  stores.standings.put({ user, standing });
  if (standing === 'accepted') await letIn(stores, conversation);
  const isDeclined = before === 'asked' && standing === 'blocked'
    && await settle(stores.conversations.getKey(conversation)) !== undefined;
  return { isNew: true, erased: isDeclined ? await eraseRequest(stores, conversation) : null };
}

/** These standings were put: what was decided meanwhile is still to be put. */
export async function putStandings(stores, contacts) {
  const put = new Map(contacts.map(({ user, standing = 'accepted' }) => [user, standing]));
  for (const [user, { standing, isChanged }] of await allStandings(stores)) {
    if (isChanged && put.get(user) === standing) stores.standings.put({ user, standing });
  }
}
