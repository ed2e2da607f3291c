/** One device in the settings: renamed, or removed with the typed password. */
import { confirmBox } from './confirm-box.js';
import { deviceNameOf, seenOf } from './device-words.js';
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
import { texts } from './texts.js';

export function deviceItem(actions) {
  const element = clone('device');
  const view = parts(element);
  let shown = null;
  const confirm = confirmBox(element, view.remove, {
    yes: remove,
    no: () => actions.askInSettings(null),
  });

  view.rename.addEventListener('click', () => actions.askInSettings('rename', shown.id));
  view.remove.addEventListener('click', () => actions.askInSettings('remove', shown.id));
  view.cancel.addEventListener('click', () => actions.askInSettings(null));
  view.form.addEventListener('submit', event => {
    event.preventDefault();
    actions.renameDevice(shown.id, view.box.value);
  });

  function remove(password) {
    if (shown.isThis) actions.removeThisBrowser(shown.id, password);
    else actions.revokeDevice({ id: shown.id, name: deviceNameOf(shown) }, password);
  }

  function showForm(asked) {
    if (view.form.hidden !== asked) return;
    const focused = view.form.contains(document.activeElement);
    view.form.hidden = !asked;
    view.rename.hidden = asked;
    if (asked) {
      view.box.value = shown.name ?? '';
      view.box.select();
    } else if (focused) {
      view.rename.focus();
    }
  }

  function questionOf({ user, busy, error, revoking }) {
    const name = deviceNameOf(shown);
    const means = shown.isThis
      ? { text: texts.removeThisBrowserMeans(user), label: texts.removeThisBrowserNow }
      : { text: texts.removeDeviceMeans(name), label: texts.removeDeviceNow };
    const telling = revoking ? texts.revoking(revoking.done, revoking.all) : texts.removingDevice;
    return { ...means, withPassword: true, user, busy, error, progress: busy ? telling : '' };
  }

  /** @param item {device, user, asked: "rename", "remove" or null, busy, revoking, error} */
  function update(item) {
    const { device, asked, busy, error } = item;
    shown = device;
    const name = deviceNameOf(device);
    setText(view.name, name);
    view.here.hidden = !device.isThis;
    setText(view.seen, seenOf(device));
    showForm(asked === 'rename');
    setAttribute(view.rename, 'aria-label', texts.renameDevice(name));
    setText(view.remove, device.isThis ? texts.removeThisBrowser : texts.remove);
    setAttribute(view.remove, 'aria-label', device.isThis ? null : texts.removeDevice(name));
    view.remove.hidden = asked === 'remove';
    setText(view.save, busy && asked === 'rename' ? texts.saving : texts.saveDeviceName);
    setAttribute(view.save, 'aria-disabled', busy ? true : null);
    setOptionalText(view.error, asked === 'rename' ? error : null);
    setAttribute(view.box, 'aria-invalid', error ? true : null);
    confirm.update(asked === 'remove' ? questionOf(item) : null);
  }

  return { element, update };
}
