/** In the details of a conversation: after how long its messages disappear. */
import { DISAPPEAR_CHOICES } from '../state/durations.js';
import { sendingStop } from '../state/groups.js';
import { unitName } from '../words/durations.js';
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
import { timerWords } from './passing-words.js';
import { texts } from './texts.js';

const OTHER = 'other';
const UNITS = ['minute', 'hour', 'day', 'week'];

/** @param id of the conversation */
export function disappearPanel(id, actions) {
  const element = clone('disappear');
  const view = parts(element);
  let shown = null;
  view.unit.append(...UNITS.map(unit => optionOf(unit, unitName(unit))));
  view.unit.value = 'day';
  view.choice.addEventListener('change', () => {
    showOther();
    if (!view.other.hidden) view.count.focus();
  });
  // A select tells each step of the arrow keys, and others are told of each change: so, a button.
  element.addEventListener('submit', event => {
    event.preventDefault();
    if (view.set.ariaDisabled === 'true') return;
    if (view.choice.value === OTHER) actions.setOther(id, view.count.value, view.unit.value);
    else actions.setDisappear(id, Number(view.choice.value));
  });

  function showOther() {
    view.other.hidden = view.choice.value !== OTHER;
  }

  /** What is set stands in the list, also if it is none of the usual ones. */
  function showChoices(seconds) {
    shown = seconds;
    const all = [...new Set([...DISAPPEAR_CHOICES, seconds])].sort((a, b) => a - b);
    view.choice.replaceChildren(...all.map(one => optionOf(one, wordsOf(one))),
      optionOf(OTHER, texts.disappearOther));
    view.choice.value = seconds;
    showOther();
  }

  /** @param disappear {busy, error} of the dialog's state, if asked for */
  function update(conversation, { busy = false, error = null } = {}) {
    const { disappearAfter = 0 } = conversation;
    element.hidden = sendingStop(conversation) !== null || conversation.standing === 'asked';
    if (disappearAfter !== shown) showChoices(disappearAfter);
    setAttribute(view.set, 'aria-disabled', busy ? true : null);
    setOptionalText(view.error, error);
  }

  return { element, update };
}

function wordsOf(seconds) {
  return seconds === 0 ? texts.disappearOff : timerWords(seconds);
}

function optionOf(value, words) {
  const option = document.createElement('option');
  option.value = value;
  setText(option, words);
  return option;
}
