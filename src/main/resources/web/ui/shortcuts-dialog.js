/** The list of what the keys do. */
import { clone, parts, setText } from './dom.js';
import { isApple } from './keyboard.js';
import { texts } from './texts.js';

/** What each key is called, and what is printed on it on a Mac, by the name in the list. */
function shortcutsHere() {
  const [command, control, alt, shift, enter] = isApple() ? ['⌘', '⌃', '⌥', '⇧', '↩']
    : texts.shortcutKeys;
  return {
    switch: [command, 'K'],
    previous: [alt, '↑'],
    next: [alt, '↓'],
    previousUnread: [alt, shift, '↑'],
    nextUnread: [alt, shift, '↓'],
    send: [enter],
    line: [shift, enter],
    edit: ['↑'],
    bold: [command, 'B'],
    italic: [command, 'I'],
    code: [command, 'E'],
    menu: [shift, 'F10'],
    close: ['Esc'],
    shortcuts: [control, '/'],
  };
}

export function shortcutsDialog() {
  const element = clone('shortcuts');
  element.append(...Object.entries(shortcutsHere()).map(rowOf));
  return { element, update() {}, title: () => texts.shortcuts };
}

function rowOf([name, keys]) {
  const row = clone('shortcut');
  const view = parts(row);
  setText(view.what, texts.shortcutsFor[name]);
  view.keys.append(...keys.map(keyCap));
  return row;
}

function keyCap(text) {
  const cap = document.createElement('kbd');
  cap.textContent = text;
  return cap;
}
