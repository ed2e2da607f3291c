/**
 * What is to be changed in a group, and not yet settled: each row stays until the group's log
 * shows it or the server refuses it, also over a reload.
 *
 * Row: {seq, id, group, type, sealed, tries, attempt?}. `sealed` is what the user asked for.
 * `attempt` is what goes to the server, the same bytes each time: {messageId, content, info?,
 * pieces?, sealedFresh?}; the message id in base64url, the secret of a commit sealed.
 */

import { settle } from './database.js';

/** Inside a transaction. */
export function addOperation({ operations }, row) {
  operations.add(row);
}

/** Inside a transaction: those of a group, oldest first. @returns {Promise<object[]>} */
export function operationsOf({ operations }, group) {
  return settle(operations.index('byGroup').getAll(group));
}

/** Inside a transaction. @returns {Promise<string[]>} groups in which something is to be changed */
export async function groupsWithOperations({ operations }) {
  const rows = await settle(operations.getAll());
  return [...new Set(rows.map(({ group }) => group))];
}

/** The operation whose attempt has this message id. */
export function attemptWith(rows, messageId) {
  return rows.find(({ attempt }) => attempt?.messageId === messageId);
}

/** The row without what was to go to the server: it is made anew. */
export function unattempted({ attempt, ...row }) {
  return { ...row, tries: row.tries + 1 };
}

/** Where what an operation asks for, and its secret, are sealed. */
export function operationPlace(id, part) {
  return ['operation', id, part];
}
