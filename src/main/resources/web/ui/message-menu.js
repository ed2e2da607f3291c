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
 * Entry: {name of its text, offered(message, here: see `open`), run(message, actions,
 * pickReaction): done or not, said?: then, hides?: whether the button of the menu may go by it}
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
    offered: (message, here) => canAnswer(message, here) && message.mine
      && message.kind === 'text',
    run: (message, actions) => actions.startEdit(message) },
  { name: 'deleteForAll',
    offered: (message, here) => canAnswer(message, here) && message.mine,
    run: (message, actions) => actions.askDelete(message) },
  { name: 'askBlock', hides: true,
    offered: (message, here) => isOfMember(message, here) && !here.isBlocked(message.from),
    run: ({ from }, actions) => actions.askBlock(from) },
  { name: 'unblockOf',
    offered: (message, here) => isOfMember(message, here) && here.isBlocked(message.from),
    run: ({ from }, actions) => actions.unblock(from) },
];

function canAnswer(message, { canWrite }) {
  return canWrite && isOut(message);
}

/** A conversation of two people has a menu of its own, in which to block. */
function isOfMember(message, { isOfGroup }) {
  return isOfGroup && isSaid(message) && !message.mine;
}

/** Whether anything can be done with a message. */
export function hasActions(message, here) {
  return ENTRIES.some(entry => entry.offered(message, here));
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

  /** Where the focus is after the dialog that is to come. */
  function focusMessage() {
    const message = giveBack.closest('.message');
    message.tabIndex = -1;
    message.focus({ preventScroll: true });
  }

  function say(text) {
    setText(saying, text);
    clearTimeout(timer);
    timer = setTimeout(() => setText(saying, ''), SAID_MS);
  }

  function itemOf({ name, run, said, hides }, message, pick) {
    const item = clone('menu-item');
    const words = texts[name];
    setText(item, typeof words === 'function' ? words(message.from) : words);
    item.addEventListener('click', async () => {
      close();
      if (hides) focusMessage();
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
   * @param here {canWrite, isOfGroup, isBlocked(user)} of the conversation
   */
  function open(message, beside, back, here) {
    const entries = ENTRIES.filter(entry => entry.offered(message, here));
    if (entries.length === 0) return;
    giveBack = back;
    standsAt = beside;
    const pick = () => pickReaction(message, beside, back);
    view.quick.hidden = !canAnswer(message, here);
    view.quick.replaceChildren(...view.quick.hidden ? []
      : quickEmoji().map(emoji => quickItem(emoji, message)));
    view.items.replaceChildren(...entries.map(entry => itemOf(entry, message, pick)));
    element.showPopover();
    addEventListener('pointerdown', pressedElsewhere);
    addEventListener('resize', place);
    place();
    view.items.firstElementChild.focus();
  }

  /** What it stands at while it is open. */
  function owner() {
    return element.matches(':popover-open') ? standsAt : null;
  }

  /** The message that it belongs to may have disappeared. */
  function follow() {
    if (owner()?.isConnected === false) close();
  }

  return { element, open, owner, follow };
}
