/**
 * Sessions at rest (docs/protocol.md §7.3): one row for each device of a peer, sealed, with a
 * version. Whoever writes names the version that was read, so that two tabs never both move a
 * ratchet: the second to write meets a Conflict and begins again.
 */

import { base64url, equal } from '../crypto/bytes.js';
import { sendingSession } from '../crypto/session-message.js';
import { Conflict, settle } from './database.js';

const SESSIONS_MAX = 5;
const REPLACED_MS_MAX = 30 * 24 * 60 * 60 * 1000;

/**
 * @typedef {object} DeviceSessions
 * @property {string} user
 * @property {string} device
 * @property {number} version 0 if there is no row yet
 * @property {boolean} stale the peer is ahead of what is kept here: send on none of these sessions
 * @property {Session[]} sessions oldest first
 * @property {Object<string, number>} replacedAt milliseconds since 1970 by session id
 */

/** @param {object|undefined} row as it lies there @returns {Promise<DeviceSessions>} */
export async function openSessions(store, user, device, row) {
  if (!row) return { user, device, version: 0, stale: false, sessions: [], replacedAt: {} };
  const content = await store.sealing.openWithKeys(place(user, device), row);
  return { user, device, version: row.version, stale: row.stale, ...content };
}

/** The row that follows what was loaded. Sealing is no work for a transaction. */
export async function sealSessions(store, { user, device, version, stale, sessions, replacedAt }) {
  const sealed = await store.sealing.sealWithKeys(place(user, device), { sessions, replacedAt });
  return { user, device, version: version + 1, stale, ...sealed };
}

/** Inside a transaction. */
export async function putSessions({ sessions }, row) {
  const stored = await settle(sessions.get([row.user, row.device]));
  if ((stored?.version ?? 0) !== row.version - 1) throw new Conflict('sessions moved');
  sessions.put(row);
}

/** The keys of all rows of a user. */
export function sessionsOf(user) {
  return IDBKeyRange.bound([user], [user, []]);
}

/** Inside a transaction: from now on, whatever is sent to this device opens a new session. */
export function putStale({ sessions }, row) {
  sessions.put({ ...row, stale: true, version: row.version + 1 });
}

/** The session with this id, if it is kept. */
export function sessionOf(record, sessionId) {
  return record.sessions.find(session => equal(session.sessionId, sessionId));
}

/** Whether a session here replaces this one: what comes on it was sent before that was known. */
export function isReplaced({ sessions }, sessionId) {
  return Boolean(sessionId)
    && sessions.some(({ replaces }) => replaces.some(id => equal(id, sessionId)));
}

/** The record with a session that has moved. */
export function withMoved(record, moved) {
  const sessions = record.sessions.map(session =>
    (equal(session.sessionId, moved.sessionId) ? moved : session));
  return { ...record, sessions };
}

/** The record with a new session, without those that are no longer to be kept. */
export function withNew(record, session, now) {
  const sessions = [...record.sessions, session];
  const replaced = new Set(sessions.flatMap(({ replaces }) => replaces.map(base64url)));
  const idOf = ({ sessionId }) => base64url(sessionId);
  const replacedAt = {};
  for (const id of sessions.map(idOf).filter(id => replaced.has(id))) {
    replacedAt[id] = record.replacedAt[id] ?? now;
  }
  const since = kept => replacedAt[idOf(kept)] ?? Number.MAX_SAFE_INTEGER;
  const fresh = sessions.filter(kept => now - since(kept) <= REPLACED_MS_MAX);
  const sending = sendingSession(fresh);
  // The oldest replaced ones go first; sort keeps the order of those that nothing replaces.
  const surplus = fresh.filter(kept => kept !== sending && kept !== session)
    .sort((left, right) => since(left) - since(right))
    .slice(0, Math.max(0, fresh.length - SESSIONS_MAX));
  return { ...record, sessions: fresh.filter(kept => !surplus.includes(kept)), replacedAt };
}

function place(user, device) {
  return ['sessions', user, device];
}
