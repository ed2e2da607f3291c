/** The two answers to an invitation or a request, in the list and in the conversation. */
import { isGroup } from '../state/groups.js';
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
    const name = nameOf(conversation);
    const invited = isGroup(conversation);
    setAttribute(element, 'aria-label', invited ? texts.invitationTo(name) : texts.requestOf(name));
    setAttribute(element, 'aria-busy', answer.busy ? true : null);
    for (const button of [view.accept, view.decline]) {
      setAttribute(button, 'aria-disabled', answer.busy ? true : null);
    }
    setText(view.busy, !answer.busy ? null : invited ? texts.answering : texts.acceptingRequest);
    setOptionalText(view.error, answer.error);
  }

  return { element, update };
}
