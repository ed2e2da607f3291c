import { nameParts, plainName } from '/state/file-names.js';
import { FILES_MAX, emptyTray, trayOf } from '/state/files.js';
import { initialState, reduce } from '/state/state.js';
import { assertEquals, test } from '../harness.js';

const after = (...events) => events.reduce(reduce, initialState);
const add = (...files) => ({ type: 'tray-added', conversation: 'c', files, tooMany: 'too many' });
const names = state => trayOf(state, 'c').files.map(({ file }) => file);

test('filesAreAttachedAndTakenOffAgain', () => {
  const state = after(add('a', 'b'), add('c'));
  assertEquals(['a', 'b', 'c'], names(state));
  const [, { key }] = trayOf(state, 'c').files;
  const fewer = reduce(state, { type: 'tray-removed', conversation: 'c', key });
  assertEquals(['a', 'c'], names(fewer));
  assertEquals(['a', 'c', 'd'], names(reduce(fewer, add('d'))));
  assertEquals(emptyTray, trayOf(fewer, 'another'));
});

test('whatIsTooManyIsSaidAndLeftOut', () => {
  const many = Array.from({ length: FILES_MAX + 5 }, (_, i) => `f${i}`);
  const state = after(add(...many));
  assertEquals(FILES_MAX, names(state).length);
  assertEquals('too many', trayOf(state, 'c').note);
  const [{ key }] = trayOf(state, 'c').files;
  const fewer = reduce(state, { type: 'tray-removed', conversation: 'c', key });
  assertEquals(null, trayOf(fewer, 'c').note);
});

test('aTrayThatIsEmptyLeavesNothing', () => {
  const state = after(add('a'), { type: 'tray-failed', conversation: 'c', key: 1, text: 'no' });
  assertEquals('no', trayOf(state, 'c').files[0].error);
  assertEquals({}, reduce(state, { type: 'tray-removed', conversation: 'c', key: 1 }).trays);
});

test('progressEndsWithTheFile', () => {
  const progress = { type: 'file-progress', id: 'm', done: 5, total: 10 };
  assertEquals({ done: 5, total: 10, error: null }, after(progress).transfers.m);
  const ends = [
    { ...progress, done: 10 },
    { type: 'file-stopped', id: 'm' },
    { type: 'file-failed', id: 'm', text: null },
    ...[{ removed: true }, { kind: 'deleted' }, { kind: 'file', state: 'not-sent' },
      { kind: 'file', file: { isHere: true } }].map(change =>
      ({ type: 'messages', conversation: 'c', upserts: [{ id: 'm', ...change }] })),
  ];
  for (const end of ends) assertEquals({}, after(progress, end).transfers);
  const goesOn = { id: 'm', kind: 'file', state: 'pending', file: { isHere: true } };
  const told = { type: 'messages', conversation: 'c', upserts: [goesOn] };
  assertEquals(5, after(progress, told).transfers.m.done);
  const failed = after(progress, { type: 'file-failed', id: 'm', text: 'no', code: 'file-gone' });
  assertEquals({ done: 0, total: 0, error: 'no', isFinal: true }, failed.transfers.m);
});

test('nothingOfFilesOutlivesTheAccountOnScreen', () => {
  const state = after({ type: 'account', phase: 'signed-in', user: 'alice' }, add('a'),
    { type: 'account', phase: 'signed-out' });
  assertEquals({}, state.trays);
});

test('aNameDoesNotLookLikeAnother', () => {
  assertEquals('photo\ufffdgpj.exe', plainName('photo\u202egpj.exe'));
  assertEquals('a\ufffdb\ufffdc\ufffdd', plainName('a\u2067b\u200bc\u2028d'));
  assertEquals({ stem: 'photo\ufffdgpj', ending: '.exe' }, nameParts('photo\u202egpj.exe'));
  assertEquals({ stem: 'archive.tar', ending: '.gz' }, nameParts('archive.tar.gz'));
  for (const name of ['README', '.profile', 'ends.', 'v1.a-very-long-tail-of-words', 'שלום']) {
    assertEquals({ stem: name, ending: '' }, nameParts(name));
  }
});
