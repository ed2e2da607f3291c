/** What this device puts for the others of its user (docs/protocol.md §13). */

import { enc, sha256 } from '../crypto/encoding.js';
import { conversationOf } from '../store/conversations.js';
import { settle } from '../store/database.js';
import { allStandings } from '../store/standings.js';
import { arrangedRows } from './arranged.js';
import { isAcquainted } from './contacts.js';
import { SHARED_STORES, entryOf, sharedRow } from './shared.js';
import { switchesOf } from './switches.js';
import { encodeSync } from './vault.js';

/** A blob of 128 KiB holds some more. */
const CONTACTS_MAX = 400;
/** Of people whose names may be left out, by standing: those who only ask come last. */
const RANKS = { blocked: 0, asked: 2 };

/** In a fixed order, so that the same content has the same digest. */
export function syncContent(store, { user: ownUser, deviceList }) {
  return store.read(SHARED_STORES, async stores => {
    const { names, said, archive, elsewhere, ...row } = await sharedRow(stores);
    const standings = await allStandings(stores);
    const people = await peopleIn(stores, ownUser, standings);
    const contacts = mostImportant(people, standings)
      .map(contact => entryOf(contact, said, standingIn(standings, contact)));
    const devices = deviceList.devices.filter(({ id }) => names[id])
      .map(({ id }) => ({ id, name: names[id] }));
    return {
      contacts, devices, archive: await archiveHere(stores, archive), ...switchesOf(row),
      conversations: await arrangedRows(stores, elsewhere),
    };
  });
}

/** Whoever is not known would be for the other devices, and need not ask there. */
async function peopleIn(stores, ownUser, standings) {
  const talked = new Set(await settle(stores.conversations.getAllKeys()));
  const isKnown = contact => isAcquainted(contact) || standings.has(contact.user)
    || talked.has(conversationOf(ownUser, contact.user));
  return (await settle(stores.contacts.getAll()))
    .filter(contact => contact.user !== ownUser && isKnown(contact));
}

/** Of all that is worth a new blob: the key that seals it is, the number of the archive is not. */
export function digestOf(content, { id }) {
  return sha256(enc(id, encodeSync({ ...content, archive: { ...content.archive, nr: 0 } })));
}

/** The switch and the highest number, as this device has them. */
export async function archiveHere({ meta }, { on, nr, closed }) {
  const here = await settle(meta.get('archive'));
  return { on: here?.on ?? on, nr: Math.max(nr, here?.seen ?? 0), closed };
}

/** As many as one blob holds: those first of whom the user has decided something. */
function mostImportant(people, standings) {
  const rankOf = contact => RANKS[standingIn(standings, contact)] ?? (contact.verified ? 0 : 1);
  return [...people].sort((left, right) => rankOf(left) - rankOf(right)).slice(0, CONTACTS_MAX);
}

/** As an entry has it: nothing of who is accepted. */
function standingIn(standings, { user }) {
  const { standing = 'accepted' } = standings.get(user) ?? {};
  return standing === 'accepted' ? undefined : standing;
}
