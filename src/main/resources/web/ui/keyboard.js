/** The keys of the whole page. Which they are, and why, stands in state/shortcuts.js. */
import { screenOf } from '../state/state.js';
import { shortcutOf } from '../state/shortcuts.js';

/** Dialogs over which keys of the page still work, as nothing in them is lost. */
const PASSING = new Set(['switcher', 'shortcuts']);

export function isApple() {
  return /^(Mac|iP)/.test(navigator.platform);
}

/** @param {function(): State} stateNow */
export function pageKeys(stateNow, actions) {
  addEventListener('keydown', event => {
    const asked = shortcutOf(event, { apple: isApple() });
    const state = stateNow();
    if (asked === null || screenOf(state) !== 'main') return;
    // Not even where it does nothing here may the browser's own meaning of the key surprise.
    event.preventDefault();
    const kind = state.dialog?.kind ?? null;
    if (kind === null || PASSING.has(kind)) run(asked, kind);
  });

  function run(asked, kind) {
    switch (asked) {
      case 'switch': return kind === 'switcher' ? actions.closeDialog() : actions.showSwitcher();
      case 'shortcuts': return kind === 'shortcuts' ? actions.closeDialog()
        : actions.showShortcuts();
      default: return kind === null && actions.step(asked);
    }
  }
}
