/** Settings: another password, and what can be done when it is forgotten. */
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
import { newPasswordFields } from './new-password-fields.js';
import { resetPanel } from './reset-panel.js';
import { texts } from './texts.js';

const PLACE = 'password';

export function passwordSection(actions) {
  const element = clone('settings-password');
  const view = parts(element);
  const fields = newPasswordFields(text => actions.failInSettings(PLACE, text));
  const forgotten = resetPanel(actions);
  let failed = null;
  view.fields.replaceWith(fields.element);
  view.forgotten.replaceWith(forgotten.element);

  view.form.addEventListener('submit', async event => {
    event.preventDefault();
    const password = view.current.value;
    const newAccountKey = view.newKey.checked;
    if (await actions.changePassword({ password, ...fields.typed(), newAccountKey })) {
      view.current.value = '';
      view.newKey.checked = false;
      fields.clear();
    }
  });

  /** Taken out while the boxes for a reset are in the page: one pair has the labels at a time. */
  function showForm(wanted) {
    if (!wanted) view.form.remove();
    else if (!element.contains(view.form)) view.heading.after(view.form);
  }

  function update(state) {
    const { account, dialog } = state;
    const here = dialog.place === PLACE;
    const field = here ? dialog.field ?? null : null;
    const busy = dialog.busy && here;
    showForm(!forgotten.update(state));
    view.user.value = account.user;
    view.current.readOnly = busy;
    setAttribute(view.current, 'aria-invalid', field === 'current' ? true : null);
    if (field === 'current' && failed !== field) view.current.focus();
    failed = field;
    fields.update(busy, field);
    setOptionalText(view.error, here ? dialog.error : null);
    setText(view.progress, busy ? texts.changingPassword : '');
    setAttribute(view.submit, 'aria-disabled', dialog.busy ? true : null);
  }

  return { element, update };
}
