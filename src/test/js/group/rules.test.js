/** Rules that the shared vectors do not reach. */

import { assertEquals, assertThrows, test } from '../harness.js';
import { checkSecrets, commitCheck, drawFresh, joinCheck } from '/crypto/group-epoch.js';
import { Refused } from '/crypto/refused.js';
import { settlingOps } from '/group/drafts.js';
import { GroupRefused } from '/group/group-refused.js';
import { emptyMembership, propose } from '/group/membership.js';

const KEY = new Uint8Array(32);

function listOf(user, version, ...ids) {
  return { user, version, accountKey: KEY, devices: ids.map(id => ({ id })) };
}

function membershipOf(pending, ...lists) {
  const rows = new Map(lists.map(deviceList =>
    [deviceList.user, { role: 'admin', deviceList }]));
  return { ...emptyMembership('g'), epoch: 0, rows, pending };
}

const asks = (user, device, op) => ({ sequenceNr: 1, time: 1, user, device, op });

test('secretsOfAnotherLengthAreRefused', async () => {
  const [fresh, joiner] = [drawFresh(), drawFresh()];
  const commit = { check: await commitCheck(fresh), joinCheck: await joinCheck(joiner) };
  await checkSecrets({ fresh, joiner }, commit);
  const longer = secret => new Uint8Array([...secret, 0]);
  await assertThrows(() => checkSecrets({ joiner: longer(joiner) }, commit), Refused);
  await assertThrows(() => checkSecrets({ fresh: longer(fresh), joiner }, commit), Refused);
});

test('higherOfAProposedListAndTheCurrentOneIsCommitted', () => {
  const [old, proposed, current] = [1, 2, 3].map(version => listOf('bob', version, 'b1'));
  const pending = [asks('bob', 'b1', { op: 'devices', deviceList: proposed })];
  const state = { membership: membershipOf(pending, old) };
  const newer = [{ op: 'devices', user: 'bob', deviceList: current }];
  assertEquals([3], settlingOps(state, 0, [], newer).map(op => op.deviceList.version));
  assertEquals([2], settlingOps(state, 0).map(op => op.deviceList.version));
});

test('keysForADeviceThatTheSameCommitDropsAreNotGiven', () => {
  const pending = [asks('bob', 'b1', { op: 'rekey' })];
  const state = { membership: membershipOf(pending, listOf('bob', 1, 'b1')) };
  const newer = [{ op: 'devices', user: 'bob', deviceList: listOf('bob', 2, 'b2') }];
  assertEquals(['devices'], settlingOps(state, 0, [], newer).map(({ op }) => op));
  assertEquals(['rekey'], settlingOps(state, 0).map(({ op }) => op));
});

test('deviceOfSomebodyElseCannotBeProposed', async () => {
  const membership = membershipOf([], listOf('alice', 1, 'a1'), listOf('bob', 1, 'b1'));
  const place = { sequenceNr: 2, time: 2, user: 'bob', device: 'b1' };
  const proposal = ids => ({
    op: { op: 'devices', deviceList: listOf('bob', 2, ...ids) }, head: { sequenceNr: 1 },
  });
  await assertThrows(() => propose(membership, place, proposal(['b1', 'a1'])), GroupRefused);
  const after = await propose(membership, place, proposal(['b1', 'b2']));
  assertEquals([1, 0], [after.pending.length, membership.pending.length]);
  assertEquals(2, after.pending[0].time);
});
