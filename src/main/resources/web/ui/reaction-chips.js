/** The reactions to a message: a click takes part, or takes back. */
import { clone, parts, setAttribute, setText } from './dom.js';
import { reconcile } from './reconcile.js';
import { texts } from './texts.js';

/** So many kinds are shown at first, and so many people are named. */
const SHOWN_MAX = 12;
const NAMED_MAX = 20;

/** @param react(emoji) */
export function reactionChips(react) {
  const element = clone('reactions');
  const view = parts(element);
  let shown = [];
  let reach = -1;
  let whole = false;

  view.more.addEventListener('click', () => {
    whole = true;
    update(shown, reach);
    view.chips.children[SHOWN_MAX]?.querySelector('button').focus();
  });

  /** @param tabIndex of its buttons: see message-reach.js */
  function update(reactions, tabIndex) {
    shown = reactions;
    reach = tabIndex;
    const rest = whole ? 0 : Math.max(0, reactions.length - SHOWN_MAX);
    element.hidden = reactions.length === 0;
    reconcile(view.chips, reactions.slice(0, reactions.length - rest), ({ emoji }) => emoji,
      () => chip(react));
    view.more.hidden = rest === 0;
    setText(view.more, texts.moreReactions(rest));
    setAttribute(view.more, 'aria-label', texts.moreReactionsLabel(rest));
    for (const button of element.querySelectorAll('button')) button.tabIndex = tabIndex;
  }

  return { element, update };
}

function chip(react) {
  const element = clone('reaction');
  const view = parts(element);
  let shown = null;
  view.button.addEventListener('click', () => react(shown.emoji));

  function update(reaction) {
    shown = reaction;
    const { emoji, users, mine } = reaction;
    const label = texts.reaction(reaction, users.slice(0, NAMED_MAX));
    setText(view.emoji, emoji);
    setText(view.count, String(users.length));
    setAttribute(view.button, 'aria-label', label);
    setAttribute(view.button, 'title', label);
    view.button.classList.toggle('is-mine', mine);
  }

  return { element, update };
}
