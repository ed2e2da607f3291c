/** Settings: how the page looks, and what this browser keeps. */
import { clone, parts, setText } from './dom.js';
import { sizeName } from './sizes.js';
import { texts } from './texts.js';
import { chooseTheme, chosenTheme } from './theme.js';

export function generalSection() {
  const element = clone('settings-general');
  const view = parts(element);

  element.addEventListener('change', ({ target }) => chooseTheme(target.value));
  for (const input of element.querySelectorAll('input[name="theme"]')) {
    input.checked = input.value === chosenTheme();
  }

  function update({ dialog: { storage }, persisted }) {
    setText(view.storage, persisted ? texts.persisted : texts.notPersisted);
    setText(view.used, storage ? texts.storageUsed(sizeName(storage.usage)) : null);
  }

  return { element, update };
}
