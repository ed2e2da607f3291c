/** Asks once before a message is deleted for everyone. */
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
import { quotedWords } from './quoted-words.js';
import { texts } from './texts.js';

export function deleteDialog(actions, { message }) {
  const element = clone('delete-message');
  const view = parts(element);
  let busy = false;
  setText(view.words, quotedWords(message));
  view.no.addEventListener('click', actions.closeDialog);
  view.yes.addEventListener('click', () => {
    if (!busy) actions.deleteForAll(message.id);
  });

  function update({ dialog }) {
    ({ busy } = dialog);
    setAttribute(view.yes, 'aria-disabled', busy ? true : null);
    setOptionalText(view.error, dialog.error);
  }

  return { element, update, title: () => texts.deleteForAllTitle };
}
