/** This device's prekeys (docs/protocol.md §4.2): made, kept, replaced and erased. */

import { createPrekey } from '../crypto/statements.js';
import { settle } from '../store/database.js';

/** So many one-time prekeys the server is to hold. Tests make fewer. */
export const stock = { oneTimeMax: 100 };
const DAY_MS = 24 * 60 * 60 * 1000;
const SIGNED_DAYS = 7;
/** As long as an entry can wait in an inbox. */
const KEPT_DAYS = 30;

/**
 * @param {boolean} withSigned a signed prekey first, then one-time ones
 * @param {number} firstId
 * @returns {Promise<{prekey: Prekey, row: object}[]>} what is published, and what is stored
 */
export async function createPrekeys(
  devicePrivateKey, owner, firstId, withSigned, oneTimeCount) {
  const kinds = [...(withSigned ? ['signed'] : []), ...Array(oneTimeCount).fill('one-time')];
  return Promise.all(kinds.map(async (kind, i) => {
    const { prekey, keyPair } = await createPrekey(devicePrivateKey, owner, kind, firstId + i);
    return { prekey, row: { id: prekey.id, kind, ...keyPair, madeAt: Date.now() } };
  }));
}

/**
 * After the inbox was drained: replaces what the server does not hold, adds to what runs low, and
 * erases what no entry can need any more. Each key is stored before the server hears of it.
 *
 * @param {AccountStore} store
 * @param {Self} self
 * @param {{signedPrekeyId: number, oneTimePrekeyIds: number[]}} held what the server says it has
 * @param {function(string, object): Promise<object>} request
 */
export async function keepPrekeys(store, self, held, request) {
  const { plan, firstId } = await store.write(['prekeys', 'meta'], stores => tidy(stores, held));
  const { user, deviceId, devicePrivateKey } = self;
  const made = await createPrekeys(
    devicePrivateKey, { user, deviceId }, firstId, plan.withSigned, plan.oneTimeCount);
  if (made.length === 0) return;
  await store.write(['prekeys'], ({ prekeys }) => {
    for (const { row } of made) prekeys.put(row);
  });
  const prekeys = made.map(({ prekey }) => prekey);
  await request('prekeys', { replace: plan.replace, prekeys });
}

async function tidy({ prekeys, meta }, held) {
  const plan = planPrekeys(await settle(prekeys.getAll()), held, Date.now());
  for (const row of plan.changed) prekeys.put(row);
  for (const id of plan.erased) prekeys.delete(id);
  // The next id is kept apart from the keys, which are erased: none is ever used twice.
  const firstId = await settle(meta.get('nextPrekeyId'));
  meta.put(firstId + plan.oneTimeCount + Number(plan.withSigned), 'nextPrekeyId');
  return { plan, firstId };
}

/**
 * A prekey that the server gave away or replaced is `gone` from it. Its private half stays for as
 * long as an opening that used it can be under way.
 *
 * @returns {{withSigned: boolean, oneTimeCount: number, replace: boolean, changed: object[],
 *   erased: number[]}}
 */
export function planPrekeys(rows, { signedPrekeyId, oneTimePrekeyIds }, now) {
  const signed = rows.find(({ id }) => id === signedPrekeyId);
  const held = new Set([signedPrekeyId, ...oneTimePrekeyIds]);
  const replace = oneTimePrekeyIds.some(id => !rows.some(row => row.id === id));
  const { oneTimeMax } = stock;
  const remaining = replace ? 0 : oneTimePrekeyIds.length;
  return {
    withSigned: !signed || now - signed.madeAt > SIGNED_DAYS * DAY_MS,
    oneTimeCount: remaining < oneTimeMax / 2 ? oneTimeMax - remaining : 0,
    replace,
    changed: [
      ...rows.filter(({ id, goneAt }) => !held.has(id) && !goneAt)
        .map(row => ({ ...row, goneAt: now })),
      // One that a restored server holds again can be asked for again.
      ...rows.filter(({ id, goneAt }) => held.has(id) && goneAt)
        .map(({ goneAt, ...row }) => row),
    ],
    erased: rows.filter(({ id, goneAt }) =>
      goneAt && !held.has(id) && now - goneAt > KEPT_DAYS * DAY_MS)
      .map(({ id }) => id),
  };
}
