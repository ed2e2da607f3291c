/**
 * The keys that do something anywhere on the page, and why none of them takes what a browser or
 * system needs, in Chromium and Firefox on Linux, Windows and macOS:
 *
 * Ctrl+K (macOS: Cmd+K): some browsers go to their search box on it, as they do on Ctrl+L and
 *   Ctrl+E too; a page may take it, and people look for it in a chat. With Ctrl on macOS it deletes
 *   to the end of the line, so there it stays free.
 * Alt+Up, Alt+Down: history is on Alt+Left and Alt+Right, menus on Alt with a letter, scrolling and
 *   tabs on Ctrl. They open a choice list, and the page has none. On macOS they go to the ends of a
 *   paragraph, as Ctrl+A and Ctrl+E still do. Windows changes the keyboard's layout on Alt+Shift
 *   only if no third key comes.
 * Ctrl+/: no browser binds it. The key is known by what it types, as on many layouts that needs
 *   Shift; "/" alone would be Firefox's quick find.
 * None is a character alone, which comes by a slip, and by itself from whoever speaks to the computer
 * instead of typing (WCAG 2.1.4).
 *
 * AltGr types characters and is never taken: browsers tell it as Ctrl with Alt, or as neither.
 */

/**
 * What a key press asks for: "switch", "shortcuts", "next", "previous", "next-unread",
 * "previous-unread"; null if it is no shortcut.
 *
 * @param {{key, ctrlKey, metaKey, altKey, shiftKey, isComposing}} press
 */
export function shortcutOf(press, { apple }) {
  // What fills in forms presses keys without a name.
  const { key = '', ctrlKey, metaKey, altKey, shiftKey, isComposing } = press;
  if (isComposing) return null;
  if (altKey && !ctrlKey && !metaKey) return MOVES[key]?.[shiftKey ? 1 : 0] ?? null;
  if (altKey) return null;
  const command = apple ? metaKey && !ctrlKey : ctrlKey && !metaKey;
  if (command && !shiftKey && key.toLowerCase() === 'k') return 'switch';
  return ctrlKey && !metaKey && key === '/' ? 'shortcuts' : null;
}

const MOVES = {
  ArrowUp: ['previous', 'previous-unread'],
  ArrowDown: ['next', 'next-unread'],
};
