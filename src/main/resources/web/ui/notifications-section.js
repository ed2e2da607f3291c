/** Settings: whether new messages are told by the system, and how much of them is shown. */
import { clone, parts, setOptionalText } from './dom.js';

export function notificationsSection(actions) {
  const element = clone('settings-notifications');
  const view = parts(element);

  view.on.addEventListener('click', actions.turnOnNotifications);
  view.off.addEventListener('click', () => actions.chooseNotifications('off'));
  view.content.addEventListener('change', ({ target }) =>
    actions.chooseNotifications(target.value));

  function update({ notifications, dialog }) {
    const { permission, shows } = notifications;
    const isOn = permission === 'granted' && shows !== 'off';
    const focused = [view.on, view.off].find(button => button === document.activeElement);
    view.unsupported.hidden = permission !== 'unsupported';
    view.denied.hidden = permission !== 'denied';
    view.ask.hidden = permission !== 'default';
    view.on.hidden = isOn || permission === 'unsupported' || permission === 'denied';
    view.off.hidden = !isOn;
    view.content.hidden = !isOn;
    for (const input of view.content.querySelectorAll('input')) {
      input.checked = input.value === shows;
    }
    setOptionalText(view.error, dialog.error);
    if (focused?.hidden) focusNext(isOn);
  }

  /** Each of the two buttons goes when it was clicked. */
  function focusNext(isOn) {
    if (isOn) view.content.querySelector(':checked').focus();
    else (view.on.hidden ? view.heading : view.on).focus();
  }

  return { element, update };
}
