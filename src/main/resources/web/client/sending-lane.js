/** What sending to one person needs (docs/protocol.md §5.2, §7), as it lies in the store. */

import { sendingSession } from '../crypto/session-message.js';
import { conversationOf, messageById } from '../store/conversations.js';
import { settle } from '../store/database.js';
import { isEncrypted, outgoingTo } from '../store/outbox.js';
import { openSessions, sessionsOf } from '../store/session-rows.js';
import { standingOf } from '../store/standings.js';
import { knownTypingKey } from './typing-keys.js';

/** The names of the object stores that `laneOf` needs. */
export const LANE_STORES = [
  'contacts', 'standings', 'outbox', 'sessions', 'messages', 'meta', 'typingKeys',
];

const IN_FLIGHT_MAX = 32;

/**
 * @typedef {object} Lane
 * @property {object|undefined} contact
 * @property {boolean} isOpen whether anything may be sent to this person now
 * @property {object[]} rows what is to be sent now
 * @property {number|null} pause how long to wait for the next if that is nothing
 * @property {object[]} sessions rows, by device
 * @property {Map<string, object>} messages rows of what was said, by id
 * @property {object} typingKey as of knownTypingKey
 */

/** Inside a transaction. @returns {Promise<Lane>} */
export async function laneOf(stores, ownUser, user) {
  const contact = await settle(stores.contacts.get(user));
  // Nothing is sent to another account key until the user has chosen. What is owed to somebody who
  // asks, or is blocked, waits here (docs/protocol.md §7.8).
  const isOpen = !contact?.changed && await standingOf(stores, user) === 'accepted';
  if (!isOpen) return { contact, isOpen, rows: [], pause: null };
  const { rows, pause } = dueOf(await outgoingTo(stores, user), Date.now());
  if (rows.length === 0) return { contact, isOpen, rows, pause };
  const messages = new Map();
  for (const { type, message, copyOf } of rows.filter(row => !isEncrypted(row))) {
    const id = type === 'text' && (message ?? copyOf);
    if (id) messages.set(id, await messageById(stores, id));
  }
  return {
    contact, isOpen, rows, pause, messages,
    sessions: await settle(stores.sessions.getAll(sessionsOf(user))),
    typingKey: await knownTypingKey(stores, conversationOf(ownUser, user)),
  };
}

function dueOf(rows, now) {
  const due = rows.filter(({ dueAt = 0 }) => dueAt <= now).slice(0, IN_FLIGHT_MAX);
  if (rows.length === 0 || due.length > 0) return { rows: due, pause: null };
  return { rows: due, pause: Math.min(...rows.map(({ dueAt }) => dueAt)) - now };
}

/** The devices that a message to somebody is for: all of theirs, and of the own ones the others. */
export function devicesFor(self, { list }) {
  return list.devices.filter(({ id }) => id !== self.deviceId);
}

/** @returns {Promise<DeviceSessions[]>} with each device that a message is for */
export function recordsFor(store, self, { contact, sessions }) {
  return Promise.all(devicesFor(self, contact).map(({ id }) =>
    openSessions(store, contact.user, id, sessions.find(({ device }) => device === id))));
}

/**
 * Whether prekeys are needed: a session must be opened with a device before these rows can be
 * encrypted.
 *
 * @param {DeviceSessions[]} records
 */
export function needsPrekeys(records, rows) {
  const open = rows.filter(row => !isEncrypted(row));
  return open.length > 0 && records.some(record => record.stale
    || !sendingSession(record.sessions)
    || open.some(({ type, device }) => type === 'repair' && device === record.device));
}
