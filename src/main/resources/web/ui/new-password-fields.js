/** The two boxes for a new password in the settings, with the offer of a passphrase. */
import { clone, parts, setAttribute } from './dom.js';
import { suggestedPassphrase } from './suggested-passphrase.js';

/** @param fail told in words that no passphrase could be made */
export function newPasswordFields(fail) {
  const element = clone('new-password');
  const view = parts(element);
  const { clear } = suggestedPassphrase(view, fail);
  let failed = null;

  /** @param field the one that was refused: "password", "repeat" or another that is not here */
  function update(busy, field) {
    for (const name of ['password', 'repeat']) {
      view[name].readOnly = busy;
      setAttribute(view[name], 'aria-invalid', name === field ? true : null);
    }
    if (field !== failed) view[field]?.focus();
    failed = field;
  }

  const typed = () => ({ newPassword: view.password.value, repeat: view.repeat.value });

  return { element, update, typed, clear };
}
