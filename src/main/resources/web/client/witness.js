/** What this browser can show of its server: in words for its user, as a file for an auditor. */

import { GROUP } from '../crypto/group-statements.js';
import { signWitness } from '../crypto/witness.js';
import { encodeJson } from '../protocol/frames.js';
import { ACKNOWLEDGEMENT_STORES, newestAcknowledgements } from '../store/acknowledgements.js';
import { settle } from '../store/database.js';
import { INBOX } from './account.js';

const VERSION = 1;

/**
 * The file of this moment, signed by this device (docs/audit.md §6), and what stands in it.
 *
 * @param {AccountStore} store
 * @param {Self} self
 * @returns {Promise<{groups: number, acknowledgedAt: number|null, name: string,
 *   json: Uint8Array}>} how many groups it names; when something was acknowledged last, null if
 *   nothing ever was; name and content of the file
 */
export async function makeWitness(store, self) {
  const exportedAt = Date.now();
  const { chain, server, groups, kept } = await readRecord(store);
  const logs = [...groups.flatMap(headOf), logPoint(INBOX, self.user, chain)];
  const { user, serverHost, deviceId, deviceKey, deviceList } = self;
  const witness = {
    version: VERSION, serverHost, serverKey: server.signKey, user, device: deviceId, deviceKey,
    deviceList, exportedAt, logs,
    acknowledgements: kept.map(({ items, signature }) => ({ items, signature })),
  };
  const signature = await signWitness(self.devicePrivateKey, witness);
  const day = new Date(exportedAt).toISOString().slice(0, 10);
  return {
    groups: logs.length - 1,
    acknowledgedAt: kept.at(-1)?.signedAt ?? null,
    name: `sotto-witness-${user}-${day}.json`,
    json: encodeJson({ ...witness, signature }),
  };
}

/** All of one moment; groups rise by their id, as everywhere in the store. */
function readRecord(store) {
  return store.read(['meta', 'groups', ...ACKNOWLEDGEMENT_STORES], async stores => ({
    chain: await settle(stores.meta.get('chain')),
    server: await settle(stores.meta.get('server')),
    groups: await settle(stores.groups.getAll()),
    kept: await newestAcknowledgements(stores),
  }));
}

/** Before the inviting commit has come, a group is the server's word alone: nothing was taken. */
function headOf({ group, membership, ...state }) {
  return membership && state.head.sequenceNr > 0 ? [logPoint(GROUP, group, state)] : [];
}

function logPoint(kind, owner, { generation, head: { sequenceNr, hash } }) {
  return { kind, owner, generation, sequenceNr, hash };
}
