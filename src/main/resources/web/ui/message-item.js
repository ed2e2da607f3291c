/** One message of a timeline. */
import { splitLinks } from '../state/links.js';
import { clockTime, fullTime, isoTime } from './dates.js';
import { clone, parts, setAttribute, setIcon, setOptionalText, setText } from './dom.js';
import { texts } from './texts.js';

/** @param announced whether a screen reader speaks it when it appears */
export function messageItem(actions, announced) {
  const element = clone('message');
  const view = parts(element);
  let shown = null;
  let shownText = null;
  let shownState = null;
  if (!announced) element.setAttribute('aria-live', 'off');

  view.retry.addEventListener('click', () => actions.retry(shown.id));
  view.delete.addEventListener('click', () => actions.deleteUnsent(shown.id));
  view.repair.addEventListener('click', () => actions.repair(shown.conversation, shown.id));

  function updateState(state) {
    view.state.hidden = state === undefined;
    if (state === undefined) return;
    view.state.dataset.state = state;
    view.state.title = texts.states[state];
    setIcon(view.stateIcon, state);
    setText(view.stateText, texts.states[state]);
  }

  function updateRemedy({ kind, state, reason, action }) {
    const unsent = state === 'not-sent';
    const closed = kind === 'undecryptable';
    view.remedy.hidden = !unsent && !closed;
    setOptionalText(view.reason, unsent ? reason ?? texts.notSent : null);
    view.retry.hidden = !unsent;
    view.delete.hidden = !unsent;
    view.repair.hidden = action !== 'repair';
  }

  function update({ message, continues, state }) {
    const isSame = shown === message && shownState === state;
    if (isSame && element.classList.contains('continues') === continues) return;
    shown = message;
    shownState = state;
    const { mine, from, ordinal, sentAt, kind } = message;
    element.dataset.ordinal = ordinal;
    element.classList.toggle('mine', mine);
    element.classList.toggle('continues', continues);
    element.dataset.kind = kind;
    element.dataset.state = state ?? '';
    setText(view.author, mine ? texts.you : from);
    setText(view.time, clockTime(sentAt));
    view.time.title = fullTime(sentAt);
    view.time.dateTime = isoTime(sentAt);
    const text = wordsOf(message);
    if (text !== shownText) showText(view.text, text, kind === 'text');
    shownText = text;
    setAttribute(view.text, 'dir', kind === 'text' ? 'auto' : null);
    updateState(state);
    updateRemedy(message);
  }

  return { element, update };
}

/** What is shown for a message. A message is never silently missing. */
function wordsOf({ kind, text, reason }) {
  switch (kind) {
    case 'text': return text;
    case 'undecryptable': return text || reason || texts.undecryptable;
    default: return texts.unsupportedMessage;
  }
}

function showText(element, text, linked) {
  const nodes = linked ? splitLinks(text).map(nodeOf) : [text];
  element.replaceChildren(...nodes);
}

/** Strings become text nodes: what a person wrote is never read as markup. */
function nodeOf({ text, href }) {
  if (href === undefined) return text;
  const link = document.createElement('a');
  link.textContent = text;
  link.href = href;
  link.title = href;
  link.rel = 'noopener noreferrer';
  link.target = '_blank';
  link.dir = 'ltr';
  return link;
}
