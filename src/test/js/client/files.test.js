import { equal, fromBase64url } from '/crypto/bytes.js';
import { AccountStore } from '/store/account-store.js';
import { FILE_STORES, PIECE_BYTES, dropFile, dropSpareFiles } from '/store/files.js';
import { makeFile } from '/client/file-making.js';
import { millisecondsOf } from '/client/file-server.js';
import { pace } from '/client/upload-pauses.js';
import { UserError } from '/client/user-error.js';
import { assert, assertEquals, assertThrows, test } from '../harness.js';
import { addBrowser } from './browsers.js';
import { dump, pair, scenario, until } from './people.js';
import { withStore } from '../store/with-store.js';

Object.assign(pace, { retryMs: 20, retryMsMax: 200 });

/** More than two pieces. */
const LARGE = 2 * PIECE_BYTES + 100_000;

function fileOf(size, name = 'notes.bin', type = 'application/x-notes') {
  const content = Uint8Array.from({ length: size }, (_, i) => i * 7 + (i >>> 9));
  return new File([content], name, { type });
}

async function sameContent(file, blob) {
  return equal(new Uint8Array(await file.arrayBuffer()), new Uint8Array(await blob.arrayBuffer()));
}

async function picture(width = 600, height = 300) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = 'teal';
  context.fillRect(0, 0, width, height);
  return new File([await canvas.convertToBlob({ type: 'image/png' })], 'tea.png',
    { type: 'image/png' });
}

const fileIn = person => person.timeline.find(({ kind }) => kind === 'file');
const codeOf = async run => (await assertThrows(run, UserError)).code;

test('aLeadingTabOfBeforeDoesNotSayUntilWhenAFileIsKept', () => withStore(async store => {
  const made = await makeFile(store, 'm1', fileOf(10), async () => undefined);
  assertEquals([10, false], [made.size, 'keptUntil' in made]);
}));

/** Somebody has sent a file, and it is there. */
async function sent(file, more) {
  const people = await pair();
  const { alice, bob, id } = people;
  const message = await alice.engine.sendFile(id, file, more);
  await bob.until(() => fileIn(bob));
  return { ...people, message };
}

scenario('aFileArrivesWhole', async () => {
  const file = fileOf(LARGE);
  const { server, alice, bob, id, message } = await sent(file, { text: 'as promised' });
  const { kind, text, file: shown } = fileIn(bob);
  assertEquals(['file', 'as promised'], [kind, text]);
  assertEquals({
    name: 'notes.bin', mediaType: 'application/x-notes', size: LARGE, isHere: false,
    keptUntil: server.files.keptUntil,
  }, shown);
  assertEquals(server.files.keptUntil, fileIn(alice).file.keptUntil);
  await bob.until(() => bob.conversations.get(id)?.lastText === 'notes.bin');
  const blob = await bob.engine.loadFile(message);
  assert(await sameContent(file, blob));
  assertEquals('application/octet-stream', blob.type);
  assert(fileIn(bob).file.isHere && fileIn(alice).file.isHere);
  await alice.until(() => alice.messages.get(message).state === 'delivered');
  const told = bob.events.filter(({ type }) => type === 'file-progress').at(-1);
  assertEquals([message, told.total], [told.id, told.done]);
  // What is here is not loaded again, and the sender never loads it.
  server.files.seen = [];
  assert(await sameContent(file, await bob.engine.loadFile(message)));
  assert(await sameContent(file, await alice.engine.loadFile(message)));
  assertEquals([], server.files.seen);
});

scenario('theServerLearnsNeitherNameNorTypeNorContent', async () => {
  const { server } = await sent(fileOf(2000, 'secret-plan.txt', 'text/plain'));
  const { bytes } = server.files.only;
  const readable = new TextDecoder('latin1').decode(bytes);
  assertEquals(2048 + 16, bytes.length);
  assert(!readable.includes('secret'));
  assert(!JSON.stringify(server.seen.map(({ frame }) => frame)).includes('secret-plan'));
});

scenario('anImageBringsAPreviewAndItsOwnType', async () => {
  const { bob, message } = await sent(await picture());
  const { preview, mediaType } = fileIn(bob).file;
  assertEquals(['image/png', 600, 300], [mediaType, preview.width, preview.height]);
  const small = await createImageBitmap(new Blob([preview.bytes]));
  assertEquals([400, 200], [small.width, small.height]);
  assertEquals('image/png', (await bob.engine.loadFile(message)).type);
});

scenario('whatIsNoRasterImageIsShownAsNone', async () => {
  const svg = new File(['<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'], 'a.png',
    { type: 'image/png' });
  const { bob, message } = await sent(svg);
  assertEquals(undefined, fileIn(bob).file.preview);
  assertEquals('application/octet-stream', (await bob.engine.loadFile(message)).type);
});

