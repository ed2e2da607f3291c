/** Small helpers over the DOM. Text enters the page only here, and only as `textContent`. */
import { textOf } from './texts.js';

const originals = new Map();

/** A copy of the template `t-NAME`, with its fixed texts filled in. */
export function clone(name) {
  if (!originals.has(name)) originals.set(name, filledOriginal(name));
  return originals.get(name).cloneNode(true);
}

function filledOriginal(name) {
  const { content } = document.getElementById(`t-${name}`);
  const element = content.firstElementChild;
  [element, ...element.querySelectorAll('[data-text], [data-label], [data-hint]')].forEach(fill);
  return element;
}

function fill(element) {
  const { text, label, hint } = element.dataset;
  if (text !== undefined) {
    element.textContent = textOf(text);
  }
  if (label !== undefined) {
    element.setAttribute('aria-label', textOf(label));
  }
  if (hint !== undefined) {
    element.placeholder = textOf(hint);
  }
}

/** The parts of a copy, by the name in their `data-part`. */
export function parts(element) {
  const named = [...element.querySelectorAll('[data-part]')];
  return Object.fromEntries(named.map(part => [part.dataset.part, part]));
}

/** Sets text only when it changed, so that a screen reader hears it once. */
export function setText(element, text) {
  if (element.textContent !== (text ?? '')) {
    element.textContent = text ?? '';
  }
}

/** Shows the text, or hides the element when there is none. */
export function setOptionalText(element, text) {
  element.hidden = text === null || text === undefined || text === '';
  setText(element, text);
}

export function setAttribute(element, name, value) {
  if (value === null) {
    element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, value);
  }
}

/** Lets an svg with a `use` inside show another of the icons in index.html. */
export function setIcon(svg, name) {
  setAttribute(svg.firstElementChild, 'href', `#i-${name}`);
}

/** A person's initial, in a colour that is always the same for the same name. */
export function setAvatar(element, user) {
  setText(element, [...user][0].toUpperCase());
  setHue(element, user);
}

/** The picture of a group, in a colour that stays when the group gets another name. */
export function setGroupAvatar(element, id) {
  if (element.firstElementChild === null) element.append(clone('group-icon'));
  element.classList.add('is-group');
  setHue(element, id);
}

function setHue(element, seed) {
  const hue = [...seed].reduce((sum, char) => (sum * 31 + char.codePointAt(0)) % 360, 7);
  element.style.setProperty('--hue', hue);
}
