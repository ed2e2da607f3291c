/** Going from one conversation to another by keyboard. */
import { inOrder, listed } from './conversations.js';

const CHOICES_MAX = 12;

/**
 * The conversations whose name holds what was typed, best first: names that begin so, then names in
 * which a word does. Nothing typed finds those with something unread, then the others of the list.
 */
export function choicesFor(state, typed) {
  const wanted = typed.trim().toLowerCase();
  if (wanted === '') {
    const shown = (listed(state) ?? []).filter(({ id }) => id !== state.open);
    return sortedBy(shown, ({ unread, muted }) => unread > 0 && !muted ? 0 : 1)
      .slice(0, CHOICES_MAX);
  }
  const held = Object.values(state.conversations ?? {})
    .filter(conversation => searchedNameOf(conversation).includes(wanted));
  return sortedBy(inOrder(held), conversation => rank(searchedNameOf(conversation), wanted))
    .slice(0, CHOICES_MAX);
}

/** The name under which a conversation is searched; a group may have none yet. */
function searchedNameOf({ user, name }) {
  return (user ?? name ?? '').toLowerCase();
}

function rank(name, wanted) {
  if (name.startsWith(wanted)) return 0;
  const before = name[name.indexOf(wanted) - 1];
  return /[\p{L}\p{N}]/u.test(before) ? 2 : 1;
}

/** In rising rank; those of one rank stay in their order. */
function sortedBy(conversations, rankOf) {
  return [...conversations].sort((a, b) => rankOf(a) - rankOf(b));
}

/**
 * The conversation above (-1) or below (1) the open one in the list, round its ends; null if there
 * is none.
 *
 * @param {boolean} unreadOnly passes over what is read or muted
 */
export function neighbour(state, step, unreadOnly = false) {
  const list = listed(state) ?? [];
  const here = list.findIndex(({ id }) => id === state.open);
  const start = here < 0 && step < 0 ? list.length : here;
  for (let i = 1; i <= list.length; i++) {
    const next = list.at((start + i * step) % list.length);
    const fits = !unreadOnly || next.unread > 0 && !next.muted;
    if (fits && next.id !== state.open) return next.id;
  }
  return null;
}
