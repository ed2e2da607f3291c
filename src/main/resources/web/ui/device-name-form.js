/** Another name for a device of the person; in the page only while it is asked for. */
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
import { texts } from './texts.js';

export function deviceNameForm({ id, name }, actions) {
  const element = clone('device-name');
  const view = parts(element);
  view.box.value = name ?? '';

  view.cancel.addEventListener('click', () => actions.askInSettings(null));
  element.addEventListener('submit', event => {
    event.preventDefault();
    actions.renameDevice(id, view.box.value);
  });

  function update({ busy, error }) {
    setText(view.save, busy ? texts.saving : texts.saveDeviceName);
    setAttribute(view.save, 'aria-disabled', busy ? true : null);
    setOptionalText(view.error, error);
    setAttribute(view.box, 'aria-invalid', error ? true : null);
  }

  function focus() {
    view.box.focus();
    view.box.select();
  }

  return { element, update, focus };
}
