/** What can be done with a message: one menu for all messages of a conversation. */
import { clone, setText } from './dom.js';
import { texts } from './texts.js';

const GAP_PX = 4;
const SAID_MS = 2000;

/** Entry: {name of its text, offered(message), run(message, actions): done or not, said: then} */
const ENTRIES = [
  { name: 'copyMessage', said: 'copied', offered: ({ kind }) => kind === 'text',
    run: ({ text }, actions) => actions.copyText(text) },
];

/** Whether anything can be done with a message. */
export function hasActions(message) {
  return ENTRIES.some(entry => entry.offered(message));
}

/** @param saying where it is said that something was done */
export function messageMenu(saying, actions) {
  const element = clone('message-menu');
  let giveBack = null;
  let timer = null;

  element.addEventListener('keydown', event => {
    event.stopPropagation();
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      close();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const items = [...element.children];
    items.at((items.indexOf(document.activeElement) + step) % items.length).focus();
  });
  element.addEventListener('contextmenu', event => event.preventDefault());

  /** By hand, because a finger that is lifted after a long press would dismiss the menu at once. */
  function pressedElsewhere({ target }) {
    if (!element.contains(target)) close();
  }

  function close() {
    removeEventListener('pointerdown', pressedElsewhere);
    if (!element.matches(':popover-open')) return;
    element.hidePopover();
    giveBack.focus({ preventScroll: true });
  }

  function say(text) {
    setText(saying, text);
    clearTimeout(timer);
    timer = setTimeout(() => setText(saying, ''), SAID_MS);
  }

  function itemOf({ name, run, said }, message) {
    const item = clone('menu-item');
    setText(item, texts[name]);
    item.addEventListener('click', async () => {
      close();
      if (await run(message, actions)) say(texts[said]);
    });
    return item;
  }

  /** @param beside what the menu stands at @param back what has the focus afterwards */
  function open(message, beside, back) {
    const entries = ENTRIES.filter(entry => entry.offered(message));
    if (entries.length === 0) return;
    giveBack = back;
    element.replaceChildren(...entries.map(entry => itemOf(entry, message)));
    element.showPopover();
    addEventListener('pointerdown', pressedElsewhere);
    place(beside.getBoundingClientRect());
    element.firstElementChild.focus();
  }

  /** Below what was pressed, or above it where there is no room, and always within the page. */
  function place({ left, top, bottom }) {
    const { offsetWidth: width, offsetHeight: height } = element;
    const below = bottom + GAP_PX;
    const y = below + height <= innerHeight ? below : top - GAP_PX - height;
    element.style.left = `${Math.max(GAP_PX, Math.min(left, innerWidth - width - GAP_PX))}px`;
    element.style.top = `${Math.max(GAP_PX, Math.min(y, innerHeight - height - GAP_PX))}px`;
  }

  return { element, open };
}
