import {
  ACKNOWLEDGEMENT_STORES, keepAcknowledgement, newestAcknowledgements,
} from '/store/acknowledgements.js';
import { settle } from '/store/database.js';
import { assertEquals, test } from '../harness.js';
import { withStore } from './with-store.js';

const inbox = (generation, sequenceNr) =>
  ({ kind: 'inbox', owner: 'alice', generation, sequenceNr });
const group = sequenceNr =>
  ({ kind: 'group', owner: '0123456789abcdef0123456789abcdef', generation: 1, sequenceNr });

async function keep(store, ...statements) {
  for (const items of statements) {
    await store.write(ACKNOWLEDGEMENT_STORES, stores => keepAcknowledgement(stores, { items }));
  }
  const kept = await store.read(ACKNOWLEDGEMENT_STORES, newestAcknowledgements);
  return kept.map(({ items }) => items);
}

test('keepsTheNewestAcknowledgementThatNamesEachLog', () => withStore(async store => {
  const both = [group(3), inbox(1, 1)];
  assertEquals([both], await keep(store, both));
  assertEquals([both, [inbox(1, 2)]], await keep(store, [inbox(1, 2)]));
  assertEquals([both, [inbox(1, 9)]], await keep(store, [inbox(1, 7)], [inbox(1, 9)]));
  assertEquals([[inbox(1, 9)], [group(4)]], await keep(store, [group(4)]));
  const logs = await store.read(['acknowledgedLogs'],
    ({ acknowledgedLogs }) => settle(acknowledgedLogs.count()));
  assertEquals(2, logs);
}));

test('whatIsAcknowledgedOnceMoreTakesNothingBack', () => withStore(async store => {
  assertEquals([[inbox(1, 9)]], await keep(store, [inbox(1, 9)], [inbox(1, 5)]));
  assertEquals([[inbox(1, 9)]], await keep(store, [inbox(1, 9)]));
}));

test('generationCountsBeforeTheNumber', () => withStore(async store => {
  assertEquals([[inbox(2, 4)]], await keep(store, [inbox(1, 9)], [inbox(2, 4)]));
  assertEquals([[inbox(2, 4)]], await keep(store, [inbox(1, 10)]));
}));
