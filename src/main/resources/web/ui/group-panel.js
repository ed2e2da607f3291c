/** What stands above the messages of a group: an invitation, trouble, or who to invite first. */
import { mayChange, sendingStop } from '../state/groups.js';
import { answerButtons } from './answer-buttons.js';
import { clone, parts, setOptionalText, setText } from './dom.js';
import { reconcile } from './reconcile.js';
import { texts } from './texts.js';

const NAMES_SHOWN_MAX = 24;

/** @param id of the group's conversation */
export function groupPanel(id, actions) {
  const element = clone('group-panel');
  const view = parts(element);
  const answer = answerButtons(actions);

  view.answer.append(answer.element);
  view.invite.addEventListener('click', () => actions.showGroup(id, 'add'));

  function updateInvitation(conversation, answers) {
    const { status, invitedBy, members } = conversation.group;
    view.invitation.hidden = status !== 'invited';
    if (view.invitation.hidden) return;
    const inside = members.filter(member => member.role !== 'invited').map(member => member.user);
    const shown = inside.slice(0, NAMES_SHOWN_MAX);
    setText(view.invitationTitle, texts.invitationTitle(invitedBy));
    reconcile(view.names, shown, user => user, nameItem);
    setOptionalText(view.more,
      inside.length > shown.length ? texts.andMore(inside.length - shown.length) : null);
    answer.update(conversation, answers[id]);
  }

  function updateTrouble({ group }) {
    const alarm = group.alarm !== null;
    const blocked = sendingStop({ kind: 'group', group }) === 'blocked';
    view.trouble.hidden = !alarm && !blocked;
    setText(view.troubleTitle, alarm ? texts.alarmTitle : blocked ? texts.blockedTitle : null);
    setText(view.troubleText, alarm ? group.alarm
      : blocked ? texts.blockedText(group.blockedBy.join(', ')) : null);
    reconcile(view.people, blocked && !alarm ? group.blockedBy : [], user => user,
      () => talkItem(actions));
  }

  function update(state) {
    const conversation = state.conversations[id];
    const { group } = conversation;
    updateInvitation(conversation, state.answers);
    updateTrouble(conversation);
    view.alone.hidden = !mayChange(group) || group.members.length > 1;
  }

  return { element, update };
}

function nameItem() {
  const element = clone('name');
  const { user } = parts(element);
  return { element, update: name => setText(user, name) };
}

function talkItem(actions) {
  const element = clone('talk-button');
  const { button } = parts(element);
  let shown = null;
  button.addEventListener('click', () => actions.talkTo(shown));

  function update(user) {
    shown = user;
    setText(button, texts.openTalkWith(user));
  }

  return { element, update };
}
