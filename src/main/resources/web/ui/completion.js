/**
 * Offers what could be meant while its beginning is typed: emoji, people. The focus stays in the
 * box.
 */
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
import { replace } from './text-editing.js';

/**
 * Option: {sign?, name, text: what is put into the box, taken?()}. Source: {label: of the list,
 * typed(text, caret): what is typed of a name, {from, …}, or null, load(): what `find` needs,
 * find(loaded, typed): options, taken at once if `typed.closed` and the first is `exact`}.
 *
 * @param list the list box, empty and hidden
 */
export function completion(box, list, sources) {
  let found = [];
  let source = null;
  let at = 0;

  box.addEventListener('input', update);
  box.addEventListener('blur', close);

  const typedIn = one => one.typed(box.value, box.selectionStart);

  async function update() {
    const asked = sources.find(one => typedIn(one) !== null) ?? null;
    if (asked !== source) close();
    source = asked;
    if (asked === null) return;
    const loaded = await asked.load();
    if (source === asked) offer(asked.find, loaded, typedIn(asked));
  }

  function offer(find, loaded, typed) {
    found = typed === null ? [] : find(loaded, typed);
    at = 0;
    if (!typed?.closed) show();
    else if (found[0]?.exact) take(found[0]);
    else close();
  }

  function show() {
    list.hidden = found.length === 0;
    setAttribute(list, 'aria-label', source.label);
    list.replaceChildren(...found.map(optionOf));
    mark();
  }

  function optionOf(option, place) {
    const element = clone('option');
    const view = parts(element);
    element.id = `completion-${place}`;
    setOptionalText(view.sign, option.sign);
    setText(view.name, option.name);
    element.addEventListener('pointerdown', event => event.preventDefault());
    element.addEventListener('click', () => take(option));
    return element;
  }

  function mark() {
    [...list.children].forEach((option, place) =>
      option.setAttribute('aria-selected', place === at));
    setAttribute(box, 'aria-activedescendant', list.children[at]?.id ?? null);
    list.children[at]?.scrollIntoView({ block: 'nearest' });
  }

  function take({ text, taken }) {
    replace(box, typedIn(source).from, box.selectionStart, `${text} `);
    taken?.();
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
