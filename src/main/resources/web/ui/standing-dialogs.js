/** Ask once before a request is declined, or a person blocked. */
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
import { texts } from './texts.js';

/** @param asked {conversation: id} as the dialog was opened */
export function declineDialog(actions, { conversation: id }) {
  const userOf = state => state.conversations[id].user;
  return question(actions, () => actions.declineNow(id), state => ({
    title: texts.declineTitle(userOf(state)), text: texts.declineText(userOf(state)),
    label: texts.declineNow,
  }));
}

export function blockDialog(actions, { user }) {
  return question(actions, () => actions.block(user), () => ({
    title: texts.blockTitle(user), text: texts.blockText(user), label: texts.blockNow,
  }));
}

/** @param wordsOf state → {title, text, label} */
function question(actions, yes, wordsOf) {
  const element = clone('question');
  const view = parts(element);
  view.no.addEventListener('click', actions.closeDialog);
  view.yes.addEventListener('click', yes);

  function update(state) {
    const { text, label } = wordsOf(state);
    setText(view.text, text);
    setText(view.yes, label);
    setAttribute(view.yes, 'aria-disabled', state.dialog.busy ? true : null);
    setOptionalText(view.error, state.dialog.error);
  }

  return { element, update, title: state => wordsOf(state).title };
}
