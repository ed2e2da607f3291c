import { assert, assertEquals, assertThrows, test } from '../harness.js';
import { reconcile } from '/ui/reconcile.js';

function list() {
  const parent = document.createElement('ul');
  const created = [];
  function create(first) {
    const element = document.createElement('li');
    created.push(first.key);
    return { element, update: item => { element.textContent = item.text ?? item.key; } };
  }
  const show = (...items) => reconcile(parent,
    items.map(item => typeof item === 'string' ? { key: item } : item), item => item.key, create);
  return { parent, created, show, texts: () => [...parent.children].map(li => li.textContent) };
}

test('childrenFollowTheItems', () => {
  const { show, texts } = list();
  for (const items of ['abc', 'cab', 'b', '', 'xaby', 'yxba', 'zzz'.slice(0, 1)]) {
    show(...items);
    assertEquals([...items], texts());
  }
});

test('elementStaysTheSameAsLongAsItsKeyStays', () => {
  const { parent, created, show } = list();
  show('a', 'b', 'c');
  const [a, b, c] = parent.children;
  show('c', 'x', 'a', { key: 'b', text: 'changed' });
  assertEquals(true, [...parent.children].join() === [c, parent.children[1], a, b].join());
  assert(parent.children[0] === c && parent.children[2] === a && parent.children[3] === b);
  assertEquals('changed', b.textContent);
  assertEquals(['a', 'b', 'c', 'x'], created);
});

test('elementThatDoesNotMoveIsNotTouched', async () => {
  const { parent, show } = list();
  show('a', 'b', 'c');
  document.body.append(parent);
  const moved = [];
  const watcher = new MutationObserver(records => moved.push(...records));
  watcher.observe(parent, { childList: true });
  show('b', 'c', 'd');
  moved.push(...watcher.takeRecords());
  parent.remove();
  assertEquals(['- a', '+ d'], moved.flatMap(record => [
    ...[...record.removedNodes].map(node => `- ${node.textContent}`),
    ...[...record.addedNodes].map(node => `+ ${node.textContent}`)]));
});

test('goneKeyThatComesBackIsMadeAnew', () => {
  const { created, show } = list();
  show('a');
  show();
  show('a');
  assertEquals(['a', 'a'], created);
});

test('badItemIsReportedAndTheOthersAreShown', () => {
  const parent = document.createElement('ul');
  const reported = [];
  const note = event => {
    event.preventDefault();
    reported.push(event.error.message);
  };
  addEventListener('error', note);
  reconcile(parent, ['a', 'bad', 'c'], item => item, () => {
    const element = document.createElement('li');
    const update = item => {
      if (item === 'bad') throw new Error('this one');
      element.textContent = item;
    };
    return { element, update };
  });
  removeEventListener('error', note);
  assertEquals(['a', '', 'c'], [...parent.children].map(li => li.textContent));
  assertEquals(['this one'], reported);
});

test('twoItemsWithOneKeyAreAFault', async () => {
  const { show } = list();
  await assertThrows(() => show('a', 'a'), /one key/);
});
