/** Asks once more, in place of a button, before something is done that cannot be taken back. */
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';

/**
 * @param parent where the question appears
 * @param opener the button that asks for it: gets the focus back, hidden meanwhile by its owner
 * @param answers {yes(password), no}: a password only if the question has `withPassword`
 */
export function confirmBox(parent, opener, { yes, no }) {
  let shown = null;

  function open({ withPassword = false }) {
    const element = clone(withPassword ? 'password-confirm' : 'confirm');
    const view = parts(element);
    if (withPassword) {
      element.addEventListener('submit', event => {
        event.preventDefault();
        yes(view.password.value);
      });
    } else {
      view.yes.addEventListener('click', () => yes());
    }
    view.no.addEventListener('click', no);
    parent.append(element);
    return { element, ...view };
  }

  function close() {
    const focused = shown.element.contains(document.activeElement);
    shown.element.remove();
    shown = null;
    if (focused) opener.focus();
  }

  function updatePassword({ user, busy, error, progress }) {
    shown.user.value = user;
    shown.password.readOnly = busy;
    setAttribute(shown.password, 'aria-invalid', error ? true : null);
    setText(shown.progress, progress);
  }

  /**
   * @param question {text, label, busy, error, withPassword?, harmless?, user?, progress?}, or null
   *   when nothing is asked
   */
  function update(question) {
    if (question === null) {
      if (shown) close();
      return;
    }
    const opening = !shown;
    shown ??= open(question);
    setText(shown.text, question.text);
    setText(shown.yes, question.label);
    shown.yes.classList.toggle('btn-danger', !question.harmless);
    shown.yes.classList.toggle('btn-primary', Boolean(question.harmless));
    setAttribute(shown.yes, 'aria-disabled', question.busy ? true : null);
    setOptionalText(shown.error, question.error);
    if (shown.password) updatePassword(question);
    if (!opening) return;
    (shown.password ?? shown.no).focus();
    shown.element.scrollIntoView({ block: 'nearest' });
  }

  return { update };
}
