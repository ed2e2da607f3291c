/** The whole page: one of four screens, and the dialog over it. */
import { screenOf } from '../state/state.js';
import { openConversation, unreadTotal } from '../state/conversations.js';
import { clone } from './dom.js';
import { dialogView } from './dialog-view.js';
import { refuseDrops } from './file-drop.js';
import { gateView } from './gate-view.js';
import { mainView } from './main-view.js';
import { showBadge } from './notifier.js';
import { startView } from './start-view.js';
import { texts } from './texts.js';

const screens = {
  loading: () => ({ element: clone('loading'), update() {} }),
  gate: gateView,
  start: startView,
  main: mainView,
};

/** Where the focus goes when what had it is gone: to the first of them that is in sight. */
const PLACES = ['.scroller', '.conversations a', '.side-head button'];

export function pageView(root, actions) {
  const dialog = dialogView(root, actions);
  let shown = null;
  let screen = null;
  let total = 0;
  refuseDrops();

  function update(state) {
    const name = screenOf(state);
    const focused = name === shown ? document.activeElement : document.body;
    if (name !== shown) {
      screen?.close?.();
      shown = name;
      screen = screens[name](actions);
      root.replaceChildren(screen.element);
    }
    // First: where one of two screens is shown, a conversation finds its place only in sight.
    root.classList.toggle('talking', openConversation(state) !== null);
    screen.update(state);
    dialog.update(state);
    showTotal(unreadTotal(state));
    if (!focused.isConnected && document.activeElement === document.body) focusPlace();
  }

  function focusPlace() {
    const places = PLACES.flatMap(near => [...root.querySelectorAll(near)]);
    places.find(place => place.checkVisibility())?.focus({ preventScroll: true });
  }

  function showTotal(unread) {
    document.title = texts.title(unread);
    if (unread !== total) showBadge(unread);
    total = unread;
  }

  return { update };
}
