/** A copy of the server in the page, and a server that goes on from it (docs/protocol.md §10). */

import { sign } from '/crypto/ed25519.js';
import { RESTORED } from '/crypto/labels.js';
import { restoredHash } from '/crypto/restored.js';
import { restored } from '/group/membership.js';

function clone(object, changes) {
  return Object.assign(Object.create(Object.getPrototypeOf(object)), object, changes);
}

function cloneUser(user) {
  const { entries, copies, hashes, sends, devices, revoked } = user;
  const counts = [...sends].map(([device, { n, answers }]) =>
    [device, { n, answers: new Map(answers) }]);
  const account = clone(user, {
    entries: [...entries], copies: new Map(copies), hashes: [...hashes], sends: new Map(counts),
    revoked: new Set(revoked),
  });
  account.devices = cloneAll(devices, device => cloneDevice(account, device));
  return account;
}

function cloneDevice(account, device) {
  const { given, groupCursors, oneTimePrekeys } = device;
  return clone(device, {
    account, given: new Map(given), groupCursors: new Map(groupCursors),
    oneTimePrekeys: new Map(oneTimePrekeys), connection: null,
  });
}

function cloneLog(log) {
  const readers = [...log.readers].map(([user, reader]) => [user, { ...reader }]);
  return clone(log, {
    entries: [...log.entries], counters: new Map(log.counters), readers: new Map(readers),
  });
}

function cloneAll(all, one) {
  return new Map([...all].map(([name, value]) => [name, one(value)]));
}

/** What the server holds now. */
export function copyOf({ users, groups }) {
  return {
    time: Date.now(), users: cloneAll(users, cloneUser), logs: cloneAll(groups.logs, cloneLog),
  };
}

/**
 * The server stops, and starts again with what the copy holds.
 *
 * @param {function(object): object} bend what a dishonest server makes of each restored entry
 *   before it signs it
 */
export async function restoreFrom(server, copy, bend = entry => entry) {
  server.down();
  const restoredAt = await laterSecond(copy);
  server.users = cloneAll(copy.users, cloneUser);
  server.groups.logs = cloneAll(copy.logs, cloneLog);
  for (const user of server.users.values()) {
    const entry = await restoredEntry(server, copy, bend, {
      restoredAt, kind: 'inbox', owner: user.user, generation: user.generation,
      previous: user.point(user.entries.length), last: user.entries.at(-1),
    });
    for (const { oneTimePrekeys } of user.devices.values()) oneTimePrekeys.clear();
    user.entries.push(entry);
    user.hashes.push(entry.hash);
    user.generation = entry.generation;
  }
  for (const log of server.groups.logs.values()) {
    await restoreLog(server, copy, bend, log, restoredAt);
  }
  server.up();
}

/** No two restores of a copy are within one second: generations count seconds. */
async function laterSecond(copy) {
  while (Math.floor(Date.now() / 1000) <= (copy.restoredIn ?? 0)) {
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  const restoredAt = Date.now();
  copy.restoredIn = Math.floor(restoredAt / 1000);
  return restoredAt;
}

async function restoreLog(server, copy, bend, log, restoredAt) {
  const entry = await restoredEntry(server, copy, bend, {
    restoredAt, kind: 'group', owner: log.group, generation: log.generation, previous: log.head,
    last: log.entries.at(-1).frame,
  });
  log.entries.push({ frame: { type: 'restored', nonce: 2, ...entry } });
  log.generation = entry.generation;
  log.membership = restored(log.membership, entry.sequenceNr);
}

async function restoredEntry({ identity }, copy, bend, description) {
  const { restoredAt, last, previous, generation, ...log } = description;
  const now = Math.max(restoredAt, (last?.time ?? 0) + 1);
  const entry = bend({
    ...log, generation: Math.max(generation + 1, Math.floor(restoredAt / 1000)),
    sequenceNr: previous.sequenceNr + 1, time: now, previous, copyTime: copy.time,
  });
  const { kind, owner, time, copyTime } = entry;
  const signature = entry.signature ?? await sign(identity.signKey.privateKey, RESTORED,
    identity.host, kind, owner, entry.generation, entry.previous.sequenceNr, entry.previous.hash,
    time, copyTime);
  const signed = { ...entry, signature };
  return { hash: await restoredHash(signed), ...signed };
}
