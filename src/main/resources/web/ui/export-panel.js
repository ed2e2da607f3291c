/** In the details of a conversation: saves a copy of it as a file. */
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
import { texts } from './texts.js';

export function exportPanel(id, actions) {
  const element = clone('export');
  const view = parts(element);
  const buttons = { page: view.page, data: view.data };

  for (const [form, button] of Object.entries(buttons)) {
    button.addEventListener('click', () => {
      if (button.ariaDisabled !== 'true') actions.exportConversation(id, form);
    });
  }

  /** @param copy {busy, done?, saved?, empty?, error?} of the dialog's state, if asked for */
  function update(copy = { busy: false }) {
    setAttribute(element, 'aria-busy', copy.busy ? true : null);
    setText(view.status, statusOf(copy));
    setOptionalText(view.error, copy.error);
    for (const button of Object.values(buttons)) {
      setAttribute(button, 'aria-disabled', copy.busy ? true : null);
    }
  }

  return { element, update };
}

function statusOf({ busy, done, saved, empty }) {
  if (busy) return texts.exporting(done);
  if (empty) return texts.exportEmpty;
  return saved ? texts.exported(saved, done) : null;
}