scenario('anUploadGoesOnWhereTheConnectionBroke', async () => {
  const { server, alice, bob, id } = await pair();
  let breaks = 1;
  const sends = [];
  server.files.onTransfer = async ({ method, offset }) => {
    sends.push(server.frames('send', alice.user).length);
    return method === 'PUT' && offset > 0 && breaks-- > 0 ? 1000 : null;
  };
  const file = fileOf(LARGE);
  const message = await alice.engine.sendFile(id, file);
  assertEquals('pending', alice.messages.get(message).state);
  await bob.until(() => fileIn(bob));
  assertEquals([0, 0, 0, 0], sends, 'the message waits for its file');
  const offsets = server.files.seen.map(({ offset }) => offset);
  assertEquals([0, PIECE_BYTES, PIECE_BYTES + 1000, 2 * PIECE_BYTES], offsets);
  assert(await sameContent(file, await bob.engine.loadFile(message)));
});

scenario('aReloadOrAnotherTabGoesOnWithAnUpload', async () => {
  const { server, alice, bob, id } = await pair();
  server.down();
  const message = await alice.engine.sendFile(id, fileOf(3000));
  await alice.engine.sendText(id, 'see above');
  const again = await alice.reload();
  server.up();
  await bob.until(() => fileIn(bob) && bob.texts.includes('see above'));
  await again.until(() => again.messages.get(message)?.state === 'delivered');
  assertEquals(1, bob.timeline.filter(({ kind }) => kind === 'file').length);
});

scenario('aTicketThatEndedIsAskedForAgain', async () => {
  const { server, alice, bob, id } = await pair();
  let ends = 1;
  server.files.onTransfer = async ({ offset }) =>
    offset > 0 && ends-- > 0 ? new Response(null, { status: 401 }) : null;
  await alice.engine.sendFile(id, fileOf(LARGE));
  await bob.until(() => fileIn(bob));
  assertEquals(3, server.frames('file-ask', alice.user).length);
});

scenario('tooLargeIsSaidBeforeAnythingIsMade', async () => {
  const { server, alice, id } = await pair();
  server.files.max = 2000;
  const error = await assertThrows(() => alice.engine.sendFile(id, fileOf(3000)), UserError);
  assertEquals('file-too-large', error.code);
  assert(error.text.includes('2 kB'), error.text);
  assertEquals('file-empty', await codeOf(() => alice.engine.sendFile(id, new File([], 'none'))));
  assertEquals([], alice.timeline);
  assertEquals([], await kept(alice));
});

scenario('whatIsRefusedLaterWaitsWithRetryAndDelete', async () => {
  const { server, alice, bob, id } = await pair();
  server.down();
  const first = await alice.engine.sendFile(id, fileOf(3000, 'first'));
  const second = await alice.engine.sendFile(id, fileOf(3000, 'second'));
  server.files.quota = 1000;
  server.up();
  await alice.until(() => [first, second].every(m => alice.messages.get(m).state === 'not-sent'));
  assert(alice.messages.get(first).reason.includes('no room left'));
  server.files.quota = Infinity;
  await alice.engine.deleteUnsent(first);
  await alice.engine.retry(second);
  await bob.until(() => fileIn(bob));
  assertEquals('second', fileIn(bob).file.name);
  assertEquals(1, (await kept(alice)).length);
});

scenario('aCancelledUploadGoesWithItsMessage', async () => {
  const { server, alice, bob, id } = await pair();
  let message;
  const cancelled = new Promise(resolve => {
    server.files.onTransfer = async ({ offset }) => {
      if (offset > 0) await alice.engine.cancelFile(message).then(resolve);
      return null;
    };
  });
  const tab = await alice.tab();
  message = await tab.engine.sendFile(id, fileOf(LARGE));
  await cancelled;
  await until(() => server.files.held.size === 0);
  assertEquals([], alice.timeline);
  await until(async () => (await kept(alice)).length === 0);
  await alice.engine.sendText(id, 'after that');
  await bob.until(() => bob.texts.includes('after that'));
  assertEquals(undefined, fileIn(bob));
});

scenario('aDownloadGoesOnWhereTheConnectionBroke', async () => {
  const file = fileOf(LARGE);
  const { server, bob, message } = await sent(file);
  server.files.seen = [];
  let breaks = 2;
  server.files.onTransfer = async () => breaks-- > 0 ? PIECE_BYTES + 77 : null;
  assert(await sameContent(file, await bob.engine.loadFile(message)));
  assertEquals([0, PIECE_BYTES, 2 * PIECE_BYTES], server.files.seen.map(({ offset }) => offset));
});

