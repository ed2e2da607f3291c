/** One line of the list of conversations. */
import { lockOf } from '../state/conversations.js';
import { fullTime, isoTime, shortTime } from './dates.js';
import { clone, parts, setAttribute, setAvatar, setIcon, setText } from './dom.js';
import { texts } from './texts.js';

const PREVIEW_CHARS_MAX = 120;
const COUNT_SHOWN_MAX = 99;

export function conversationItem() {
  const element = clone('conversation-item');
  const view = parts(element);

  function updateLast({ lastText, lastMine }, draft) {
    const mark = draft !== '' ? texts.draftMark : lastMine && lastText ? texts.youMark : '';
    const preview = draft !== '' ? draft : lastText ?? '';
    setText(view.mark, mark);
    view.mark.classList.toggle('is-draft', draft !== '');
    setText(view.last, [...preview.slice(0, 2 * PREVIEW_CHARS_MAX)]
      .slice(0, PREVIEW_CHARS_MAX).join(''));
  }

  function updateTime(at) {
    view.time.hidden = at === undefined || at === null;
    if (view.time.hidden) return;
    setText(view.time, shortTime(at, Date.now()));
    view.time.title = fullTime(at);
    view.time.dateTime = isoTime(at);
  }

  function update({ conversation, current, draft }) {
    const { id, user, unread, lastAt } = conversation;
    view.link.href = `#${encodeURIComponent(id)}`;
    setAttribute(view.link, 'aria-current', current ? 'page' : null);
    setAvatar(view.avatar, user);
    setText(view.user, user);
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
  }

  return { element, update };
}
