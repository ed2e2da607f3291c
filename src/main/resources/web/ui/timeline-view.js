/**
 * The messages of one conversation. The reader's place is theirs: new messages move it only when
 * the end was in sight, and older ones are put above it.
 */
import { timelineOf } from '../state/conversations.js';
import { isGroup, sendingStop } from '../state/groups.js';
import { peopleIn } from '../state/mentions.js';
import { writersIn } from '../state/passing.js';
import { isOfBlocked } from '../state/standing.js';
import { timelineRows } from '../state/timeline.js';
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
import { keepPlace } from './kept-place.js';
import { reactionPicker } from './emoji-picker.js';
import { messageItem } from './message-item.js';
import { messageMenu } from './message-menu.js';
import { messageReach } from './message-reach.js';
import { writersWords } from './passing-words.js';
import { reconcile } from './reconcile.js';
import { texts } from './texts.js';
import { dayItem, newLineItem, noticeItem } from './timeline-marks.js';

const END_PX = 48;
const TOP_PX = 240;
const NEW_LINE_ABOVE_PX = 96;

/** So many are there before somebody scrolls up to them. */
const READY_MESSAGES = 60;

/** So many are drawn first when a conversation opens; those above come once they are seen. */
const FIRST_MESSAGES = 20;

/** So often it is told anew when messages disappear. */
const TELL_TIME_MS = 60_000;

