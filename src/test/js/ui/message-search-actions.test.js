import { assertEquals, test } from '../harness.js';
import { desk, refused } from './desk.js';

const FOUND = { conversation: 'c1', id: 'm5', ordinal: 5, text: 'the boat', at: 1, from: 'bob',
  mine: false };

test('emptySearchAsksNothing', async () => {
  const it = desk();
  await it.actions.searchMessages('  ');
  assertEquals([[], null, false], [it.calls, it.state.finding.results, it.state.finding.busy]);
});

test('whoIsAboutToSearchHasItReady', async () => {
  const it = desk({ search: refused('Not now.') });
  await it.actions.prepareSearch();
  assertEquals([['search', '']], it.calls.map(([name, text]) => [name, text]));
  assertEquals([null, null], [it.state.finding.results, it.state.finding.error]);
});

test('foundMessagesAreThoseOfTheLastSearch', async () => {
  const it = desk({ search: text => text === 'boat' ? [FOUND] : [] });
  const first = it.actions.searchMessages('boat');
  await it.actions.searchMessages('boats');
  await first;
  assertEquals(['boats', []], [it.state.finding.text, it.state.finding.results]);
});

test('failedSearchIsTold', async () => {
  const it = desk({ search: refused('Not now.') });
  await it.actions.searchMessages('boat');
  assertEquals(['Not now.', false], [it.state.finding.error, it.state.finding.busy]);
});

test('historyIsLoadedUntilTheMessageIsInIt', async () => {
  const page = first => Array.from({ length: 60 }, (_, i) => ({ id: `m${first + i}`,
    ordinal: first + i }));
  const it = desk({ loadMessages: (_, { before = 181 }) => page(before - 60) });
  await it.actions.openMessage(FOUND);
  assertEquals([undefined, 121, 61], it.calls.map(call => call[2].before));
  assertEquals({ conversation: 'c1', ordinal: 5 }, it.state.jump);
  assertEquals(['c1'], it.went);
});

test('whoGoesElsewhereMeanwhileIsNotCalledBack', async () => {
  const page = before => Array.from({ length: 60 }, (_, i) => ({ id: `m${before - 60 + i}`,
    ordinal: before - 60 + i }));
  for (const event of [{ type: 'opened', conversation: null },
    { type: 'conversations', list: [] }]) {
    for (const way of ['openMessage', 'openQuoted']) {
      const it = desk({
        loadMessages: (_, { before = 301 }) => {
          if (before < 301) it.dispatch(event);
          return page(before);
        },
      });
      await it.actions.open('c1');
      await (way === 'openMessage' ? it.actions.openMessage(FOUND)
        : it.actions.openQuoted('c1', 'm5'));
      assertEquals([2, null], [it.calls.length, it.state.jump], `${way} ${event.type}`);
    }
  }
});

test('historyThatCannotBeLoadedEndsTheWay', async () => {
  const it = desk({ loadMessages: refused('The disk failed.') });
  await it.actions.openMessage(FOUND);
  assertEquals(1, it.calls.length);
});
