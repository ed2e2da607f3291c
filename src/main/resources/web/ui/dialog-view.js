/** The dialog over the page, at most one. Esc closes it and gives the focus back. */
import { deleteDialog } from './delete-dialog.js';
import { detailsDialog } from './details-dialog.js';
import { clone, parts, setText } from './dom.js';
import { groupDialog } from './group-dialog.js';
import { imageDialog } from './image-dialog.js';
import { newConversationDialog } from './new-conversation-dialog.js';
import { newGroupDialog } from './new-group-dialog.js';
import { settingsDialog } from './settings-dialog.js';
import { shortcutsDialog } from './shortcuts-dialog.js';
import { blockDialog, declineDialog } from './standing-dialogs.js';
import { switcherDialog } from './switcher-dialog.js';

const bodies = {
  block: blockDialog,
  decline: declineDialog,
  'delete-message': deleteDialog,
  'new-conversation': newConversationDialog,
  'new-group': newGroupDialog,
  details: detailsDialog,
  group: groupDialog,
  image: imageDialog,
  settings: settingsDialog,
  shortcuts: shortcutsDialog,
  switcher: switcherDialog,
};

export function dialogView(root, actions) {
  let shown = null;
  /** What is shown once does not go by a slip: only the button closes it. */
  let holds = false;

  function open({ kind, ...asked }) {
    const element = clone('dialog');
    const { title, close, body } = parts(element);
    const content = bodies[kind](actions, asked);
    element.dataset.kind = kind;
    body.append(content.element);
    close.addEventListener('click', () => element.close());
    element.addEventListener('click', event => {
      // The backdrop is the dialog's own.
      if (event.target === element && !holds) element.close();
    });
    element.addEventListener('cancel', event => {
      if (holds) event.preventDefault();
    });
    element.addEventListener('close', actions.closeDialog);
    root.after(element);
    return { kind, element, title, content };
  }

  function remove() {
    const { element } = shown;
    shown = null;
    element.removeEventListener('close', actions.closeDialog);
    element.close();
    element.remove();
  }

  function update(state) {
    const kind = state.dialog?.kind ?? null;
    if (shown && shown.kind !== kind) remove();
    if (kind === null) return;
    holds = Boolean(state.dialog.code);
    const opening = !shown;
    shown ??= open(state.dialog);
    setText(shown.title, shown.content.title(state));
    // The focus that the content takes when it is shown must come after the dialog's own.
    if (opening) shown.element.showModal();
    shown.content.update(state);
  }

  return { update };
}
