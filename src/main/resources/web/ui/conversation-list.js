/**
 * The list of conversations, above it what strangers ask, and behind a button what was put away. A
 * key press changes
 * nothing in it, so nothing of it is drawn then.
 */
import { archivedOf, listed, requestsOf } from '../state/conversations.js';
import { hasMention } from '../state/mentions.js';
import { writersIn } from '../state/passing.js';
import { isOfBlocked } from '../state/standing.js';
import { conversationItem } from './conversation-item.js';
import { setAttribute, setOptionalText, setText } from './dom.js';
import { reconcile } from './reconcile.js';
import { texts } from './texts.js';

/** So many strangers are in sight, however many ask. */
const REQUESTS_SHOWN = 2;

/**
 * @param view {list, asking, requestsTitle, requests, allRequests, conversations, noConversations,
 *   archivedToggle, archived}: elements
 */
export function conversationList(view, actions, openMenu) {
  const { list, archived, archivedToggle } = view;
  const links = () => [...list.querySelectorAll('a')].filter(link => link.checkVisibility());
  let drawn = null;
  let current = null;
  let last = null;
  let areAllShown = false;

  view.allRequests.addEventListener('click', () => {
    const { lastElementChild: above } = view.requests;
    areAllShown = true;
    draw(last);
    above.nextElementSibling.querySelector('a').focus();
  });

  archivedToggle.addEventListener('click', () => {
    showArchived(archived.hidden);
    archived.scrollIntoView({ block: 'nearest' });
  });
  list.addEventListener('keydown', event => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const { altKey, ctrlKey, metaKey, shiftKey } = event;
    if (step === undefined || altKey || ctrlKey || metaKey || shiftKey) return;
    const all = links();
    const next = all[all.indexOf(document.activeElement.closest('li')?.querySelector('a')) + step];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  });

  function showArchived(shown) {
    archived.hidden = !shown;
    archivedToggle.setAttribute('aria-expanded', shown);
  }

  /**
   * What the list shows. Drafts need no look of their own: that of the open conversation is not
   * shown, and with one of another something else changes, too.
   */
  function shownOf({ conversations, open, answers, composerErrors, privacy, writers }) {
    return [conversations, open, answers, composerErrors, privacy, writers,
      new Date().toDateString()];
  }

  function update(state) {
    const shown = shownOf(state);
    if (drawn?.every((value, i) => value === shown[i])) return;
    drawn = shown;
    keepFocus(() => draw(state));
  }

  /** Brings the open one into sight. The browser lays out the page for it: all else comes before. */
  function follow({ open }) {
    if (current === open) return;
    current = open;
    list.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }

  function drawRequests(state) {
    const requests = requestsOf(state);
    const shown = areAllShown ? requests : requests.slice(0, REQUESTS_SHOWN);
    show(view.requests, shown, state);
    view.asking.hidden = requests.length === 0;
    setText(view.requestsTitle, texts.requests(requests.length));
    setOptionalText(view.allRequests,
      shown.length < requests.length ? texts.moreRequests(requests.length) : null);
    if (requests.length === 0) areAllShown = false;
  }

  function draw(state) {
    last = state;
    drawRequests(state);
    const conversations = listed(state);
    const away = archivedOf(state);
    show(view.conversations, conversations ?? [], state);
    show(archived, away, state);
    archivedToggle.hidden = away.length === 0;
    if (away.length === 0) showArchived(false);
    setText(archivedToggle, texts.archived(away.length));
    const empty = conversations === null ? texts.loadingConversations
      : away.length > 0 ? texts.allArchived : texts.noConversations;
    setOptionalText(view.noConversations, conversations?.length > 0 ? null : empty);
  }

  function show(place, conversations, state) {
    const { open, drafts, answers } = state;
    const today = new Date().toDateString();
    const items = conversations.map(conversation => ({
      conversation,
      current: conversation.id === open,
      draft: conversation.id === open ? '' : drafts[conversation.id] ?? '',
      answer: answers[conversation.id],
      today,
      isMentioned: hasMention(state, conversation),
      writers: writersIn(state, conversation),
      isHidden: isOfBlocked(state, conversation, conversation.lastFrom),
    }));
    reconcile(place, items, item => item.conversation.id,
      () => conversationItem(actions, openMenu));
  }

  /** An element that moves loses the focus; of one that goes, the next one gets it. */
  function keepFocus(change) {
    const focused = document.activeElement;
    const place = list.contains(focused)
      ? links().indexOf(focused.closest('li')?.querySelector('a')) : null;
    change();
    if (place === null || document.activeElement === focused && focused.checkVisibility()) return;
    const left = links();
    const next = left[Math.min(place, left.length - 1)] ?? archivedToggle;
    if (list.contains(focused) && focused.checkVisibility()) focused.focus();
    else next.focus();
  }

  return { update, follow };
}
