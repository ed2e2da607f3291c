/** Ask once before a request is declined, or a person blocked. */
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
import { texts } from './texts.js';

/** @param asked {conversation: id, user} as the dialog was opened: the conversation goes first */
export function declineDialog(actions, { conversation: id, user }) {
  return question(actions, () => actions.declineNow(id), {
    title: texts.declineTitle(user), text: texts.declineText(user), label: texts.declineNow,
  });
}

export function blockDialog(actions, { user }) {
  return question(actions, () => actions.block(user), {
    title: texts.blockTitle(user), text: texts.blockText(user), label: texts.blockNow,
  });
}

function question(actions, yes, { title, text, label }) {
  const element = clone('question');
  const view = parts(element);
  view.no.addEventListener('click', actions.closeDialog);
  view.yes.addEventListener('click', yes);
  setText(view.text, text);
  setText(view.yes, label);

  function update({ dialog }) {
    setAttribute(view.yes, 'aria-disabled', dialog.busy ? true : null);
    setOptionalText(view.error, dialog.error);
  }

  return { element, update, title: () => title };
}
