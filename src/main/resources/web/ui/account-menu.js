/** The button with the person's own name, and its menu. */
import { setAttribute, setAvatar, setText } from './dom.js';
import { texts } from './texts.js';

/** @param view {account, avatar, user, menu, settings, signOut}: elements of the main screen */
export function accountMenu(view, actions) {
  const { account, menu } = view;
  const items = [view.settings, view.signOut];
  account.popoverTargetElement = menu;

  menu.addEventListener('toggle', ({ newState }) => {
    account.setAttribute('aria-expanded', newState === 'open');
    if (newState === 'open') items[0].focus();
  });
  menu.addEventListener('keydown', event => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) {
      if (event.key === 'Tab') menu.hidePopover();
      return;
    }
    event.preventDefault();
    const here = items.indexOf(document.activeElement);
    items.at((here + step) % items.length).focus();
  });

  /** The focus goes back to the button first, so that a dialog gives it back to the button. */
  function choose(action) {
    menu.hidePopover();
    account.focus();
    action();
  }

  view.settings.addEventListener('click',
    () => choose(actions.showSettings));
  view.signOut.addEventListener('click', () => choose(actions.signOut));

  function update(state) {
    const { user } = state.account;
    setAttribute(account, 'aria-label', texts.account(user));
    setAvatar(view.avatar, user);
    setText(view.user, user);
  }

  return { update };
}
