/** What can be done with a message: one menu for all messages of a conversation. */
import { clone, parts, setText } from './dom.js';
import { quickEmoji } from './emoji-data.js';
import { isRightToLeft, placeBeside } from './placing.js';
import { texts } from './texts.js';

const SAID_MS = 2000;

const isSaid = ({ kind }) => kind === 'text' || kind === 'file';

/** Whether others have a message, or will: one that was not sent cannot be answered. */
const isOut = message => isSaid(message) && message.state !== 'not-sent';

/**
 * Entry: {name of its text, offered(message, canWrite in the conversation), run(message, actions,
 * pickReaction): done or not, said?: then}
 */
const ENTRIES = [
  { name: 'reply', offered: canAnswer,
    run: (message, actions) => actions.replyTo(message) },
  { name: 'react', offered: canAnswer,
    run: (message, actions, pickReaction) => pickReaction() },
  { name: 'saveFile', offered: ({ kind }) => kind === 'file',
    run: (message, actions) => actions.saveFile(message) },
  { name: 'copyMessage', said: 'copied', offered: message => isSaid(message) && message.text !== '',
    run: ({ text }, actions) => actions.copyText(text) },
  { name: 'edit',
    offered: (message, canWrite) => canAnswer(message, canWrite) && message.mine
      && message.kind === 'text',
    run: (message, actions) => actions.startEdit(message) },
  { name: 'deleteForAll',
    offered: (message, canWrite) => canAnswer(message, canWrite) && message.mine,
    run: (message, actions) => actions.askDelete(message) },
];

function canAnswer(message, canWrite) {
  return canWrite && isOut(message);
}

/** Whether anything can be done with a message. */
export function hasActions(message, canWrite) {
  return ENTRIES.some(entry => entry.offered(message, canWrite));
}

/**
 * @param saying where it is said that something was done
 * @param pickReaction(message, beside, back)
 */
export function messageMenu(saying, actions, pickReaction) {
  const element = clone('message-menu');
  const view = parts(element);
  let giveBack = null;
  let standsAt = null;
  let timer = null;

  element.addEventListener('keydown', event => {
    event.stopPropagation();
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      close();
      return;
    }
    const next = nextOf(event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  element.addEventListener('contextmenu', event => event.preventDefault());

  /** The quick reactions are one line, walked by the arrows to the sides. */
  function nextOf(key) {
    const items = [...view.items.children].map(item => [item]);
    const lines = view.quick.hidden ? items : [[...view.quick.children], ...items];
    const place = lines.findIndex(line => line.includes(document.activeElement));
    const line = lines[place] ?? [];
    const aside = isRightToLeft() ? -1 : 1;
    const inLine = step => line.at((line.indexOf(document.activeElement) + step) % line.length);
    switch (key) {
      case 'ArrowDown': return lines.at((place + 1) % lines.length)[0];
      case 'ArrowUp': return lines.at((place - 1) % lines.length)[0];
      case 'ArrowRight': return inLine(aside);
      case 'ArrowLeft': return inLine(-aside);
      default: return null;
    }
  }

  /** By hand, because a finger that is lifted after a long press would dismiss the menu at once. */
  function pressedElsewhere({ target }) {
    if (!element.contains(target)) close();
  }

  function place() {
    placeBeside(element, standsAt.getBoundingClientRect());
  }

  function close() {
    removeEventListener('pointerdown', pressedElsewhere);
    removeEventListener('resize', place);
    if (!element.matches(':popover-open')) return;
    element.hidePopover();
    giveBack.focus({ preventScroll: true });
  }

  function say(text) {
    setText(saying, text);
    clearTimeout(timer);
    timer = setTimeout(() => setText(saying, ''), SAID_MS);
  }

  function itemOf({ name, run, said }, message, pick) {
    const item = clone('menu-item');
    setText(item, texts[name]);
    item.addEventListener('click', async () => {
      close();
      if (await run(message, actions, pick) && said) say(texts[said]);
    });
    return item;
  }

  function quickItem(emoji, message) {
    const item = clone('menu-item');
    const isMine = message.reactions?.some(one => one.mine && one.emoji === emoji) ?? false;
    setText(item, emoji);
    item.title = isMine ? texts.takeBack(emoji) : texts.reactWith(emoji);
    item.setAttribute('aria-label', item.title);
    item.classList.toggle('is-mine', isMine);
    item.addEventListener('click', () => {
      close();
      actions.react(message, emoji);
    });
    return item;
  }

  /**
   * @param beside what the menu stands at
   * @param back what has the focus afterwards
   */
  function open(message, beside, back, canWrite) {
    const entries = ENTRIES.filter(entry => entry.offered(message, canWrite));
    if (entries.length === 0) return;
    giveBack = back;
    standsAt = beside;
    const pick = () => pickReaction(message, beside, back);
    view.quick.hidden = !canAnswer(message, canWrite);
    view.quick.replaceChildren(...view.quick.hidden ? []
      : quickEmoji().map(emoji => quickItem(emoji, message)));
    view.items.replaceChildren(...entries.map(entry => itemOf(entry, message, pick)));
    element.showPopover();
    addEventListener('pointerdown', pressedElsewhere);
    addEventListener('resize', place);
    place();
    view.items.firstElementChild.focus();
  }

  return { element, open };
}
