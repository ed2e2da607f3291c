/** One line of the list of conversations. */
import { lockOf } from '../state/conversations.js';
import { isAsked, isBlocked } from '../state/standing.js';
import { plainName } from '../state/file-names.js';
import { plainWords } from '../state/markup.js';
import { answerButtons } from './answer-buttons.js';
import { fullTime, isoTime, shortTime } from './dates.js';
import { below } from './conversation-menu.js';
import { clone, parts, setAttribute, setIcon, setText } from './dom.js';
import { nameOf, showAvatar } from './identity.js';
import { isApple } from './keyboard.js';
import { deletedWords } from './quoted-words.js';
import { writersWords } from './passing-words.js';
import { texts } from './texts.js';

const PREVIEW_CHARS_MAX = 120;
const COUNT_SHOWN_MAX = 99;

export function conversationItem(actions, openMenu) {
  const element = clone('conversation-item');
  const view = parts(element);
  let answer = null;
  let shown = null;
  let drawn = {};

  // For the mouse alone: keys and fingers have the menu of the link, and the conversation a button.
  view.options.addEventListener('mousedown', event => event.preventDefault());
  view.options.addEventListener('click', () => openMenu(shown, below(view.options)));
  view.link.addEventListener('contextmenu', event => {
    const { clientX: x, clientY: y } = event;
    showMenu(event, x === 0 && y === 0 ? below(view.link) : { x, y });
  });
  view.link.addEventListener('keydown', event => {
    // Other systems make a context menu of it themselves.
    if (isApple() && event.key === 'F10' && event.shiftKey) showMenu(event, below(view.link));
  });

  function showMenu(event, place) {
    if (isQuestion(shown)) return;
    event.preventDefault();
    openMenu(shown, place);
  }

  function updateLast(item) {
    const { conversation: { lastText, lastMine, lastKind }, draft } = item;
    const standing = standingWords(item);
    if (standing !== null) {
      setText(view.mark, standing);
      setText(view.last, '');
      return;
    }
    const mark = draft !== '' ? texts.draftMark : lastMine && lastText ? texts.youMark : '';
    setText(view.mark, mark);
    view.mark.classList.toggle('is-draft', draft !== '');
    const said = lastKind === 'file' ? texts.fileLine(plainName(lastText)) : lastText ?? '';
    setText(view.last, plainWords(draft !== '' ? draft : said, PREVIEW_CHARS_MAX));
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
    const wanted = isQuestion(conversation) && !current;
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

  /** Of a long list only what changed is drawn. */
  function update(item) {
    const isSame = item.conversation === drawn.conversation && item.current === drawn.current
      && item.draft === drawn.draft && item.answer === drawn.answer && item.today === drawn.today
      && item.isMentioned === drawn.isMentioned && item.isHidden === drawn.isHidden
      && item.writers === drawn.writers;
    if (isSame) return;
    drawn = item;
    draw(item);
  }

  function draw(item) {
    const { conversation, current, answer: given, isMentioned } = item;
    const { id, unread, lastAt, pinned = false, muted = false } = conversation;
    shown = conversation;
    view.options.hidden = isQuestion(conversation);
    view.pinned.hidden = !pinned;
    view.muted.hidden = !muted;
    view.badge.classList.toggle('is-muted', muted && !isMentioned);
    view.link.href = `#${encodeURIComponent(id)}`;
    setAttribute(view.link, 'aria-current', current ? 'page' : null);
    showAvatar(view.avatar, conversation);
    setText(view.name, nameOf(conversation));
    const lock = lockOf(conversation);
    setIcon(view.lock, lock);
    view.lock.parentElement.dataset.lock = lock;
    setText(view.lockText, `, ${texts.lock[lock]}`);
    updateTime(lastAt);
    updateLast(item);
    const count = unread > COUNT_SHOWN_MAX ? `${COUNT_SHOWN_MAX}+` : String(unread);
    view.badge.hidden = unread === 0;
    setText(view.count, unread === 0 ? '' : isMentioned ? `@ ${count}` : count);
    const mention = isMentioned ? `, ${texts.mentionMark}` : '';
    setText(view.countText, unread === 0 ? '' : `, ${texts.unread(unread)}${mention}`);
    updateAnswer(conversation, current, given);
  }

  return { element, update };
}

/** What stands in the line instead of the last message; null if that does. */
function standingWords({ conversation, draft, isHidden, writers }) {
  const { group, lastKind, lastMine, lastFrom } = conversation;
  if (isInvited(conversation)) return texts.invitationBy(group.invitedBy);
  if (isAsked(conversation)) return texts.asksToWrite;
  if (isBlocked(conversation)) return texts.blockedMark;
  if (writers.length > 0) return group ? writersWords(writers) : texts.writingNow;
  if (draft !== '') return null;
  if (group?.joining) return texts.notMember.joining;
  if (isHidden) return texts.hiddenMessage(lastFrom);
  return lastKind === 'deleted' ? deletedWords({ mine: lastMine, from: lastFrom }) : null;
}

function isInvited({ group }) {
  return group?.status === 'invited';
}

/** Whether it waits for an answer of the user. */
function isQuestion(conversation) {
  return isInvited(conversation) || isAsked(conversation);
}
