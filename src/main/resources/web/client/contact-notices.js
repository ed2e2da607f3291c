/** What a device list says of a contact, as lines of the conversation with that person. */

import { conversationOf } from '../store/conversations.js';
import { settle } from '../store/database.js';
import { standingOf } from '../store/standings.js';
import { addNotice } from './notices.js';

/** In a conversation that there is; whoever is met for the first time has no new devices. */
export async function tellDevices(stores, self, user, before, list) {
  const conversation = conversationOf(self.user, user);
  if (!before || !await settle(stores.conversations.getKey(conversation))) return [];
  const changes = [
    ['added', devicesOnlyIn(list, before)], ['removed', devicesOnlyIn(before, list)],
  ];
  const notices = [];
  for (const [what, { length }] of changes.filter(([, devices]) => devices.length > 0)) {
    const notice = length === 1 ? `device-${what}` : `devices-${what}`;
    notices.push(await addNotice(stores, self.user, user, notice, length));
  }
  return notices;
}

/** Another account key. @returns {Promise<object[]>} rows of notices */
export async function tellKey(stores, self, user, { isAnnounced }) {
  if (!await hasPlace(stores, self, user)) return [];
  const notice = isAnnounced ? 'new-key-announced' : 'new-key';
  return [await addNotice(stores, self.user, user, notice)];
}

/** Nothing brings back the conversation with somebody who was declined. */
async function hasPlace(stores, self, user) {
  if (await standingOf(stores, user) !== 'blocked') return true;
  const conversation = conversationOf(self.user, user);
  return await settle(stores.conversations.getKey(conversation)) !== undefined;
}

export function devicesOnlyIn(one, other) {
  return (one?.devices ?? []).filter(({ id }) =>
    !other.devices.some(device => device.id === id));
}
