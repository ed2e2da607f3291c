/** What can be done with a conversation in the list: one menu for all of them. */
import { clone, parts, setText } from './dom.js';
import { menuKeys } from './menu.js';
import { isRightToLeft } from './placing.js';
import { texts } from './texts.js';

const EDGE_PX = 8;

export function conversationMenu(root, actions) {
  const menu = clone('conversation-menu');
  const view = parts(menu);
  let shown = null;
  root.append(menu);
  menuKeys(menu);

  function choose(change) {
    // The focus goes back to where the menu was opened.
    menu.hidePopover();
    actions.arrange(shown.id, change);
  }

  view.pin.addEventListener('click', () => choose({ pinned: !shown.pinned }));
  view.mute.addEventListener('click', () => choose({ muted: !shown.muted }));
  view.archive.addEventListener('click', () => choose({ archived: !shown.archived }));

  /** @param {{x: number, y: number}} place of a corner of the menu, as far as it fits there */
  function open(conversation, { x, y }) {
    shown = conversation;
    const { pinned, muted, archived } = conversation;
    setText(view.pin, pinned ? texts.unpin : texts.pin);
    setText(view.mute, muted ? texts.unmute : texts.mute);
    setText(view.archive, archived ? texts.unarchiveConversation : texts.archiveConversation);
    menu.showPopover();
    const corner = isRightToLeft() ? x - menu.offsetWidth : x;
    const left = Math.min(corner, innerWidth - menu.offsetWidth - EDGE_PX);
    const top = Math.min(y, innerHeight - menu.offsetHeight - EDGE_PX);
    menu.style.inset = `${Math.max(top, EDGE_PX)}px auto auto ${Math.max(left, EDGE_PX)}px`;
    view.pin.focus();
  }

  return { open };
}

/** The corner for a menu that belongs to a button. */
export function below(button) {
  const { left, right, bottom } = button.getBoundingClientRect();
  return { x: isRightToLeft() ? right : left, y: bottom };
}
