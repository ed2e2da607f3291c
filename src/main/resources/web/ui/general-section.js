/**
 * Settings: who sees me, how the page looks, which server this is and what it recorded, what this
 * browser keeps.
 */
import { clone, parts, setOptionalText, setText } from './dom.js';
import { texts } from './texts.js';
import { chooseTheme, chosenTheme } from './theme.js';
import { witnessPanel } from './witness-panel.js';

export function generalSection(actions) {
  const element = clone('settings-general');
  const view = parts(element);
  const witness = witnessPanel(actions);
  view.witness.replaceWith(witness.element);

  element.addEventListener('change', ({ target }) => {
    if (target.name === 'theme') chooseTheme(target.value);
    if (target.name === 'visibility') actions.setVisibility(target.value);
    if (target === view.readReceipts) actions.setReadReceipts(target.checked);
  });
  check('theme', chosenTheme());

  function check(name, value) {
    for (const input of element.querySelectorAll(`input[name="${name}"]`)) {
      input.checked = input.value === value;
    }
  }

  function update({ dialog, persisted, server, visibility }) {
    check('visibility', visibility);
    const { readReceipts = null, error: refusal = null } = dialog.privacy ?? {};
    view.readReceipts.checked = readReceipts === true;
    view.readReceipts.disabled = readReceipts === null;
    setOptionalText(view.error, dialog.error ?? refusal);
    setText(view.host, server?.host);
    setText(view.fingerprint, server?.fingerprint);
    setText(view.storage, persisted ? texts.persisted : texts.notPersisted);
    witness.update(dialog.witness ?? null);
  }

  return { element, update };
}
