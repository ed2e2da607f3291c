import { searchPace } from '/client/search-pace.js';
import { SearchSealing } from '/client/search-sealing.js';
import { Search } from '/client/search.js';
import { randomBytes, utf8 } from '/crypto/bytes.js';
import { ARCHIVE_STORES, addPast } from '/store/archive.js';
import { CHANGE_STORES, changePlace, takeChange } from '/store/changes.js';
import {
  CONVERSATION_STORES, addMessage, deleteMessage, messageById, messagePlace, rowId,
} from '/store/conversations.js';
import { settle } from '/store/database.js';
import { SEARCH_STORES, noteText, segmentPlace } from '/store/search.js';
import { assert, assertEquals, test } from '../harness.js';
import { withStore } from '../store/with-store.js';
import { until } from './people.js';

Object.assign(searchPace, { waitMs: 0, pauseMs: 0 });

/** What goes into a segment at least, and at most. */
const [LITTLE, MUCH] = [128, 256];

async function rowOf(store, text, time, fields) {
  const row = {
    conversation: 'alice+bob', id: rowId('bob', randomBytes(16)), mine: false, from: 'bob',
    sentAt: 1, receivedAt: time, kind: 'text', ...fields,
  };
  return { ...row, sealed: await store.sealing.seal(messagePlace(row), text) };
}

async function say(store, texts, fields) {
  const rows = await Promise.all(texts.map((text, i) => rowOf(store, text, 1000 + i, fields)));
  return store.write(CONVERSATION_STORES, async stores => {
    const added = [];
    for (const row of rows) added.push(await addMessage(stores, 'bob', row));
    return added;
  });
}

let changes = 0;

/** Another text in the place of one that was said; nothing at all if there is none. */
async function change(store, { conversation, id: target, from }, text) {
  const row = {
    conversation, target, from, id: rowId(from, randomBytes(16)), mine: false, sentAt: 1,
    receivedAt: 1, ...text === undefined ? { kind: 'delete' } : { kind: 'edit', nr: ++changes },
  };
  row.ordinal = changePlace(row);
  if (text !== undefined) row.sealed = await store.sealing.seal(messagePlace(row), text);
  await store.write(CHANGE_STORES, stores => takeChange(stores, row));
}

const remove = (store, row) => store.write(CONVERSATION_STORES,
  stores => deleteMessage(stores, row));

const kept = store => store.read(SEARCH_STORES, async ({ searchQueue, searchSegments }) => ({
  waiting: (await settle(searchQueue.getAll())).map(({ id }) => id),
  segments: await settle(searchSegments.getAll()),
}));

/** What segments hold: ids of rows and texts. */
async function inSegments(store) {
  const { segments } = await kept(store);
  assert(segments.length > 0, 'no segment');
  const texts = await Promise.all(segments.map(segment =>
    store.sealing.open(segmentPlace(segment.id), segment.sealed)));
  return { ids: segments.flatMap(({ ids }) => ids), texts: texts.flat() };
}

/** Everything is in segments but what is too little for one. */
async function sealed(store) {
  const sealing = new SearchSealing(store);
  sealing.changed();
  await until(async () => (await kept(store)).waiting.length < LITTLE);
  sealing.stop();
}

const textsOf = async (search, wanted, limit) =>
  (await search.find(wanted, { limit })).map(({ text }) => text);

const numbered = (count, from = 0) => Array.from({ length: count }, (_, i) => `text ${from + i}.`);

test('findsTheSameBeforeAndAfterTextsWereSealedTogether', () => withStore(async store => {
  const texts = [
    'Where are the KEYS?', 'Ｋeys, wide', 'straße', 'STRASSE', 'ﬁne', 'ö', 'o\u0308', 'a\nb', '',
    '100 %_*', '🔑 key', 'İstanbul', '<b>bold</b>',
  ].filter(text => text !== '');
  await say(store, [...texts, ...numbered(MUCH)]);
  await say(store, ['no text, keys'], { kind: 'undecryptable' });
  const wanted = ['keys', 'KEY', 'fine', 'Ö', 'straße', 'b>', '%_', 'a\nb', '🔑', 'i̇s', 'text 25',
    '  255. ', 'nowhere', ' ', ''];
  const find = async search => {
    const found = [];
    for (const text of wanted) found.push(await search.find(text));
    return found;
  };
  const open = new Search(store);
  const before = await find(open);
  await sealed(store);
  assert((await kept(store)).segments.length === 1, 'no segment');
  assertEquals(before, await find(open), 'the tab that had searched before');
  assertEquals(before, await find(new Search(store)), 'a new tab');
  assertEquals([['🔑 key', 'Ｋeys, wide', 'Where are the KEYS?'], ['ﬁne'], ['o\u0308', 'ö']],
    [before[1], before[2], before[3]].map(found => found.map(({ text }) => text)));
  assertEquals(['text 255.', 'text 254.'], before[10].slice(0, 2).map(({ text }) => text));
  assertEquals([1, 0, 0, 0], before.slice(-4).map(({ length }) => length));
}));

