/** About a group: its name, who is in it, who missed a removal, a copy to keep, the way out. */
import { conversationWith } from '../state/conversations.js';
import { mayChange, verifiedPeople } from '../state/groups.js';
import { isAsked } from '../state/standing.js';
import { listName } from '../words/numbers.js';
import { confirmBox } from './confirm-box.js';
import { disappearPanel } from './disappear-panel.js';
import { clone, parts, setText } from './dom.js';
import { exportPanel } from './export-panel.js';
import { groupName } from './group-name.js';
import { inviteForm } from './invite-form.js';
import { memberItem } from './member-item.js';
import { reconcile } from './reconcile.js';
import { texts } from './texts.js';

/** @param dialog {conversation: id, place} as it was opened; the form of `place` gets the focus */
export function groupDialog(actions, { conversation: id, place }) {
  const element = clone('group');
  const view = parts(element);
  const name = groupName(id, actions);
  const invite = inviteForm(id, actions);
  const copy = exportPanel(id, actions);
  const timer = disappearPanel(id, actions);
  const leaving = confirmBox(view.leaving, view.leave, {
    yes: () => actions.leaveGroup(id),
    no: () => actions.ask(null),
  });

  view.leave.addEventListener('click', () => actions.ask('leave'));
  view.name.append(name.element);
  view.invite.append(invite.element);
  view.copy.replaceWith(copy.element);
  view.disappear.replaceWith(timer.element);
  parts(invite.element).names.autofocus = place === 'add';

  function updateMembers(state, group, errorAt) {
    const { asking, busy } = state.dialog;
    const verified = verifiedPeople(state);
    const items = group.members.map(member => ({
      member,
      may: mayChange(group),
      verified: verified.has(member.user),
      blocked: state.privacy.blocked?.includes(member.user) ?? false,
      asks: asking?.user === member.user && isAsked(conversationWith(state, member.user) ?? {}),
      asked: asking?.user === member.user ? asking.what : null,
      busy,
      error: errorAt(`member ${member.user}`),
    }));
    const focused = view.members.contains(document.activeElement);
    reconcile(view.members, items, item => item.member.user, () => memberItem(id, actions));
    // The line of somebody who was removed took the focus along.
    if (focused && !view.members.contains(document.activeElement)) view.members.focus();
  }

  function updateLeaving(group, dialog, errorAt) {
    const asked = dialog.asking?.what === 'leave';
    const inside = group.status === 'member' || group.status === 'waiting';
    view.leaving.hidden = !inside;
    view.leave.hidden = asked;
    leaving.update(asked && inside ? { text: texts.leaveMeans, label: texts.leaveNow,
      busy: dialog.busy, error: errorAt('leave') } : null);
  }

  function update(state) {
    const { dialog } = state;
    const { group } = state.conversations[id];
    const errorAt = where => dialog.place === where ? dialog.error : null;
    name.update(state, errorAt('name'));
    view.invite.hidden = !mayChange(group);
    invite.update(state, errorAt('add'));
    setText(view.unseen, unseenText(dialog.unseen));
    updateMembers(state, group, errorAt);
    copy.update(dialog.copy);
    timer.update(state.conversations[id], dialog.disappear);
    updateLeaving(group, dialog, errorAt);
  }

  return { element, update, title: () => texts.groupDetails };
}

/** @param unseen {removed, unseen: [user]} | {error: text} | null while it is not known */
function unseenText(unseen) {
  if (unseen === null || unseen.error) return unseen?.error;
  if (unseen.removed === null) return null;
  return unseen.unseen.length === 0 ? texts.seenByAll(unseen.removed)
    : texts.unseenBy(unseen.removed, listName(unseen.unseen));
}
