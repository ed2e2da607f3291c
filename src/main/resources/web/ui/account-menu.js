/** The button with the person's own name, and its menu. */
import { clone, setAttribute, setAvatar, setText } from './dom.js';
import { menuKeys } from './menu.js';
import { reconcile } from './reconcile.js';
import { texts } from './texts.js';

/**
 * @param view {account, avatar, user, menu, settings, shortcuts, others, addAccount, signOut}:
 *   elements of the main screen
 */
export function accountMenu(view, actions) {
  const { account, menu } = view;
  account.popoverTargetElement = menu;

  menu.addEventListener('toggle', ({ newState }) => {
    account.setAttribute('aria-expanded', newState === 'open');
    if (newState === 'open') view.settings.focus();
  });
  menuKeys(menu);

  /** The focus goes back to the button first, so that a dialog gives it back to the button. */
  function choose(action) {
    menu.hidePopover();
    account.focus();
    action();
  }

  view.settings.addEventListener('click', () => choose(actions.showSettings));
  view.shortcuts.addEventListener('click', () => choose(actions.showShortcuts));
  view.addAccount.addEventListener('click', () => choose(actions.addAccount));
  view.signOut.addEventListener('click', () => choose(actions.signOut));

  function update(state) {
    const { user, users } = state.account;
    setAttribute(account, 'aria-label', texts.account(user));
    setAvatar(view.avatar, user);
    setText(view.user, user);
    reconcile(view.others, users.filter(other => other !== user), other => other,
      () => switchItem(other => choose(() => actions.switchAccount(other))));
  }

  return { update };
}

function switchItem(switchTo) {
  const element = clone('switch');
  let shown = null;
  element.addEventListener('click', () => switchTo(shown));

  function update(user) {
    shown = user;
    setText(element, texts.switchTo(user));
  }

  return { element, update };
}
