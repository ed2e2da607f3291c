/**
 * All emoji, to choose from by sight, by name, with the mouse or with keys: for a box, or to react
 * to a message.
 */
import { searchEmoji } from '../state/emoji.js';
import { clone, parts, setOptionalText, setText } from './dom.js';
import { loadEmoji, noteEmoji, recentEmoji } from './emoji-data.js';
import { isRightToLeft, placeBeside } from './placing.js';
import { insertText } from './text-editing.js';
import { texts } from './texts.js';

const FOUND_MAX = 120;

/** @param button opens it @param box takes what is chosen, and has the focus afterwards */
export function emojiPicker(button, box) {
  const { element } = picker({
    take(emoji) {
      insertText(box, emoji);
      noteEmoji(emoji);
    },
    back: () => box,
    toggled: isOpen => button.setAttribute('aria-expanded', isOpen),
  });
  button.popoverTargetElement = element;
  return { element };
}

/**
 * One for all messages of a conversation, made when it is first asked for.
 *
 * @param parent where it belongs @param react(message, emoji)
 */
export function reactionPicker(parent, react) {
  let element = null;
  let target = null;

  function make() {
    const made = picker({
      take: emoji => react(target.message, emoji),
      back: () => target.back,
      toggled() {},
    });
    made.element.classList.add('is-beside');
    parent.append(made.element);
    return made.element;
  }

  /** @param beside what it stands at @param back what has the focus afterwards */
  function open(message, beside, back) {
    target = { message, back };
    element ??= make();
    element.showPopover();
    placeBeside(element, beside.getBoundingClientRect());
  }

  return { open };
}

function picker({ take, back, toggled }) {
  const element = clone('emoji-picker');
  const view = parts(element);
  let all = [];

  element.addEventListener('toggle', ({ newState }) => {
    toggled(newState === 'open');
    if (newState === 'open') open();
    else if (element.contains(document.activeElement) || document.activeElement === document.body
        || document.activeElement.popoverTargetElement === element) back().focus();
  });
  view.search.addEventListener('input', show);
  view.search.addEventListener('keydown', event => {
    if (event.isComposing || event.key !== 'Enter' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    const first = view.grid.querySelector('button');
    if (event.key === 'Enter') first?.click();
    else first?.focus();
  });
  view.grid.addEventListener('click', ({ target }) => {
    const chosen = target.closest('button');
    if (chosen) choose(chosen.textContent);
  });
  view.grid.addEventListener('keydown', moveByKey);

  async function open() {
    view.search.value = '';
    view.search.focus();
    setText(view.status, '');
    try {
      all = await loadEmoji();
      setOptionalText(view.error, null);
    } catch {
      setOptionalText(view.error, texts.emojiFailed);
    }
    show();
  }

  function show() {
    const typed = view.search.value.trim();
    const found = searchEmoji(all, typed, FOUND_MAX);
    view.grid.replaceChildren(...typed === '' ? everything() : [section('', found)]);
    view.grid.scrollTop = 0;
    setText(view.status, typed === '' ? '' : texts.emojiFound(found.length));
  }

  function everything() {
    const byEmoji = new Map(all.map(emoji => [emoji.emoji, emoji]));
    const recent = recentEmoji().flatMap(emoji => byEmoji.get(emoji) ?? []);
    const categories = new Map();
    for (const emoji of all) {
      if (!categories.has(emoji.category)) categories.set(emoji.category, []);
      categories.get(emoji.category).push(emoji);
    }
    return [...recent.length > 0 ? [[texts.emojiRecent, recent]] : [], ...categories]
      .map(([title, some]) => section(title, some));
  }

  function section(title, some) {
    const made = clone('emoji-section');
    const inside = parts(made);
    setOptionalText(inside.title, texts.emojiCategories[title] ?? title);
    inside.emoji.append(...some.map(buttonOf));
    return made;
  }

  function choose(emoji) {
    element.hidePopover();
    take(emoji);
  }

  /** Arrows lead through the rows, over the borders of the categories; what is typed, to search. */
  function moveByKey(event) {
    const here = event.target.closest('button');
    if (!here || event.ctrlKey || event.metaKey || event.altKey) return;
    const aside = isRightToLeft() ? -1 : 1;
    const next = {
      ArrowRight: () => beside(here, aside), ArrowLeft: () => beside(here, -aside),
      ArrowDown: () => inRow(here, 1), ArrowUp: () => inRow(here, -1) ?? view.search,
    }[event.key];
    if (next) {
      event.preventDefault();
      next()?.focus();
    } else if (event.key.length === 1 && event.key !== ' ') {
      view.search.focus();
    }
  }

  function beside(here, step) {
    const buttons = [...view.grid.querySelectorAll('button')];
    return buttons[buttons.indexOf(here) + step];
  }

  function inRow(here, step) {
    const rows = here.parentElement;
    const columns = getComputedStyle(rows).gridTemplateColumns.split(' ').length;
    const place = [...rows.children].indexOf(here);
    const column = place % columns;
    const wanted = place + step * columns;
    const lastRow = Math.floor((rows.children.length - 1) / columns);
    if (wanted >= 0 && Math.floor(wanted / columns) <= lastRow) {
      return rows.children[Math.min(wanted, rows.children.length - 1)];
    }
    const sections = [...view.grid.querySelectorAll('.emoji-rows')];
    const other = sections[sections.indexOf(rows) + step]?.children;
    if (other === undefined) return null;
    const start = step > 0 ? 0 : Math.floor((other.length - 1) / columns) * columns;
    return other[Math.min(start + column, other.length - 1)];
  }

  return { element };
}

function buttonOf({ emoji, name }) {
  const button = clone('emoji-button');
  button.textContent = emoji;
  button.title = `:${name}:`;
  button.setAttribute('aria-label', name.replaceAll('_', ' '));
  return button;
}
