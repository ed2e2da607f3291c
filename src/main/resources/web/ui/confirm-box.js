/** Asks once more, in place of a button, before something is done that cannot be taken back. */
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';

/**
 * @param parent where the question appears
 * @param opener the button that asks for it: gets the focus back, hidden meanwhile by its owner
 */
export function confirmBox(parent, opener, { yes, no }) {
  let shown = null;

  function open() {
    const element = clone('confirm');
    const view = parts(element);
    view.yes.addEventListener('click', yes);
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

  /** @param question {text, label, busy, error}, or null when nothing is asked */
  function update(question) {
    if (question === null) {
      if (shown) close();
      return;
    }
    const opening = !shown;
    shown ??= open();
    setText(shown.text, question.text);
    setText(shown.yes, question.label);
    setAttribute(shown.yes, 'aria-disabled', question.busy ? true : null);
    setOptionalText(shown.error, question.error);
    if (!opening) return;
    shown.no.focus();
    shown.element.scrollIntoView({ block: 'nearest' });
  }

  return { update };
}
