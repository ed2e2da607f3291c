/** Asks for the user name of the person to talk to. */
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
import { texts } from './texts.js';

export function newConversationDialog(actions) {
  const element = clone('new-conversation');
  const view = parts(element);
  let busy = false;

  view.cancel.addEventListener('click', actions.closeDialog);
  element.addEventListener('submit', event => {
    event.preventDefault();
    if (!busy) actions.startConversation(view.user.value);
  });

  function update({ dialog }) {
    ({ busy } = dialog);
    view.user.readOnly = busy;
    setAttribute(view.start, 'aria-disabled', busy ? true : null);
    setText(view.start, busy ? texts.startingConversation : texts.start);
    setOptionalText(view.error, dialog.error);
    setAttribute(view.user, 'aria-invalid', dialog.error ? true : null);
  }

  return { element, update, title: () => texts.newConversation };
}
