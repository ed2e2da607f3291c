/** What stands over the box where a stranger asks, and in its place where the user blocked. */
import { isAsked, isBlocked } from '../state/standing.js';
import { answerButtons } from './answer-buttons.js';
import { clone, parts, setAttribute, setText } from './dom.js';
import { texts } from './texts.js';

/** @param id of the conversation with the person */
export function standingBar(id, actions) {
  const element = clone('standing-bar');
  const view = parts(element);
  const answer = answerButtons(actions);
  let user = null;
  view.answer.append(answer.element);
  view.unblock.addEventListener('click', () => actions.unblock(user));

  function update({ conversations, answers }) {
    const conversation = conversations[id];
    ({ user } = conversation);
    const asked = isAsked(conversation);
    const blocked = isBlocked(conversation);
    element.hidden = !asked && !blocked;
    view.asked.hidden = !asked;
    view.blocked.hidden = !blocked;
    setAttribute(element, 'data-standing', conversation.standing ?? null);
    if (asked) {
      setText(view.title, texts.askedTitle(user));
      answer.update(conversation, answers[id]);
    }
    if (blocked) setText(view.blockedText, texts.personBlocked(user));
  }

  return { element, update };
}
