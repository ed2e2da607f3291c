import { assertEquals, test } from '../harness.js';
import { shortcutOf } from '/state/shortcuts.js';

const NONE = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isComposing: false };
const ELSEWHERE = { apple: false };

/** @param {string} keys as "Ctrl Shift k" */
function pressed(keys, where = ELSEWHERE) {
  const names = keys.split(' ');
  const press = { ...NONE, key: names.pop() };
  for (const name of names) press[`${name.toLowerCase()}Key`] = true;
  return shortcutOf(press, { ...ELSEWHERE, ...where });
}

test('eachShortcutHasItsKeys', () => {
  for (const [keys, expected] of Object.entries({
    'Ctrl k': 'switch', 'Ctrl K': 'switch', 'Alt ArrowUp': 'previous', 'Alt ArrowDown': 'next',
    'Alt Shift ArrowUp': 'previous-unread', 'Alt Shift ArrowDown': 'next-unread',
    'Ctrl /': 'shortcuts', 'Ctrl Shift /': 'shortcuts' })) {
    assertEquals(expected, pressed(keys), keys);
  }
});

test('keysOfBrowserAndSystemAreLeftAlone', () => {
  for (const keys of ['k', 'Ctrl Shift k', 'Ctrl Alt k', 'Meta k', 'Alt ArrowLeft', '/', 'Alt /',
    'Alt ArrowRight', 'ArrowUp', 'Shift ArrowUp', 'Ctrl ArrowDown', 'Ctrl Alt ArrowUp',
    'Meta Alt ArrowUp', 'Ctrl Alt Shift ArrowDown', 'Ctrl ?', '?', 'Shift ?', 'Alt d', 'F1',
    'Escape']) {
    assertEquals(null, pressed(keys), keys);
  }
});

test('onAppleTheCommandKeyOpensTheSwitcherAndControlStaysWithTheText', () => {
  assertEquals('switch', pressed('Meta k', { apple: true }));
  assertEquals(null, pressed('Ctrl k', { apple: true }));
  assertEquals('shortcuts', pressed('Ctrl /', { apple: true }));
});

test('whoComposesTypesAnything', () => {
  assertEquals(null,
    shortcutOf({ ...NONE, key: 'k', ctrlKey: true, isComposing: true }, ELSEWHERE));
});

test('keyPressWithoutAKeyIsNoShortcut', () => {
  assertEquals(null, shortcutOf({ ctrlKey: true }, ELSEWHERE));
});