scenario('aDownloadThatGetsNowhereEndsAndIsTakenUpLater', async () => {
  const file = fileOf(LARGE);
  const { server, bob, message } = await sent(file);
  server.files.onTransfer = async ({ offset }) => offset > 0 ? 0 : PIECE_BYTES;
  assertEquals('file-broken', await codeOf(() => bob.engine.loadFile(message)));
  assert(bob.events.some(({ type, id }) => type === 'file-failed' && id === message));
  const again = await bob.reload();
  server.files.onTransfer = async () => null;
  server.files.seen = [];
  assert(await sameContent(file, await again.engine.loadFile(message)));
  assertEquals([PIECE_BYTES], server.files.seen.map(({ offset }) => offset));
});

scenario('nothingOfAWrongFileIsGivenOut', async () => {
  const file = fileOf(3000);
  const { server, bob, message } = await sent(file);
  const { name } = server.files.only;
  const held = server.files.held.get(name);
  const right = held.bytes;
  for (const wrong of [right.map((byte, i) => byte ^ (i === 20 ? 1 : 0)), right.slice(1),
    Uint8Array.from([...right, 0])]) {
    Object.assign(held, { bytes: wrong, size: wrong.length });
    const code = await codeOf(() => bob.engine.loadFile(message));
    assertEquals(wrong.length < right.length ? 'file-broken' : 'file-wrong', code);
    assert(!fileIn(bob).file.isHere);
  }
  Object.assign(held, { bytes: right, size: right.length });
  assert(await sameContent(file, await bob.engine.loadFile(message)));
});

scenario('aFileThatIsGoneSaysSo', async () => {
  const { server, bob, message } = await sent(fileOf(3000));
  server.files.held.clear();
  assertEquals('file-gone', await codeOf(() => bob.engine.loadFile(message)));
  assertEquals('no-such-message', await codeOf(() => bob.engine.loadFile('nobody/xx')));
});

scenario('aDownloadIsStoppedFromAnotherTab', async () => {
  const { server, bob, message } = await sent(fileOf(LARGE));
  const tab = await bob.tab();
  server.files.onTransfer = async () => {
    await tab.engine.cancelFile(message);
    await bob.until(() => bob.events.some(({ type }) => type === 'file-stopped'));
    return null;
  };
  assertEquals('file-stopped', await codeOf(() => bob.engine.loadFile(message)));
});

scenario('ownOtherDevicesAndGroupsGetFilesToo', async () => {
  const { server, alice, bob, id } = await pair();
  const phone = await addBrowser(server, alice, 'phone');
  const group = await alice.engine.createGroup('tea');
  await alice.engine.inviteMembers(group, [bob.user]);
  await bob.until(() => bob.conversations.has(group));
  await bob.engine.acceptInvitation(group);
  await bob.until(() => bob.conversations.get(group).group.status === 'member');
  const file = fileOf(3000);
  const toBob = await alice.engine.sendFile(id, file);
  const toGroup = await bob.engine.sendFile(group, file, { text: 'for all' });
  for (const [browser, message] of [[phone, toBob], [phone, toGroup], [alice, toGroup]]) {
    await browser.until(() => browser.messages.has(message));
    assert(await sameContent(file, await browser.engine.loadFile(message)));
  }
});

scenario('whatIsNotUsedMakesRoom', async () => {
  const { alice, bob, id, message } = await sent(fileOf(3000));
  await bob.engine.loadFile(message);
  const second = await alice.engine.sendFile(id, fileOf(5000));
  await bob.until(() => bob.messages.has(second));
  await bob.engine.loadFile(second);
  const bytes = (await kept(bob)).reduce((sum, [, { have }]) => sum + have, 0);
  const store = await AccountStore.open(bob.user);
  const gone = await store.write(FILE_STORES,
    stores => dropSpareFiles(stores, null, Date.now(), bytes - 1));
  assertEquals([message], gone);
  assertEquals(1, (await kept(bob)).length);
  store.close();
  await bob.engine.loadFile(message);
});

async function kept({ user }) {
  return (await dump(user)).files;
}

scenario('keysAndNamesLieSealed', async () => {
  const { alice, bob, message } = await sent(fileOf(3000, 'secret-plan.txt'));
  await bob.engine.loadFile(message);
  for (const { user } of [alice, bob]) {
    const all = JSON.stringify(await dump(user), (_, item) =>
      item instanceof Uint8Array ? new TextDecoder('latin1').decode(item) : item);
    assert(!all.includes('secret-plan'), user);
  }
  assert(fromBase64url((await kept(bob))[0][1].file).length === 32);
});

