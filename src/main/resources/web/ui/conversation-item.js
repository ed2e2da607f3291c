/** One line of the list of conversations. */
import { lockOf } from '../state/conversations.js';
import { plainWords } from '../state/markup.js';
import { answerButtons } from './answer-buttons.js';
import { fullTime, isoTime, shortTime } from './dates.js';
import { clone, parts, setAttribute, setIcon, setText } from './dom.js';
import { nameOf, showAvatar } from './identity.js';
import { texts } from './texts.js';

const PREVIEW_CHARS_MAX = 120;
const COUNT_SHOWN_MAX = 99;

export function conversationItem(actions) {
  const element = clone('conversation-item');
  const view = parts(element);
  let answer = null;
  let preview = { of: '', words: '' };

  /** Read once for each text: an update of the page comes with every key. */
  function wordsOf(text) {
    if (preview.of !== text) preview = { of: text, words: plainWords(text, PREVIEW_CHARS_MAX) };
    return preview.words;
  }

  function updateLast({ group, lastText, lastMine }, draft) {
    if (group?.status === 'invited') {
      setText(view.mark, texts.invitationBy(group.invitedBy));
      setText(view.last, '');
      return;
    }
    if (group?.joining && draft === '') {
      setText(view.mark, texts.notMember.joining);
      setText(view.last, '');
      return;
    }
    const mark = draft !== '' ? texts.draftMark : lastMine && lastText ? texts.youMark : '';
    setText(view.mark, mark);
    view.mark.classList.toggle('is-draft', draft !== '');
    setText(view.last, wordsOf(draft !== '' ? draft : lastText ?? ''));
  }

  function updateTime(at) {
    view.time.hidden = at === undefined || at === null;
    if (view.time.hidden) return;
    setText(view.time, shortTime(at, Date.now()));
    view.time.title = fullTime(at);
    view.time.dateTime = isoTime(at);
  }

  /** The open conversation has the answers of its own: they are never twice on the screen. */
  function updateAnswer(conversation, current, given) {
    const wanted = conversation.group?.status === 'invited' && !current;
    if (wanted && !answer) {
      answer = answerButtons(actions);
      element.append(answer.element);
    } else if (!wanted && answer) {
      const focused = answer.element.contains(document.activeElement);
      answer.element.remove();
      answer = null;
      if (focused) view.link.focus();
    }
    answer?.update(conversation, given);
  }

  function update({ conversation, current, draft, answer: given }) {
    const { id, unread, lastAt } = conversation;
    view.link.href = `#${encodeURIComponent(id)}`;
    setAttribute(view.link, 'aria-current', current ? 'page' : null);
    showAvatar(view.avatar, conversation);
    setText(view.name, nameOf(conversation));
    const lock = lockOf(conversation);
    setIcon(view.lock, lock);
    view.lock.parentElement.dataset.lock = lock;
    setText(view.lockText, `, ${texts.lock[lock]}`);
    updateTime(lastAt);
    updateLast(conversation, current ? '' : draft);
    const shown = unread > COUNT_SHOWN_MAX ? `${COUNT_SHOWN_MAX}+` : String(unread);
    view.badge.hidden = unread === 0;
    setText(view.count, unread === 0 ? '' : shown);
    setText(view.countText, unread === 0 ? '' : `, ${texts.unread(unread)}`);
    updateAnswer(conversation, current, given);
  }

  return { element, update };
}
