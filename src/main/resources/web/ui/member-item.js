/** One member in the details of a group. */
import { confirmBox } from './confirm-box.js';
import { clone, parts, setAttribute, setAvatar, setOptionalText, setText } from './dom.js';
import { texts } from './texts.js';

/** @param id of the group's conversation */
export function memberItem(id, actions) {
  const element = clone('member');
  const view = parts(element);
  let shown = null;
  const confirm = confirmBox(element, view.remove, {
    yes: () => actions.removeMember(id, shown.user),
    no: () => actions.ask(null),
  });

  view.remove.addEventListener('click', () => actions.ask('remove', shown.user));
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

  /** @param item {member, may: change the group, verified, asked: to remove, busy, error: here} */
  function update({ member, may, verified, asked, busy, error }) {
    shown = member;
    const { user, self } = member;
    setAvatar(view.avatar, user);
    setText(view.user, user);
    setOptionalText(view.self, self ? texts.yourself : null);
    view.verified.hidden = !verified;
    updateRole(member, may);
    view.remove.hidden = !may || self || asked;
    setAttribute(view.remove, 'aria-label', texts.removeOf(user));
    setOptionalText(view.error, asked ? null : error);
    confirm.update(asked ? { ...questionOf(member), busy, error } : null);
  }

  return { element, update };
}

/** Who goes stays on the list until the next message of anybody makes it final. */
function leavingText(role) {
  return role === 'invited' ? texts.declined : texts.leaving;
}

function questionOf({ user, role }) {
  return role === 'invited'
    ? { text: texts.withdrawMeans(user), label: texts.withdrawNow }
    : { text: texts.removeMeans(user), label: texts.removeNow };
}