scenario('aDeletedFileGoesHereThereAndAtTheServer', async () => {
  const { server, alice, bob, message } = await sent(fileOf(3000), { text: 'oops' });
  await bob.engine.loadFile(message);
  await alice.engine.deleteForAll(message);
  await bob.until(() => bob.messages.get(message).kind === 'deleted');
  await until(() => server.files.held.size === 0);
  for (const person of [alice, bob]) await until(async () => (await kept(person)).length === 0);
  assertEquals('no-such-message', await codeOf(() => bob.engine.loadFile(message)));
});

scenario('aFileThatIsDeletedBeforeItIsThereNeverWas', async () => {
  const { server, alice, id } = await pair();
  server.down();
  const message = await alice.engine.sendFile(id, fileOf(3000));
  await alice.engine.deleteForAll(message);
  assertEquals([], alice.timeline);
  server.up();
  await until(async () => (await kept(alice)).length === 0);
  assertEquals([], server.frames('file-ask', alice.user));
});

scenario('aServerThatHasNoTimeNowIsAskedLater', async () => {
  const { server, alice, bob, id } = await pair();
  const answers = [429, 507, 404, 500];
  server.files.onTransfer = async ({ method }) => method === 'PUT' && answers.length > 0
    ? new Response(null, { status: answers.shift() }) : null;
  await alice.engine.sendFile(id, fileOf(3000));
  await bob.until(() => fileIn(bob));
  assertEquals([], answers);
});

scenario('whatGoesWhileItIsLoadedIsStoppedAndComesAnew', async () => {
  const file = fileOf(LARGE);
  const { server, bob, message } = await sent(file);
  const store = await AccountStore.open(bob.user);
  const changes = [
    stores => dropFile(stores, message),
    stores => stores.files.put({ message, file: 'x', size: 0, have: 0, state: 'dropping', at: 1 }),
    stores => stores.filePieces.delete([message, 0]),
  ];
  for (const change of changes) {
    let times = 0;
    server.files.onTransfer = async () => {
      if (++times === 2) await store.write(FILE_STORES, change);
      // The connection breaks, so that what is here is looked at once more.
      return PIECE_BYTES + 9;
    };
    assertEquals('file-stopped', await codeOf(() => bob.engine.loadFile(message)));
    if (change === changes[1]) await store.write(FILE_STORES, changes[0]);
  }
  store.close();
  server.files.onTransfer = async () => null;
  assert(await sameContent(file, await bob.engine.loadFile(message)));
});

test('aServerSaysInSecondsWhenItHasTime', () => {
  assertEquals([0, 0, 0, 0, 0, 0, 7000, 3_600_000, 3_600_000],
    [null, '', '0', '-1', '1.5', 'Wed, 21 Oct 2026 07:28:00 GMT', '7', '3601', '9'.repeat(400)]
      .map(millisecondsOf));
});

scenario('whatTheServerWillNeverTakeWaitsForTheUser', async () => {
  const { server, alice, bob, id } = await pair();
  let status = 403;
  server.files.onTransfer = async () => new Response(null, { status });
  const message = await alice.engine.sendFile(id, fileOf(3000));
  await alice.until(() => alice.messages.get(message).state === 'not-sent');
  assert(alice.messages.get(message).reason.includes('refused'));
  assertEquals(1, server.files.seen.length);
  status = 408;
  await alice.engine.retry(message);
  await until(() => server.files.seen.length > 2);
  server.files.onTransfer = async () => null;
  await bob.until(() => fileIn(bob));
});

scenario('filesThatFailAreInNobodysWayAndAreTriedEverLater', async () => {
  const { server, alice, bob, id } = await pair();
  const times = [];
  let broken = null;
  server.files.onTransfer = async ({ file }) => {
    if (broken === null) broken = new Set();
    if (broken.size < 2) broken.add(file);
    if (!broken.has(file)) return null;
    times.push(performance.now());
    return new Response(null, { status: 500 });
  };
  Object.assign(pace, { retryMs: 400, retryMsMax: 10_000 });
  for (const name of ['one', 'two']) await alice.engine.sendFile(id, fileOf(3000, name));
  await until(() => broken?.size === 2);
  await alice.engine.sendFile(id, fileOf(3000, 'three'));
  await bob.until(() => fileIn(bob)?.file.name === 'three');
  await until(() => times.length >= 6);
  assert(times[5] - times[0] > 550, times.join());
  Object.assign(pace, { retryMs: 20, retryMsMax: 200 });
});

scenario('anAnswerCanBeAFile', async () => {
  const { alice, bob, id } = await pair();
  const replyTo = await alice.engine.sendText(id, 'which one?');
  await bob.until(() => bob.messages.has(replyTo));
  await bob.engine.sendFile(id, fileOf(100), { replyTo });
  await alice.until(() => fileIn(alice));
  assertEquals('which one?', fileIn(alice).replyTo.text);
});
