/** The two answers to an invitation, in the list and in the conversation. */
import { nameOf } from './identity.js';
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
import { texts } from './texts.js';

export function answerButtons(actions) {
  const element = clone('answer');
  const view = parts(element);
  let id = null;

  view.accept.addEventListener('click', () => actions.accept(id));
  view.decline.addEventListener('click', () => actions.decline(id));

  /** @param answer {busy, error}, or undefined as long as none was given */
  function update(conversation, answer = { busy: false, error: null }) {
    ({ id } = conversation);
    setAttribute(element, 'aria-label', texts.invitationTo(nameOf(conversation)));
    setAttribute(element, 'aria-busy', answer.busy ? true : null);
    for (const button of [view.accept, view.decline]) {
      setAttribute(button, 'aria-disabled', answer.busy ? true : null);
    }
    setText(view.busy, answer.busy ? texts.answering : null);
    setOptionalText(view.error, answer.error);
  }

  return { element, update };
}
