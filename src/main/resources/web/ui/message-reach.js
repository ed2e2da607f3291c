/** How the messages of a timeline are reached without a mouse: arrow keys, and a long press. */
const LONG_PRESS_MS = 500;
const MOVED_PX = 10;
const STEPS = { ArrowUp: 'previousElementSibling', ArrowDown: 'nextElementSibling' };

/** Buttons that Tab comes to only from their message. */
const WITH_MESSAGE = '.message-actions, .quote, .reactions button';

/** Asks a message for its menu; message-item.js listens. */
const ASK = 'ask-menu';

export function messageReach(scroller, rows) {
  let current = null;
  let pressed = null;

  const ask = message => message.dispatchEvent(new Event(ASK));
  const messageAt = target => target.closest('.message');

  scroller.addEventListener('keydown', event => {
    const { key, target } = event;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (STEPS[key] && !event.shiftKey && !target.closest('pre')) {
      const next = nextOf(messageAt(target), key);
      if (!next) return;
      event.preventDefault();
      reach(next);
    } else if (target === messageAt(target) && asksForMenu(event)) {
      event.preventDefault();
      ask(target);
    }
  });

  function asksForMenu({ key, shiftKey }) {
    return shiftKey ? key === 'F10' : key === 'Enter' || key === 'ContextMenu';
  }

  /** Null where the page shall scroll instead: at the ends, and within a message longer than it. */
  function nextOf(from, key) {
    const view = scroller.getBoundingClientRect();
    if (from === null) {
      const seen = [...rows.querySelectorAll('.message')].filter(message => {
        const { top, bottom } = message.getBoundingClientRect();
        return bottom > view.top && top < view.bottom;
      });
      return seen.at(key === 'ArrowUp' ? -1 : 0) ?? null;
    }
    const { top, bottom } = from.getBoundingClientRect();
    if (key === 'ArrowUp' ? top < view.top - 1 : bottom > view.bottom + 1) return null;
    let next = from[STEPS[key]];
    while (next && !next.matches('.message')) next = next[STEPS[key]];
    return next;
  }

  /** Only one message at a time is on the way of the Tab key. */
  function reach(message) {
    if (current) setStop(current, -1);
    current = message;
    setStop(message, 0);
    message.focus({ preventScroll: true });
    message.scrollIntoView({ block: 'nearest' });
  }

  function setStop(message, tabIndex) {
    message.tabIndex = tabIndex;
    for (const button of message.querySelectorAll(WITH_MESSAGE)) button.tabIndex = tabIndex;
  }

  scroller.addEventListener('pointerdown', event => {
    letGo();
    const message = messageAt(event.target);
    if (event.pointerType !== 'touch' || !message || event.target.closest('a, button')) return;
    const { clientX: x, clientY: y } = event;
    const timer = setTimeout(() => {
      letGo();
      message.tabIndex = -1;
      ask(message);
    }, LONG_PRESS_MS);
    pressed = { x, y, timer };
  });
  scroller.addEventListener('pointermove', ({ clientX, clientY }) => {
    if (pressed && Math.hypot(clientX - pressed.x, clientY - pressed.y) > MOVED_PX) letGo();
  });
  for (const end of ['pointerup', 'pointercancel', 'scroll']) {
    scroller.addEventListener(end, letGo, { passive: true });
  }
  scroller.addEventListener('contextmenu', event => {
    const touched = event.pointerType === 'touch' && !event.target.closest('a');
    if (touched || event.target === messageAt(event.target)) event.preventDefault();
  });

  function letGo() {
    if (pressed) clearTimeout(pressed.timer);
    pressed = null;
  }
}
