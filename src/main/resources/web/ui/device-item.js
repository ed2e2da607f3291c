/** One device in the settings: renamed, or removed with the typed password. */
import { confirmBox } from './confirm-box.js';
import { deviceNameForm } from './device-name-form.js';
import { deviceNameOf, seenOf } from './device-words.js';
import { clone, parts, setAttribute, setText } from './dom.js';
import { texts } from './texts.js';

export function deviceItem(actions) {
  const element = clone('device');
  const view = parts(element);
  let shown = null;
  let naming = null;
  const confirm = confirmBox(element, view.remove, {
    yes: remove,
    no: () => actions.askInSettings(null),
  });

  view.rename.addEventListener('click', () => actions.askInSettings('rename', shown.id));
  view.remove.addEventListener('click', () => actions.askInSettings('remove', shown.id));

  function remove(password) {
    if (shown.isThis) actions.removeThisBrowser(shown.id, password);
    else actions.revokeDevice({ id: shown.id, name: deviceNameOf(shown) }, password);
  }

  function updateNaming({ asked, busy, error }) {
    const wanted = asked === 'rename';
    view.rename.hidden = wanted;
    if (wanted && !naming) {
      naming = deviceNameForm(shown, actions);
      element.append(naming.element);
      naming.focus();
    } else if (!wanted && naming) {
      const focused = naming.element.contains(document.activeElement);
      naming.element.remove();
      naming = null;
      if (focused) view.rename.focus();
    }
    naming?.update({ busy, error });
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
    const { device, asked } = item;
    shown = device;
    const name = deviceNameOf(device);
    setText(view.name, name);
    view.here.hidden = !device.isThis;
    setText(view.seen, seenOf(device));
    setAttribute(view.rename, 'aria-label', texts.renameDevice(name));
    setText(view.remove, device.isThis ? texts.removeThisBrowser : texts.remove);
    setAttribute(view.remove, 'aria-label', device.isThis ? null : texts.removeDevice(name));
    view.remove.hidden = asked === 'remove';
    updateNaming(item);
    confirm.update(asked === 'remove' ? questionOf(item) : null);
  }

  return { element, update };
}