export function timelineView(id, actions) {
  const element = clone('timeline');
  const view = parts(element);
  const { scroller, rows } = view;
  const picker = reactionPicker(element, actions.react);
  const menu = messageMenu(view.said, actions, picker.open);
  const creators = {
    day: dayItem,
    new: newLineItem,
    notice: noticeItem,
    // Announced is what comes in below, while the conversation is open: not history, not my own.
    message: ({ message }) => messageItem(actions, openMenu, around,
      placed && !message.mine && message.ordinal > lastOrdinal),
  };
  let placed = false;
  let whole = false;
  let atEnd = true;
  let firstOrdinal = null;
  let lastOrdinal = -1;
  let known = new Set();
  let read = -1;
  let state = null;
  let height = 0;
  let jumped = null;
  let drawn = [];

  element.append(menu.element);
  messageReach(scroller, rows);

  scroller.addEventListener('scroll', () => {
    // An earlier scroll may be told after the height changed: then the end was not left by anybody.
    if (scroller.clientHeight === height) atEnd = distanceToEnd() <= END_PX;
    loadAbove();
    afterMove();
  }, { passive: true });
  view.jump.addEventListener('click', () => {
    toEnd();
    scroller.focus();
  });
  view.again.addEventListener('click', () => actions.loadMessages(id));
  const sizes = new ResizeObserver(() => {
    height = scroller.clientHeight;
    if (atEnd) toEnd();
  });
  sizes.observe(scroller);
  const clock = setInterval(() => {
    for (const mark of rows.querySelectorAll('.goes:not([hidden])')) {
      mark.closest('.message').dispatchEvent(new Event('tell-time'));
    }
  }, TELL_TIME_MS);

  function around() {
    const conversation = state.conversations[id];
    const { user } = state.account;
    return { user, people: peopleIn(conversation, user), isOfGroup: isGroup(conversation),
      canWrite: sendingStop(conversation) === null,
      isBlocked: from => isOfBlocked(state, conversation, from) };
  }

  function openMenu(message, beside, back) {
    menu.open(message, beside, back, around());
  }

  function distanceToEnd() {
    return scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
  }

  function toEnd() {
    scroller.scrollTop = scroller.scrollHeight;
    atEnd = true;
  }

  /** The first time: to the line of new messages if there is one, else to the end. */
  function place() {
    placed = true;
    const line = rows.querySelector('.new-line');
    if (line) scroller.scrollTop = line.offsetTop - NEW_LINE_ABOVE_PX;
    else toEnd();
    atEnd = distanceToEnd() <= END_PX;
  }

  /** Shows a message that was searched for in the middle, once for each time it is asked for. */
  function jump() {
    const { jump: wanted } = state;
    if (!placed || wanted === jumped || wanted?.conversation !== id) return;
    jumped = wanted;
    rows.querySelector('.is-found')?.classList.remove('is-found');
    const message = rows.querySelector(`[data-ordinal="${wanted.ordinal}"]`);
    if (!message) return;
    atEnd = false;
    message.classList.add('is-found');
    message.tabIndex = -1;
    message.focus({ preventScroll: true });
    message.scrollIntoView({ block: 'center' });
    atEnd = distanceToEnd() <= END_PX;
  }

  function loadAbove() {
    const { messages, fetched, complete, loading, error } = timelineOf(state, id);
    if (!whole || !fetched || complete || loading || error) return;
    if (messages.length < READY_MESSAGES || scroller.scrollTop < TOP_PX) actions.loadMessages(id);
  }

  /** What depends on the place: the way back to the end, and what counts as read. */
  function afterMove() {
    const { unread } = state.conversations[id];
    view.jump.hidden = atEnd;
    setAttribute(view.jump, 'aria-label',
      unread > 0 ? texts.jumpToUnread(unread) : texts.jumpToLatest);
    setOptionalText(view.jumpCount, unread > 0 ? String(unread) : null);
    if (placed && atEnd && state.attentive && unread > 0 && read < lastOrdinal) {
      read = lastOrdinal;
      actions.markRead(id, lastOrdinal);
    }
  }

  /** The first drawing is of what is in sight, unless a message is asked for further up. */
  function drawnFirst(messages) {
    if (whole || state.jump?.conversation === id) return messages;
    const line = messages.findIndex(({ ordinal }) => ordinal >= (state.newLine ?? Infinity));
    const fromEnd = messages.length - FIRST_MESSAGES;
    return messages.slice(Math.max(0, line < 0 ? fromEnd : Math.min(fromEnd, line - 2)));
  }

  function drawWhole() {
    setTimeout(() => {
      whole = true;
      if (!element.isConnected) return;
      update(state);
      loadAbove();
    });
  }

  /** What is typed changes nothing here, however many messages there are. */
  function isDrawn(messages) {
    const { newLine, jump: wanted, conversations } = state;
    const { seenOrdinal } = conversations[id];
    const shown = [messages, timelineOf(state, id).error, whole, wanted, newLine, seenOrdinal,
      new Date().toDateString(), state.transfers, state.privacy, state.revealed];
    const isSame = shown.every((value, i) => value === drawn[i]);
    drawn = shown;
    return isSame;
  }

  function isHidden({ id: message, from }) {
    return isOfBlocked(state, state.conversations[id], from) && !state.revealed[message];
  }

  function showRows(messages) {
    const older = firstOrdinal !== null && messages[0]?.ordinal < firstOrdinal;
    // Asked for only then: the browser would lay out the page for it.
    const heightBelow = older ? scroller.scrollHeight - scroller.scrollTop : 0;
    const ids = new Set(messages.map(message => message.id));
    const isGoing = [...known].some(one => !ids.has(one));
    const giveBack = isGoing ? keepPlace(scroller, rows, menu.owner() ?? document.activeElement)
      : null;
    // One that only moved, because its place in a group's log is known now, is not new.
    const last = messages.at(-1);
    const mineIsNew = last?.mine && last.ordinal > lastOrdinal && !known.has(last.id);
    const { seenOrdinal } = state.conversations[id];
    const shown = timelineRows(messages, state.newLine, seenOrdinal, state.transfers, isHidden);
    reconcile(rows, shown, row => row.key, row => creators[row.kind](row));
    firstOrdinal = messages[0]?.ordinal ?? null;
    lastOrdinal = last?.ordinal ?? -1;
    known = ids;
    menu.follow();
    giveBack?.(!atEnd);
    if (older) scroller.scrollTop = scroller.scrollHeight - heightBelow;
    else if (placed && (atEnd || mineIsNew)) toEnd();
  }

  function update(next) {
    state = next;
    const { messages, fetched, loading, error } = timelineOf(state, id);
    const waiting = loading && messages.length === 0;
    const silent = fetched && messages.length === 0;
    setText(view.empty, waiting ? texts.loadingMessages
      : silent ? silenceOf(state.conversations[id]) : '');
    view.empty.hidden = view.empty.textContent === '';
    view.failed.hidden = error === null;
    setText(view.error, error);
    setAttribute(scroller, 'aria-busy', loading ? true : null);
    if (!isDrawn(messages)) showRows(drawnFirst(messages));
    const writers = writersIn(state, state.conversations[id]);
    setText(view.writing, writers.length > 0 ? writersWords(writers) : null);
    if (fetched && !placed && element.isConnected) {
      place();
      requestAnimationFrame(drawWhole);
    }
    jump();
    afterMove();
  }

  function close() {
    clearInterval(clock);
    sizes.disconnect();
  }

  return { element, update, close };
}

/** What is said where nobody has written yet; an invitation says enough above. */
function silenceOf(conversation) {
  if (!isGroup(conversation)) return texts.noMessages(conversation.user);
  return conversation.group.status === 'invited' ? '' : texts.noGroupMessages;
}
