/** The first screen: sign in, or create an account. */
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
import { texts } from './texts.js';

export function startView(actions) {
  const element = clone('start');
  const view = parts(element);
  const tabs = { 'sign-in': view.signInTab, create: view.createTab };
  const fields = { user: view.user, password: view.password, repeat: view.repeat };
  let mode = null;
  let busy = false;
  let failedField = null;

  view.signInTab.addEventListener('click', () => actions.chooseMode('sign-in'));
  view.createTab.addEventListener('click', () => actions.chooseMode('create'));
  view.signInTab.parentElement.addEventListener('keydown', event => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    actions.chooseMode(mode === 'create' ? 'sign-in' : 'create');
    queueMicrotask(() => tabs[mode].focus());
  });
  view.show.addEventListener('change', () => {
    const type = view.show.checked ? 'text' : 'password';
    view.password.type = type;
    view.repeat.type = type;
  });
  view.form.addEventListener('submit', async event => {
    event.preventDefault();
    if (busy) return;
    const [user, password, repeat] = [view.user.value, view.password.value, view.repeat.value];
    await actions.submitAccount({ mode, user, password, repeat });
  });

  function showMode() {
    const creating = mode === 'create';
    for (const [name, tab] of Object.entries(tabs)) {
      setAttribute(tab, 'aria-selected', name === mode);
      tab.tabIndex = name === mode ? 0 : -1;
    }
    setAttribute(view.panel, 'aria-labelledby', tabs[mode].id);
    // Taken out, not hidden: a password manager must see the fields of one form only.
    if (creating) view.show.parentElement.before(view.repeatField);
    else view.repeatField.remove();
    view.repeat.value = '';
    view.password.autocomplete = creating ? 'new-password' : 'current-password';
    for (const hint of [view.userHint, view.passwordHint, view.warning]) hint.hidden = !creating;
  }

  function showFailure({ error, field }) {
    setOptionalText(view.error, error);
    for (const [name, input] of Object.entries(fields)) {
      setAttribute(input, 'aria-invalid', name === field ? true : null);
    }
    if (field !== null && field !== failedField) fields[field].focus();
    failedField = field;
  }

  function update({ account, form }) {
    busy = form.busy;
    if (form.mode !== mode) {
      mode = form.mode;
      showMode();
    }
    if (mode === 'sign-in' && view.user.value === '' && account.users.length > 0
        && document.activeElement !== view.user) {
      view.user.value = account.users[0];
    }
    showFailure(form);
    setText(view.submit, mode === 'create' ? texts.createAccount : texts.signIn);
    view.submit.disabled = busy;
    view.form.setAttribute('aria-busy', busy);
    Object.values(fields).forEach(input => { input.readOnly = busy; });
    const progress = mode === 'create' ? texts.makingKeys : texts.signingIn;
    setText(view.progress, busy ? progress : '');
  }

  return { element, update };
}
