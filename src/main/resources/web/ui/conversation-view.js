/** One conversation: who it is with, its messages, the box to write in. */
import { lockOf } from '../state/conversations.js';
import { composerView } from './composer-view.js';
import { clone, parts, setAvatar, setIcon, setText } from './dom.js';
import { texts } from './texts.js';
import { timelineView } from './timeline-view.js';

export function conversationView(id, actions) {
  const element = clone('conversation');
  const view = parts(element);
  const timeline = timelineView(id, actions);
  const composer = composerView(id, view.composer, actions);
  let user = null;

  view.timeline.append(timeline.element);
  view.details.addEventListener('click', () => actions.showDialog({ kind: 'details', user }));
  view.acceptKey.addEventListener('click', () => actions.acceptNewKey(user));

  function update(state) {
    const conversation = state.conversations[id];
    ({ user } = conversation);
    const lock = lockOf(conversation);
    setAvatar(view.avatar, user);
    setText(view.user, user);
    setIcon(view.lock, lock);
    setText(view.lockText, texts.encryptedLine[lock]);
    view.lockLine.dataset.lock = lock;
    view.keyChange.hidden = !conversation.keyChanged;
    setText(view.keyTitle, texts.keyChangedTitle(user));
    setText(view.keyText, texts.keyChangedText(user));
    composer.update(state);
    timeline.update(state);
  }

  function close() {
    composer.close();
    timeline.close();
  }

  return { id, element, update, close };
}
