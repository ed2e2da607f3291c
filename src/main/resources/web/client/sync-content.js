/** What this device puts for the others of its user (docs/protocol.md §13). */

import { enc, sha256 } from '../crypto/encoding.js';
import { conversationOf } from '../store/conversations.js';
import { settle } from '../store/database.js';
import { allStandings, putStandings } from '../store/standings.js';
import { arrangedRows, isAnyArranged, isAnyHere, putArranged } from './arranged.js';
import { isAcquainted } from './contacts.js';
import {
  KEY_STORES, SHARED_STORES, changeShared, entryOf, keyRows, sharedRow,
} from './shared.js';
import { isAnySwitched, putSwitches, switchesOf } from './switches.js';
import { encodeSync } from './vault.js';

/** A blob of 128 KiB holds some more. */
const CONTACTS_MAX = 400;
/** Of people whose names may be left out, by standing: those who only ask come last. */
const RANKS = { blocked: 0, asked: 2 };

/** The names of the object stores that `stateOf` needs. */
export const STEP_STORES = [...new Set([...SHARED_STORES, ...KEY_STORES])];

/**
 * Inside a transaction: all that says whether something is to be fetched or put.
 *
 * @returns {Promise<{row: object, keys: object[], mayWrite: boolean, isPlaced: boolean,
 *   content: object, hasMarks: boolean}>} as of keyRows; whether a conversation is here by now of
 *   which others have said something; what this device puts; whether something is marked as changed
 *   here
 */
export async function stateOf(stores, self) {
  const row = await sharedRow(stores);
  const standings = await allStandings(stores);
  return {
    row,
    ...await keyRows(stores),
    isPlaced: await isAnyHere(stores, row.elsewhere),
    content: await contentOf(stores, self, row, standings),
    hasMarks: hasChanges(row) || [...standings.values()].some(({ isChanged }) => isChanged)
      || await isAnyArranged(stores),
  };
}

/** In a fixed order, so that the same content has the same digest. */
async function contentOf(stores, { user: ownUser, deviceList }, shared, standings) {
  const { names, said, archive, elsewhere, ...row } = shared;
  const people = await peopleIn(stores, ownUser, standings);
  const contacts = mostImportant(people, standings)
    .map(contact => entryOf(contact, said, standingIn(standings, contact)));
  const devices = deviceList.devices.filter(({ id }) => names[id])
    .map(({ id }) => ({ id, name: names[id] }));
  return {
    contacts, devices, archive: await archiveHere(stores, archive), ...switchesOf(row),
    conversations: await arrangedRows(stores, elsewhere),
  };
}

function hasChanges(row) {
  return row.changedNames.length > 0 || row.archiveChanged || isAnySwitched(row);
}

/**
 * Inside a transaction: the others have this, and only what was changed meanwhile is still to be
 * put.
 */
export async function noteShared(stores, content) {
  const { names, changedNames, archive, ...row } = await sharedRow(stores);
  const nameThere = id => content.devices.find(device => device.id === id)?.name;
  await changeShared(stores, {
    changedNames: changedNames.filter(id => names[id] !== nameThere(id)),
    archiveChanged: archive.on !== content.archive.on,
    ...putSwitches(row, content),
  });
  await putStandings(stores, content.contacts);
  await putArranged(stores, content.conversations);
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
