/** What stands above the messages with a person whose security key has changed. */
import { clone, parts, setText } from './dom.js';
import { texts } from './texts.js';

/** @param id of the conversation with the person */
export function keyChangePanel(id, actions) {
  const element = clone('key-change');
  const { title, text, accept } = parts(element);
  let user = null;

  accept.addEventListener('click', () => actions.acceptNewKey(user));

  function update(state) {
    const { keyChanged, user: person } = state.conversations[id];
    user = person;
    element.hidden = !keyChanged;
    setText(title, texts.keyChangedTitle(user));
    setText(text, texts.keyChangedText(user));
  }

  return { element, update };
}
