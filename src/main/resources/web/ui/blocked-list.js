/** Settings: the people whom the user blocked, each with a way back. */
import { clone, parts, setAttribute, setAvatar, setOptionalText, setText } from './dom.js';
import { reconcile } from './reconcile.js';
import { texts } from './texts.js';

export function blockedList(actions) {
  const element = clone('blocked');
  const view = parts(element);

  /** @param blocked [user], or null while it is not known */
  function update(blocked) {
    const focused = view.people.contains(document.activeElement);
    reconcile(view.people, [...blocked ?? []].sort(), user => user, () => blockedItem(actions));
    view.people.hidden = !(blocked?.length > 0);
    setOptionalText(view.nobody, blocked?.length === 0 ? texts.nobodyBlocked : null);
    // The line of somebody who was unblocked took the focus along.
    if (focused && !view.people.contains(document.activeElement)) {
      view.heading.tabIndex = -1;
      (view.people.querySelector('button') ?? view.heading).focus();
    }
  }

  return { element, update };
}

function blockedItem(actions) {
  const element = clone('blocked-person');
  const view = parts(element);
  let shown = null;
  view.unblock.addEventListener('click', () => actions.unblockInSettings(shown));

  function update(user) {
    shown = user;
    setAvatar(view.avatar, user);
    setText(view.user, user);
    setAttribute(view.unblock, 'aria-label', texts.unblockOf(user));
  }

  return { element, update };
}
