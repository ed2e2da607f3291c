/** One message of a timeline. */
import { clockTime, fullTime, isoTime } from './dates.js';
import { clone, parts, setAttribute, setIcon, setOptionalText, setText } from './dom.js';
import { fileItem } from './file-item.js';
import { hasActions } from './message-menu.js';
import { goneWords } from './passing-words.js';
import { quoteView } from './quote-view.js';
import { deletedWords } from './quoted-words.js';
import { reactionChips } from './reaction-chips.js';
import { showPlainText, showRichText } from './rich-text.js';
import { texts } from './texts.js';

/** What is longer is folded until somebody wants to read all of it. */
const LONG_CHARACTERS = 4000;
const LONG_LINES = 50;

/**
 * @param openMenu(message, beside, back)
 * @param around(): {people, user} of the conversation now: see rich-text.js; and what message-menu.js
 *   has to know of it
 * @param announced whether a screen reader speaks it when it appears
 */
export function messageItem(actions, openMenu, around, announced) {
  const element = clone('message');
  const view = parts(element);
  let shown = null;
  let shownRow = {};
  let shownText = null;
  let untouched = announced;
  let file = null;
  let quote = null;
  let chips = null;
  let told = false;
  let isHidden = false;
  let unfold = null;
  let isUnfolded = false;
  if (!announced) element.setAttribute('aria-live', 'off');
  // What a screen reader speaks is read from the page when that is drawn.
  else requestAnimationFrame(() => requestAnimationFrame(() => { told = true; }));

  view.retry.addEventListener('click', () => actions.retry(shown.id));
  view.delete.addEventListener('click', () => actions.deleteUnsent(shown.id));
  view.repair.addEventListener('click', () => actions.repair(shown.conversation, shown.id));

  view.reveal.addEventListener('click', () => {
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
    actions.reveal(shown.id);
  });
  view.menu.addEventListener('click', () => openMenu(shown, view.menu, view.menu));
  element.addEventListener('ask-menu', () => {
    if (!isHidden) openMenu(shown, view.bubble, element);
  });
  for (const touch of ['pointerenter', 'focusin']) {
    element.addEventListener(touch, () => {
      untouched = false;
      updateMenu();
      updateGoes();
    });
  }

  element.addEventListener('tell-time', updateGoes);

  function updateGoes() {
    const words = goneWords(shown);
    view.goes.hidden = words === null;
    setText(view.goesText, words);
    view.goes.title = words ?? '';
  }

  /** What is announced is the message alone: its button is there once somebody comes near. */
  function updateMenu() {
    const hidesFocus = document.activeElement === view.menu;
    view.menu.hidden = untouched || isHidden || !hasActions(shown, around());
    if (!hidesFocus || !view.menu.hidden) return;
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
  }

  /** Few messages have one, so it is made when it is needed. */
  function updateQuote({ conversation, kind, replyTo }, hidesQuote) {
    if (!replyTo || kind === 'deleted') {
      quote?.element.remove();
      quote = null;
      return;
    }
    if (quote === null) {
      quote = quoteView(({ id }) => actions.openQuoted(conversation, id));
      view.bubble.prepend(quote.element);
    }
    quote.update(hidesQuote ? { ...replyTo, kind: 'hidden' } : replyTo, around().user);
  }

  function updateReactions({ reactions = [] }) {
    if (chips === null && reactions.length === 0) return;
    if (chips === null) {
      chips = reactionChips(emoji => actions.react(shown, emoji));
      view.bubble.after(chips.element);
    }
    chips.update(reactions, element.tabIndex);
  }

  function updateFold(text) {
    unfold?.remove();
    const folds = isLong(text) && !isUnfolded;
    element.classList.toggle('is-folded', folds);
    unfold = folds ? clone('unfold') : null;
    unfold?.addEventListener('click', showAll);
    if (folds) view.text.after(unfold);
  }

  /** Of what is edited later, too. */
  function showAll() {
    isUnfolded = true;
    element.classList.remove('is-folded');
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
    unfold.remove();
    // The end is further away now, though nothing was scrolled.
    element.closest('.scroller').dispatchEvent(new Event('scroll'));
  }

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

  /** What was a file can be deleted. */
  function updateFile(message, transfer) {
    if (message.kind === 'file') {
      file ??= fileItem(actions);
      if (!file.element.isConnected) view.text.before(file.element);
      file.update(message, transfer);
    } else if (file) {
      file.element.remove();
      file = null;
    }
  }

  function update(row) {
    const { message: given, continues, state, transfer } = row;
    const isSame = shownRow.message === given && shownRow.state === state
      && shownRow.transfer === transfer && shownRow.isHidden === row.isHidden
      && shownRow.hidesQuote === row.hidesQuote;
    if (isSame && element.classList.contains('continues') === continues) return;
    // What changes later is no news, but for what could not be opened before.
    if (told && shown.kind !== 'undecryptable') element.setAttribute('aria-live', 'off');
    ({ isHidden = false } = row);
    const message = isHidden ? veiled(given) : given;
    shown = message;
    shownRow = row;
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
    if (text !== shownText) {
      if (isWritten(message)) showRichText(view.text, text, actions.copyText, around());
      else showPlainText(view.text, text);
      updateFold(text);
    }
    shownText = text;
    setAttribute(view.text, 'dir', isWritten(message) ? 'auto' : null);
    view.text.hidden = text === '';
    view.edited.hidden = !message.edited;
    view.reveal.hidden = !isHidden;
    updateGoes();
    updateFile(message, transfer);
    updateState(kind === 'deleted' ? undefined : state);
    updateRemedy(message);
    updateQuote(message, row.hidesQuote);
    updateReactions(message);
    updateMenu();
  }

  return { element, update };
}

/** Of what a blocked member wrote only that it is there, until somebody wants to see it. */
function veiled({ id, conversation, ordinal, mine, from, sentAt }) {
  return { id, conversation, ordinal, mine, from, sentAt, kind: 'hidden', text: '' };
}

function isLong(text) {
  return text.length > LONG_CHARACTERS || text.split('\n', LONG_LINES + 1).length > LONG_LINES;
}

/** Whether its text is what somebody wrote. */
function isWritten({ kind }) {
  return kind === 'text' || kind === 'file';
}

/** What is shown for a message. A message is never silently missing. */
function wordsOf(message) {
  const { kind, text, reason } = message;
  switch (kind) {
    case 'text':
    case 'file': return text;
    case 'deleted': return deletedWords(message);
    case 'hidden': return texts.hiddenMessage(message.from);
    case 'undecryptable': return text || reason || texts.undecryptable;
    default: return texts.unsupportedMessage;
  }
}
