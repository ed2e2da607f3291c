/** The first screen: sign in, create an account, or come back with a recovery code. */
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
import { forgetEmoji } from './emoji-data.js';
import { fullDeviceItem } from './full-device-item.js';
import { reconcile } from './reconcile.js';
import { suggestedPassphrase } from './suggested-passphrase.js';
import { texts } from './texts.js';

const SUBMIT = { create: 'createAccount', 'sign-in': 'signIn', recover: 'recoverTitle' };
const PROGRESS = { create: 'makingKeys', 'sign-in': 'signingIn', recover: 'recovering' };

export function startView(actions) {
  const element = clone('start');
  const view = parts(element);
  const tabs = { 'sign-in': view.signInTab, create: view.createTab };
  const fields = { user: view.user, code: view.code, password: view.password, repeat: view.repeat };
  const choices = view.show.closest('.choices-row');
  const passphrase = suggestedPassphrase(view, actions.failForm);
  let state = null;
  let mode = null;
  let failedField = null;
  forgetEmoji();

  view.signInTab.addEventListener('click', () => actions.chooseMode('sign-in'));
  view.createTab.addEventListener('click', () => actions.chooseMode('create'));
  view.signInTab.parentElement.addEventListener('keydown', event => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    const next = mode === 'create' ? 'sign-in' : 'create';
    actions.chooseMode(next);
    queueMicrotask(() => tabs[next].focus());
  });
  view.useCode.addEventListener('click',
    () => goTo('recover', view.user.value === '' ? view.user : view.code));
  view.leaveRecovery.addEventListener('click', () => goTo('sign-in', view.password));
  view.backToAccount.addEventListener('click', () => actions.backToAccount(state.cameFrom));
  view.form.addEventListener('submit', event => {
    event.preventDefault();
    submit();
  });

  function goTo(next, field) {
    actions.chooseMode(next);
    queueMicrotask(() => field.focus());
  }

  function submit() {
    const { form } = state;
    if (form.busy) return;
    const [user, password, repeat] = [view.user.value, view.password.value, view.repeat.value];
    const typed = { mode, user, password, repeat };
    if (mode === 'recover') typed.code = view.code.value;
    if (form.reopened) typed.anew = true;
    if (form.devices) {
      const chosen = view.full.querySelector('input:checked');
      if (!chosen) return actions.failForm(texts.replaceMissing, form.devices);
      typed.replace = chosen.value;
    }
    actions.submitAccount(typed);
  }

  function showMode() {
    const signingIn = mode === 'sign-in';
    for (const [name, tab] of Object.entries(tabs)) {
      const selected = name === 'create' ? mode === 'create' : mode !== 'create';
      setAttribute(tab, 'aria-selected', selected);
      tab.tabIndex = selected ? 0 : -1;
      if (selected) setAttribute(view.panel, 'aria-labelledby', tab.id);
    }
    // Taken out, not hidden: a password manager must see the fields of one form only.
    if (signingIn) view.repeatField.remove();
    else choices.before(view.repeatField);
    if (mode === 'recover') view.password.parentElement.before(view.codeField);
    else view.codeField.remove();
    if (signingIn) {
      view.repeat.value = '';
      setText(view.suggested, '');
    } else {
      passphrase.clear();
    }
    view.password.autocomplete = signingIn ? 'current-password' : 'new-password';
    setText(view.passwordLabel, mode === 'recover' ? texts.newPassword : texts.password);
    for (const part of [view.userHint, view.warning]) part.hidden = mode !== 'create';
    for (const part of [view.passwordHint, view.suggest]) part.hidden = signingIn;
    view.recoverTitle.hidden = mode !== 'recover';
    view.leaveRecovery.hidden = mode !== 'recover';
    view.forgot.hidden = !signingIn;
  }

  function showFailure({ error, field }) {
    const isNew = error !== null && error !== view.error.textContent;
    setOptionalText(view.error, error);
    if (isNew) view.error.scrollIntoView({ block: 'nearest' });
    for (const [name, input] of Object.entries(fields)) {
      setAttribute(input, 'aria-invalid', name === field ? true : null);
    }
    if (field !== null && field !== failedField) fields[field].focus();
    failedField = field;
  }

  /** What the engine wants decided before it does the same again. */
  function showChoice({ devices, reopened }) {
    const opening = devices !== null && view.full.hidden;
    view.full.hidden = devices === null;
    reconcile(view.fullDevices, devices ?? [], device => device.id, fullDeviceItem);
    if (opening) view.fullDevices.querySelector('input').focus();
    view.reopened.hidden = !reopened;
    if (devices) setText(view.submit, texts.replaceAndSignIn);
    else setText(view.submit, reopened ? texts.createAnew : texts[SUBMIT[mode]]);
  }

  /** Several accounts of this browser to choose from; one is filled in. */
  function showAccounts({ users }) {
    view.accounts.hidden = mode !== 'sign-in' || users.length < 2;
    reconcile(view.users, users, user => user, () => accountItem(user => {
      view.user.value = user;
      view.password.focus();
    }));
    const untouched = view.user.value === '' && document.activeElement !== view.user;
    if (mode === 'sign-in' && untouched && users.length > 0) view.user.value = users[0];
  }

  function update(next) {
    state = next;
    const { account, form } = state;
    if (form.mode !== mode) {
      mode = form.mode;
      showMode();
    }
    showAccounts(account);
    showFailure(form);
    showChoice(form);
    view.submit.disabled = form.busy;
    view.form.setAttribute('aria-busy', form.busy);
    Object.values(fields).forEach(input => { input.readOnly = form.busy; });
    setText(view.progress, form.busy ? texts[PROGRESS[mode]] : '');
    setText(view.farewell, state.farewell);
    setOptionalText(view.backToAccount,
      state.cameFrom === null ? null : texts.backTo(state.cameFrom));
  }

  return { element, update };
}

function accountItem(choose) {
  const element = clone('pick');
  const { button } = parts(element);
  let shown = null;
  button.addEventListener('click', () => choose(shown));

  function update(user) {
    shown = user;
    setText(button, user);
  }

  return { element, update };
}
