/** Settings: who sees when I am here, and what I have read. */
import { clone, parts, setOptionalText } from './dom.js';

export function privacySection(actions) {
  const element = clone('settings-privacy');
  const view = parts(element);

  element.addEventListener('change', ({ target }) => {
    if (target.name === 'visibility') actions.setVisibility(target.value);
    if (target === view.readReceipts) actions.setReadReceipts(target.checked);
  });

  function update({ dialog, visibility }) {
    for (const input of element.querySelectorAll('input[name="visibility"]')) {
      input.checked = input.value === visibility;
    }
    const { readReceipts = null, error: refusal = null } = dialog.privacy ?? {};
    view.readReceipts.checked = readReceipts === true;
    view.readReceipts.disabled = readReceipts === null;
    setOptionalText(view.error, dialog.error ?? refusal);
  }

  return { element, update };
}
