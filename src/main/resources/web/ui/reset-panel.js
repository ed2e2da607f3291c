/** In the settings: a new password without the old one, after a wait that can be cancelled. */
import { confirmBox } from './confirm-box.js';
import { momentName } from './dates.js';
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
import { newPasswordFields } from './new-password-fields.js';
import { texts } from './texts.js';

const PLACE = 'reset';

export function resetPanel(actions) {
  const element = clone('settings-reset');
  const view = parts(element);
  const fields = newPasswordFields(text => actions.failInSettings(PLACE, text));
  const cancel = confirmBox(element, view.cancel, {
    yes: actions.cancelReset,
    no: () => actions.askInSettings(null),
  });

  view.ask.addEventListener('click', actions.askReset);
  view.cancel.addEventListener('click', () => actions.askInSettings('cancel-reset'));
  view.form.addEventListener('submit', async event => {
    event.preventDefault();
    if (await actions.reset(fields.typed())) fields.clear();
  });

  /** The boxes are in the page only while they can be used. */
  function showFields(ready, busy, field) {
    if (ready && !fields.element.isConnected) view.form.prepend(fields.element);
    if (!ready) fields.element.remove();
    view.form.hidden = !ready;
    fields.update(busy, field);
  }

  /** @returns whether a new password can be typed here now */
  function update({ account, dialog, reset }) {
    const ready = isReady(reset);
    const here = dialog.place === PLACE;
    const asked = dialog.asking?.what === 'cancel-reset' && reset !== null;
    const busy = here && dialog.busy;
    view.hint.hidden = reset !== null;
    setOptionalText(view.waits, waitsText(reset));
    showFields(ready, busy, here ? dialog.field ?? null : null);
    setOptionalText(view.error, here && !asked ? dialog.error : null);
    setText(view.progress, busy && ready ? texts.changingPassword : '');
    for (const button of [view.submit, view.ask]) {
      setAttribute(button, 'aria-disabled', dialog.busy ? true : null);
    }
    view.ask.hidden = reset !== null;
    view.cancel.hidden = reset === null || asked;
    cancel.update(asked ? { text: texts.cancelResetMeans, label: texts.cancelReset,
      withPassword: true, user: account.user, busy, error: here ? dialog.error : null } : null);
    return ready;
  }

  return { element, update };
}

/** Whether this browser asked, and the waiting is over. */
export function isReady(reset) {
  return reset !== null && reset.isThis && reset.allowedAt <= Date.now();
}

function waitsText(reset) {
  if (reset === null) return null;
  const time = momentName(reset.allowedAt);
  if (!reset.isThis) return texts.resetElsewhere(reset.name, time);
  return isReady(reset) ? texts.resetReady : texts.resetWaits(time);
}
