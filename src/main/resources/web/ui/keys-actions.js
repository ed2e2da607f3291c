/** Going between conversations, and how the list shows them. */
import { neighbour } from '../state/switcher.js';

const STEPS = { previous: -1, 'previous-unread': -1, next: 1, 'next-unread': 1 };

/** @param tools {attempt(ask, fail), alert(text)} of the actions */
export function keysActions(page, { attempt, alert }) {
  const { dispatch, engine } = page;

  /** Goes to a conversation, to write in it; to the open one, too. */
  function enter(id) {
    dispatch({ type: 'dialog', dialog: null });
    page.goTo(id);
    dispatch({ type: 'entered' });
  }

  /** @param {string} way as a key asked for it */
  function step(way) {
    const next = neighbour(page.state(), STEPS[way], way.endsWith('unread'));
    if (next !== null) enter(next);
  }

  return {
    enter,
    step,
    showSwitcher: () => dispatch({ type: 'dialog', dialog: { kind: 'switcher' } }),
    showShortcuts: () => dispatch({ type: 'dialog', dialog: { kind: 'shortcuts' } }),
    arrange: (id, change) => attempt(() => engine().arrange(id, change), alert),
  };
}
