import { trayOf } from '/state/files.js';
import { assertEquals, test } from '../harness.js';
import { desk, refused } from './desk.js';

const files = (...names) => names.map(name => new File(['x'], name));
const tray = it => trayOf(it.state, 'c1').files.map(({ file, error }) => [file.name, error]);
const sent = it => it.calls.filter(([name]) => name === 'sendFile')
  .map(([, , { name }, { text = '' }]) => [name, text]);

test('filesGoOneByOneTheTextWithTheFirst', async () => {
  const it = desk();
  it.actions.attach('c1', files('a', 'b'));
  it.actions.draft('c1', 'look');
  await it.actions.sendFiles('c1', 'look');
  assertEquals([['a', 'look'], ['b', '']], sent(it));
  assertEquals([[], ''], [tray(it), it.state.drafts.c1]);
});

test('whatIsRefusedStaysAndSaysWhyAndTheTextGoesWithTheNext', async () => {
  const it = desk({
    sendFile: (_, { name }) => { if (name === 'a') throw refused('Too large.'); },
  });
  it.actions.attach('c1', files('a', 'b'));
  await it.actions.sendFiles('c1', 'look');
  assertEquals([['a', 'look'], ['b', 'look']], sent(it));
  assertEquals([['a', 'Too large.']], tray(it));
  assertEquals(false, trayOf(it.state, 'c1').busy);
});

test('aTextWhoseFilesAreAllRefusedIsNotLost', async () => {
  const it = desk({ sendFile: refused('Too large.') });
  it.actions.attach('c1', files('a'));
  it.actions.draft('c1', 'look');
  await it.actions.sendFiles('c1', 'look');
  assertEquals('look', it.state.drafts.c1);
});

test('aFileIsSavedUnderANameThatDoesNotDeceive', async () => {
  const blob = new Blob(['x']);
  const it = desk({ loadFile: blob });
  await it.actions.saveFile({ id: 'm', file: { name: 'photo\u202egpj.exe' } });
  assertEquals('photo\ufffdgpj.exe', it.saved[0][0]);
});

test('whatCannotBeLoadedIsSaidAtItsMessageWhatWasStoppedIsNot', async () => {
  const it = desk({ loadFile: refused('Gone.', { code: 'file-gone' }) });
  await it.actions.saveFile({ id: 'm', file: { name: 'a' } });
  assertEquals(['Gone.', true], [it.state.transfers.m.error, it.state.transfers.m.isFinal]);
  assertEquals([], it.saved);
  const stopped = desk({ loadFile: refused('Stopped.', { code: 'file-stopped' }) });
  await stopped.actions.loadFile('m');
  assertEquals({}, stopped.state.transfers);
});
