/**
 * Settings: who sees me, how the page looks, which server this is and what it recorded, what this
 * browser keeps.
 */
import { clone, parts, setOptionalText, setText } from './dom.js';
import { texts } from './texts.js';
import { chooseTheme, chosenTheme } from './theme.js';
import { witnessPanel } from './witness-panel.js';

export function settingsDialog(actions) {
  const element = clone('settings');
  const view = parts(element);
  const witness = witnessPanel(actions);
  view.witness.replaceWith(witness.element);

  element.addEventListener('change', ({ target }) => {
    if (target.name === 'theme') chooseTheme(target.value);
    if (target.name === 'visibility') actions.setVisibility(target.value);
  });
  view.erase.addEventListener('click', () => askToErase(true));
  view.keep.addEventListener('click', () => {
    askToErase(false);
    view.erase.focus();
  });
  view.eraseNow.addEventListener('click', () => {
    actions.closeDialog();
    actions.eraseBrowser();
  });
  check('theme', chosenTheme());
  askToErase(false);

  function askToErase(asking) {
    view.erase.hidden = asking;
    view.confirm.hidden = !asking;
    if (asking) view.keep.focus();
  }

  function check(name, value) {
    for (const input of element.querySelectorAll(`input[name="${name}"]`)) {
      input.checked = input.value === value;
    }
  }

  function update({ account, dialog, persisted, server, visibility }) {
    check('visibility', visibility);
    setOptionalText(view.error, dialog.error);
    setText(view.host, server?.host);
    setText(view.fingerprint, server?.fingerprint);
    setText(view.storage, persisted ? texts.persisted : texts.notPersisted);
    witness.update(dialog.witness ?? null);
    setText(view.consequence, texts.eraseConsequence(account.user));
  }

  return { element, update, title: () => texts.settings };
}
