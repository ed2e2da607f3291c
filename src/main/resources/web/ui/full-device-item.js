/** One device to choose from when there are too many. */
import { deviceNameOf, seenOf } from './device-words.js';
import { clone, parts, setText } from './dom.js';

export function fullDeviceItem() {
  const element = clone('full-device');
  const view = parts(element);

  function update(device) {
    view.choice.value = device.id;
    setText(view.name, deviceNameOf(device));
    setText(view.seen, seenOf(device));
  }

  return { element, update };
}
