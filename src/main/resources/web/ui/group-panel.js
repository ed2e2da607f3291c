/** What stands above the messages of a group: an invitation, trouble, or who to invite first. */
import { mayChange, otherAdmins, sendingStop } from '../state/groups.js';
import { listName } from '../words/numbers.js';
import { answerButtons } from './answer-buttons.js';
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
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
  let missed = [];
  view.removeAgain.addEventListener('click', () => actions.removeAgain(id, missed[0]));

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

  function updateTrouble({ group }, { busy, error } = { busy: false, error: null }) {
    const trouble = troubleOf(group);
    view.trouble.hidden = trouble === null;
    setText(view.troubleTitle, trouble?.title);
    setText(view.troubleText, trouble?.text);
    reconcile(view.people, trouble?.people ?? [], user => user, () => talkItem(actions));
    missed = trouble?.removable ?? [];
    setOptionalText(view.removeAgain,
      missed.length > 0 ? texts.removeAgain(listName(missed)) : null);
    setAttribute(view.removeAgain, 'aria-disabled', busy ? true : null);
    setOptionalText(view.troubleError, missed.length > 0 ? error : null);
  }

  function update(state) {
    const conversation = state.conversations[id];
    const { group } = conversation;
    updateInvitation(conversation, state.answers);
    updateTrouble(conversation, state.answers[id]);
    view.alone.hidden = !mayChange(group) || group.members.length > 1;
  }

  return { element, update };
}

/** What people have to know or decide: {title, text, people?, removable?}; null if nothing. */
function troubleOf(group) {
  if (group.alarm !== null) return { title: texts.alarmTitle, text: group.alarm };
  const { blockedBy, missed } = group;
  if (sendingStop({ kind: 'group', group }) === 'blocked') {
    const text = texts.blockedText(listName(blockedBy));
    return { title: texts.blockedTitle, text, people: blockedBy };
  }
  if (missed.length === 0 || group.status === 'invited') return null;
  const users = listName(missed);
  const title = texts.missedTitle(users);
  if (mayChange(group)) return { title, text: texts.missedForAdmin(users), removable: missed };
  return { title, text: texts.missedForMember(users, listName(otherAdmins(group))) };
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
