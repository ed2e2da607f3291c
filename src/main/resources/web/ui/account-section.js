/** Settings: out of the account, out of this browser, or away for ever. */
import { confirmBox } from './confirm-box.js';
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
import { texts } from './texts.js';

const PLACE = 'delete';

export function accountSection(actions) {
  const element = clone('settings-account');
  const view = parts(element);
  const fields = { name: view.name, password: view.password };
  let failed = null;
  const erasing = confirmBox(view.erasing, view.erase, {
    yes() {
      actions.closeDialog();
      actions.eraseBrowser();
    },
    no: () => actions.askInSettings(null),
  });

  view.signOut.addEventListener('click', () => {
    actions.closeDialog();
    actions.signOut();
  });
  view.erase.addEventListener('click', () => actions.askInSettings('erase'));
  view.delete.addEventListener('click', () => actions.askInSettings('delete'));
  view.keep.addEventListener('click', () => actions.askInSettings(null));
  view.form.addEventListener('submit', event => {
    event.preventDefault();
    actions.deleteAccount(view.name.value, view.password.value);
  });

  function showForm(asked) {
    if (view.form.hidden !== asked) return;
    const focused = view.form.contains(document.activeElement);
    view.form.hidden = !asked;
    view.delete.hidden = asked;
    Object.values(fields).forEach(field => { field.value = ''; });
    if (asked) {
      view.name.focus();
      view.form.scrollIntoView({ block: 'nearest' });
    } else if (focused) {
      view.delete.focus();
    }
  }

  function updateDeleting({ account, dialog }, asked) {
    const here = dialog.place === PLACE;
    const field = here ? dialog.field ?? null : null;
    showForm(asked);
    setText(view.means, texts.deleteMeans(account.user));
    setOptionalText(view.error, here ? dialog.error : null);
    setText(view.progress, here && dialog.busy ? texts.deleting : '');
    setAttribute(view.deleteNow, 'aria-disabled', dialog.busy ? true : null);
    for (const [name, input] of Object.entries(fields)) {
      input.readOnly = dialog.busy;
      setAttribute(input, 'aria-invalid', name === field ? true : null);
    }
    if (field !== failed) fields[field]?.focus();
    failed = field;
  }

  function update(state) {
    const { account, dialog } = state;
    const asked = what => dialog.asking?.what === what;
    view.erase.hidden = asked('erase');
    erasing.update(asked('erase') ? { text: texts.eraseConsequence(account.user),
      label: texts.eraseNow, busy: false, error: null } : null);
    updateDeleting(state, asked('delete'));
  }

  return { element, update };
}
