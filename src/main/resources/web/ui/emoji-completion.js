/** Offers emoji while their `:name` is typed. The focus stays in the box. */
import { nameTyped, searchEmoji } from '../state/emoji.js';
import { clone, parts, setAttribute, setText } from './dom.js';
import { loadEmoji, noteEmoji } from './emoji-data.js';
import { replace } from './text-editing.js';

const SHOWN_MAX = 8;

/** @param list the list box, empty and hidden */
export function emojiCompletion(box, list) {
  let found = [];
  let at = 0;

  box.addEventListener('input', update);
  box.addEventListener('blur', close);

  async function update() {
    if (nameTyped(box.value, box.selectionStart) === null) return close();
    const all = await loadEmoji().catch(() => []);
    const typed = nameTyped(box.value, box.selectionStart);
    if (typed === null) return close();
    found = searchEmoji(all, typed.name, SHOWN_MAX);
    at = 0;
    if (!typed.closed) return show();
    return found[0]?.name === typed.name.toLowerCase() ? take(found[0]) : close();
  }

  function show() {
    list.hidden = found.length === 0;
    list.replaceChildren(...found.map(optionOf));
    mark();
  }

  function optionOf(emoji, place) {
    const element = clone('emoji-option');
    const view = parts(element);
    element.id = `emoji-option-${place}`;
    setText(view.emoji, emoji.emoji);
    setText(view.name, `:${emoji.name}:`);
    element.addEventListener('pointerdown', event => event.preventDefault());
    element.addEventListener('click', () => take(emoji));
    return element;
  }

  function mark() {
    [...list.children].forEach((option, place) =>
      option.setAttribute('aria-selected', place === at));
    setAttribute(box, 'aria-activedescendant', list.children[at]?.id ?? null);
    list.children[at]?.scrollIntoView({ block: 'nearest' });
  }

  function take({ emoji }) {
    const { from } = nameTyped(box.value, box.selectionStart);
    replace(box, from, box.selectionStart, `${emoji} `);
    noteEmoji(emoji);
    close();
  }

  function close() {
    found = [];
    list.hidden = true;
    list.replaceChildren();
    setAttribute(box, 'aria-activedescendant', null);
  }

  /** Whether the key was for the list. */
  function takesKey(event) {
    if (found.length === 0 || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) {
      return false;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      at = (at + step + found.length) % found.length;
      mark();
    } else if (event.key === 'Enter' || event.key === 'Tab') {
      take(found[at]);
    } else if (event.key === 'Escape') {
      close();
    } else {
      return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  return { takesKey, close };
}
