/** Asks for the name of a new group. */
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
import { texts } from './texts.js';

export function newGroupDialog(actions) {
  const element = clone('new-group');
  const view = parts(element);
  let busy = false;

  view.cancel.addEventListener('click', actions.closeDialog);
  element.addEventListener('submit', event => {
    event.preventDefault();
    if (!busy) actions.createGroup(view.name.value);
  });

  function update({ dialog }) {
    ({ busy } = dialog);
    view.name.readOnly = busy;
    setAttribute(view.create, 'aria-disabled', busy ? true : null);
    setText(view.create, busy ? texts.creatingGroup : texts.create);
    setOptionalText(view.error, dialog.error);
    setAttribute(view.name, 'aria-invalid', dialog.error ? true : null);
  }

  return { element, update, title: () => texts.newGroup };
}