test('newestComesFirstAndNoMoreThanAskedFor', () => withStore(async store => {
  await say(store, numbered(MUCH));
  await sealed(store);
  await say(store, numbered(3, MUCH), { conversation: 'group:g' });
  const past = await rowOf(store, 'text of old', 10, { conversation: 'group:g' });
  await store.write(ARCHIVE_STORES, stores => addPast(stores, 'alice', past));
  const search = new Search(store);
  const [first] = await search.find('text 258');
  assertEquals([['group:g', 1002, 'bob', false], 'text 258.'],
    [[first.conversation, first.at, first.from, first.mine], first.text]);
  const all = await search.find('text', { limit: 1000 });
  assertEquals(MUCH + 4, all.length);
  assertEquals(all.map(({ at }) => at).sort((left, right) => right - left),
    all.map(({ at }) => at));
  assertEquals('text of old', all.at(-1).text);
  assertEquals([50, 7], [(await search.find('text')).length,
    (await search.find('text', { limit: 7 })).length]);
}));

test('changedAndDeletedTextsLeaveAllThatIsReady', () => withStore(async store => {
  const rows = await say(store, numbered(MUCH + 10));
  await sealed(store);
  const [one, other] = [new Search(store), new Search(store)];
  assertEquals(['text 7.'], await textsOf(one, 'text 7.'));
  await change(store, rows[7], 'another one');
  await remove(store, rows[8]);
  await change(store, rows[10]);
  const { waiting, segments } = await kept(store);
  assertEquals([MUCH + 10, 0], [waiting.length, segments.length], 'sealed anew without them');
  const state = async () => [await textsOf(one, 'text 7.'), await textsOf(one, 'text 8.'),
    await textsOf(one, 'ANOTHER'), await textsOf(other, 'another'), await textsOf(other, 'text 9.'),
    await textsOf(other, 'text 10.')];
  const expected = [[], [], ['another one'], ['another one'], ['text 9.'], []];
  assertEquals(expected, await state());
  await sealed(store);
  assertEquals(expected, await state());
  const { ids, texts } = await inSegments(store);
  assertEquals(ids.length, texts.length);
  assert(!ids.includes(rows[8].id) && !ids.includes(rows[10].id), 'deleted');
  for (const nr of [7, 8, 10]) assert(!texts.includes(`text ${nr}.`), `text ${nr}`);
  await change(store, rows[7], 'the last word');
  assertEquals([[], ['the last word']],
    [await textsOf(one, 'another'), await textsOf(other, 'last word')]);
}));

test('textThatIsDeletedForAllLeavesItsSegment', () => withStore(async store => {
  const rows = await say(store, numbered(MUCH));
  await sealed(store);
  await change(store, rows[3]);
  assertEquals([], (await kept(store)).segments);
  await sealed(store);
  const { ids, texts } = await inSegments(store);
  assertEquals([MUCH - 1, false], [ids.length, texts.includes('text 3.')]);
}));

test('whatChangesWhileItIsSealedIsSealedAnew', () => withStore(async store => {
  const rows = await say(store, numbered(MUCH));
  const { write } = store;
  let meanwhile = () => change(store, rows[3], 'meanwhile');
  store.write = async (...args) => {
    const run = meanwhile;
    meanwhile = null;
    store.write = write;
    await run?.();
    return write.apply(store, args);
  };
  await sealed(store);
  assertEquals(null, meanwhile);
  assert(!(await inSegments(store)).texts.includes('text 3.'), 'it is gone, and still there');
  const search = new Search(store);
  assertEquals([[], ['meanwhile']],
    [await textsOf(search, 'text 3.'), await textsOf(search, 'meanwhile')]);
}));

