/** One member in the details of a group. */
import { confirmBox } from './confirm-box.js';
import { clone, parts, setAttribute, setAvatar, setOptionalText, setText } from './dom.js';
import { texts } from './texts.js';

/** @param id of the group's conversation */
export function memberItem(id, actions) {
  const element = clone('member');
  const view = parts(element);
  let shown = null;
  let isBlocked = false;
  const no = () => actions.ask(null);
  const removal = confirmBox(element, view.remove,
    { yes: () => actions.removeMember(id, shown.user), no });
  const blocking = confirmBox(element, view.block,
    { yes: () => actions.blockMember(id, shown.user), no });

  view.remove.addEventListener('click', () => actions.ask('remove', shown.user));
  view.block.addEventListener('click', () => isBlocked
    ? actions.unblockMember(id, shown.user) : actions.ask('block', shown.user));
  view.role.addEventListener('click',
    () => actions.setRole(id, shown.user, shown.role === 'admin' ? 'member' : 'admin'));

  function updateRole({ user, role, self, leaving }, may) {
    setText(view.roleText, leaving ? leavingText(role) : texts.roles[role]);
    view.role.hidden = !may || self || leaving || role === 'invited';
    const admin = role === 'admin';
    setText(view.role, admin ? texts.makeMember : texts.makeAdmin);
    setAttribute(view.role, 'aria-label',
      admin ? texts.makeMemberOf(user) : texts.makeAdminOf(user));
  }

  /** Whoever is in the group, or invited, can be blocked by anybody in it. */
  function updateBlock({ user, self }, asked) {
    view.block.hidden = self || asked === 'block';
    setText(view.block, isBlocked ? texts.unblock : texts.block);
    setAttribute(view.block, 'aria-label', isBlocked ? texts.unblockOf(user) : texts.blockOf(user));
    setOptionalText(view.blocked, isBlocked ? texts.blockedMark : null);
  }

  /**
   * @param item {member, may: change the group, verified, blocked, asks: to write to the user,
   *   asked: 'remove', 'block' or null, busy, error: here}
   */
  function update({ member, may, verified, blocked, asks, asked, busy, error }) {
    shown = member;
    isBlocked = blocked;
    const { user, self } = member;
    setAvatar(view.avatar, user);
    setText(view.user, user);
    setOptionalText(view.self, self ? texts.yourself : null);
    view.verified.hidden = !verified;
    updateRole(member, may);
    view.remove.hidden = !may || self || asked === 'remove';
    setAttribute(view.remove, 'aria-label', texts.removeOf(user));
    updateBlock(member, asked);
    setOptionalText(view.error, asked ? null : error);
    removal.update(asked === 'remove' ? { ...removalOf(member), busy, error } : null);
    blocking.update(asked === 'block' ? { ...blockingOf(user, asks), busy, error } : null);
  }

  return { element, update };
}

/** Who goes stays on the list until the next message of anybody makes it final. */
function leavingText(role) {
  return role === 'invited' ? texts.declined : texts.leaving;
}

/** What somebody wrote who asks goes, as if they had been declined. */
function blockingOf(user, asks) {
  return asks ? { text: texts.declineText(user), label: texts.declineNow }
    : { text: texts.blockText(user), label: texts.blockNow };
}

function removalOf({ user, role }) {
  return role === 'invited'
    ? { text: texts.withdrawMeans(user), label: texts.withdrawNow }
    : { text: texts.removeMeans(user), label: texts.removeNow };
}
