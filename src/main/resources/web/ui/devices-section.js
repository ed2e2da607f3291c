/** Settings: the devices of the account. */
import { deviceItem } from './device-item.js';
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
import { reconcile } from './reconcile.js';
import { texts } from './texts.js';

export function devicesSection(actions) {
  const element = clone('settings-devices');
  const view = parts(element);
  view.again.addEventListener('click', actions.loadDevices);

  function updateList({ account, dialog, revoking }, list) {
    const { asking, busy, error, place } = dialog;
    const items = list.map(device => ({
      device,
      user: account.user,
      asked: asking?.id === device.id ? asking.what : null,
      busy,
      revoking,
      error: place === `device ${device.id}` ? error : null,
    }));
    const focused = view.devices.contains(document.activeElement);
    reconcile(view.devices, items, item => item.device.id, () => deviceItem(actions));
    // The line of a device that was removed took the focus along.
    if (focused && !view.devices.contains(document.activeElement)) view.devices.focus();
  }

  function update(state) {
    const { busy = true, error = null, list = [], stale = false } = state.dialog.devices ?? {};
    if (stale && !busy) queueMicrotask(actions.loadDevices);
    const looking = busy && list.length === 0;
    setAttribute(element, 'aria-busy', looking ? true : null);
    const offline = state.connection !== 'connected' ? texts.devicesOffline : null;
    setText(view.status, looking ? texts.devicesLoading : offline);
    setOptionalText(view.error, error);
    view.again.hidden = error === null;
    updateList(state, list);
  }

  return { element, update };
}