test('textThatWasNoneBeforeIsFound', () => withStore(async store => {
  const [row] = await say(store, ['came late'], { kind: 'undecryptable' });
  await say(store, numbered(MUCH - 1));
  await sealed(store);
  const search = new Search(store);
  assertEquals([], await textsOf(search, 'late'));
  const found = { ...row, kind: 'text' };
  await store.write(CONVERSATION_STORES, stores => {
    stores.messages.put(found);
    return noteText(stores, found);
  });
  assertEquals(['came late'], await textsOf(search, 'late'));
}));

test('segmentThatDoesNotOpenIsMadeAnew', () => withStore(async store => {
  await say(store, numbered(MUCH));
  await sealed(store);
  const { segments: [segment] } = await kept(store);
  const broken = segment.sealed.slice();
  broken[20] ^= 1;
  await store.write(SEARCH_STORES,
    ({ searchSegments }) => { searchSegments.put({ ...segment, sealed: broken }); });
  const search = new Search(store);
  assertEquals(['text 42.'], await textsOf(search, 'text 42.'));
  await sealed(store);
  assertEquals(1, (await kept(store)).segments.length);
  assertEquals(['text 42.'], await textsOf(search, 'text 42.'));
}));

test('fileIsFoundByItsNameAndByWhatIsSaidWithIt', () => withStore(async store => {
  for (const file of [{ name: 'Plan B.pdf', text: 'as we said' }, { name: 'photo.jpg' }]) {
    await say(store, [file], { kind: 'file' });
  }
  const search = new Search(store);
  assertEquals([['Plan B.pdf\nas we said'], ['Plan B.pdf\nas we said'], ['photo.jpg']],
    await Promise.all(['plan b', 'WE SAID', 'jpg'].map(wanted => textsOf(new Search(store), wanted))));
  await change(store, (await search.find('photo'))[0]);
  assertEquals([], await textsOf(search, 'photo'));
}));

test('nameOfAFileThatDeceivesIsFoundAsItIsShown', () => withStore(async store => {
  await say(store, [{ name: 'a\u202egpj.exe', text: 'b\u202ec' }], { kind: 'file' });
  assertEquals(['a\ufffdgpj.exe\nb\u202ec'], await textsOf(new Search(store), 'exe'));
}));

test('rowThatDoesNotOpenIsPassedOverAlone', () => withStore(async store => {
  const [row] = await say(store, numbered(LITTLE));
  await store.write(['messages'],
    ({ messages }) => { messages.put({ ...row, sealed: new Uint8Array(40) }); });
  const search = new Search(store);
  const found = async () => (await search.find('text', { limit: 1000 })).length;
  assertEquals(LITTLE - 1, await found());
  await sealed(store);
  assertEquals(LITTLE - 1, await found());
}));

test('laterSearchEndsTheOneBefore', () => withStore(async store => {
  await say(store, numbered(MUCH));
  const search = new Search(store);
  const [first, none] = await Promise.all([search.find('.', { limit: 1000 }), search.find(' ')]);
  assertEquals([MUCH, 0], [first.length, none.length], 'an empty one is none');
  await change(store, { conversation: 'alice+bob', id: first[0].id, from: 'bob' });
  const [ended, second] = await Promise.all([search.find('.', { limit: 1000 }),
    search.find('text 3.')]);
  assert(ended.length < MUCH - 1, 'went on');
  assertEquals(['text 3.'], second.map(({ text }) => text));
}));

test('searchThatTakesLongSaysHowFarItIs', () => withStore(async store => {
  await say(store, numbered(LITTLE));
  const events = [];
  const { tellMs } = searchPace;
  searchPace.tellMs = 0;
  try {
    await new Search(store, event => events.push(event)).find(' nowhere ');
  } finally {
    searchPace.tellMs = tellMs;
  }
  assertEquals([0, 100].map(done => ({ type: 'searching', text: 'nowhere', done, total: LITTLE })),
    events);
}));

test('noWordLiesReadableInWhatIsReady', () => withStore(async store => {
  await say(store, ['xylophone', ...numbered(MUCH)]);
  await sealed(store);
  const { segments } = await kept(store);
  const bytes = segments.flatMap(segment =>
    [...segment.sealed, ...utf8(JSON.stringify({ ...segment, sealed: null }))]);
  const all = String.fromCharCode(...bytes);
  assert(all.includes('bob/'), 'ids of rows are there');
  for (const text of ['xylophone', 'text', 'XYLO', btoa('xylophone').slice(0, 12)]) {
    assert(!all.includes(text), text);
  }
  const found = await store.read(['messages'], stores => messageById(stores, segments[0].ids[0]));
  assertEquals('text', found.kind);
}));
