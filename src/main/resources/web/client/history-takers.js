/** What siblings say when history is handed over (docs/protocol.md §7.5, §14.3), taken in. */

import { ARCHIVE_STORES, addPast } from '../store/archive.js';
import { NOT_ARCHIVED, settle } from '../store/database.js';
import { changeHistory, historyRow, withoutAsk } from '../store/history.js';
import { rowsOf } from './archive-records.js';

/** As in own-messages.js, by type. */
export const HISTORY_TAKERS = {
  'history-ask': {
    stores: ['meta'],
    async keep(stores, { device, content: { have } }) {
      const asks = withoutAsk(await historyRow(stores), device);
      await changeHistory(stores, { asks: [...asks, { device, have }] });
      return [];
    },
  },
  'history-answer': {
    stores: ['meta'],
    async keep(stores, { device, content: { device: asker, agreed, total } }) {
      const row = await historyRow(stores);
      if (asker !== await ownDevice(stores)) {
        // One of the siblings answers: the others ask their user no more.
        await changeHistory(stores, { asks: withoutAsk(row, asker) });
      } else if (row.asked) {
        await changeHistory(stores,
          { asked: false, taking: agreed ? { device, done: 0, total } : null });
      }
      return [];
    },
  },
  'history': {
    stores: ARCHIVE_STORES,
    prepare: (store, { content: { records } }) =>
      rowsOf(store, { user: store.user }, records, NOT_ARCHIVED),
    async keep(stores, { device, content: { device: taker, records, left } }, rows) {
      const { taking } = await historyRow(stores);
      const isAskedFor = taker === await ownDevice(stores) && taking?.device === device;
      if (!isAskedFor) return [];
      const { user } = await settle(stores.meta.get('account'));
      for (const row of rows) await addPast(stores, user, row);
      const done = taking.done + records.length;
      await changeHistory(stores, { taking: left > 0 ? { ...taking, done } : null });
      return [...new Set(rows.map(({ conversation }) => conversation))];
    },
  },
};

async function ownDevice({ meta }) {
  return (await settle(meta.get('account'))).deviceId;
}
