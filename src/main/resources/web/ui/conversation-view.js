/** One conversation: who it is with, its messages, the box to write in. */
import { lockOf } from '../state/conversations.js';
import { isGroup } from '../state/groups.js';
import { isAsked } from '../state/standing.js';
import { composerView } from './composer-view.js';
import { below } from './conversation-menu.js';
import { clone, parts, setIcon, setText } from './dom.js';
import { fileDrop } from './file-drop.js';
import { groupPanel } from './group-panel.js';
import { lockLineOf, nameOf, showAvatar } from './identity.js';
import { keyChangePanel } from './key-change-panel.js';
import { timerWords } from './passing-words.js';
import { standingBar } from './standing-bar.js';
import { texts } from './texts.js';
import { timelineView } from './timeline-view.js';

export function conversationView(conversation, actions, openMenu) {
  const { id } = conversation;
  const element = clone('conversation');
  const view = parts(element);
  const panel = isGroup(conversation) ? groupPanel(id, actions) : keyChangePanel(id, actions);
  const standing = isGroup(conversation) ? null : standingBar(id, actions);
  const timeline = timelineView(id, actions);
  const composer = composerView(id, view.composer, actions);
  let shown = conversation;

  element.dataset.kind = conversation.kind;
  view.panel.replaceWith(panel.element);
  if (standing) view.composer.before(standing.element);
  view.timeline.append(timeline.element);
  view.details.addEventListener('click', () => isGroup(conversation) ? actions.showGroup(id)
    : actions.showDialog({ kind: 'details', user: conversation.user }));

  fileDrop(element, view.drop, {
    takes: composer.takesFiles, onFiles: files => actions.attach(id, files),
  });
  view.options.addEventListener('click', () => openMenu(shown, below(view.options)));

  /** When the question is answered, the focus goes on to where the person can write. */
  function updateQuestion(question, state) {
    const hasFocus = () => question.element.contains(document.activeElement);
    const focused = hasFocus();
    question.update(state);
    // A button that is hidden loses the focus at once, or only when the page is drawn.
    if (focused && !(hasFocus() && document.activeElement.checkVisibility())) composer.focus();
  }

  function updateTimer({ disappearAfter = 0 }) {
    view.timer.hidden = disappearAfter === 0;
    if (view.timer.hidden) return;
    const duration = timerWords(disappearAfter);
    setText(view.timerShort, duration);
    setText(view.timerText, texts.disappearLine(duration));
    view.timer.title = texts.disappearLine(duration);
  }

  function update(state) {
    shown = state.conversations[id];
    const lock = lockOf(shown);
    showAvatar(view.avatar, shown);
    setText(view.name, nameOf(shown));
    setIcon(view.lock, lock);
    setText(view.lockText, lockLineOf(shown));
    view.lockLine.dataset.lock = lock;
    updateTimer(shown);
    view.details.hidden = shown.group?.status === 'invited';
    view.options.hidden = view.details.hidden || isAsked(shown);
    composer.update(state);
    updateQuestion(panel, state);
    if (standing) updateQuestion(standing, state);
    timeline.update(state);
  }

  function close() {
    composer.close();
    timeline.close();
  }

  return { id, element, update, focus: composer.focus, close };
}
