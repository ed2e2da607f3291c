/** How a conversation is named and drawn, with a person or in a group. */
import { lockOf } from '../state/conversations.js';
import { headcount, isGroup } from '../state/groups.js';
import { setAvatar, setGroupAvatar } from './dom.js';
import { texts } from './texts.js';

/** A group whose name this browser does not know yet is just a group. */
export function nameOf(conversation) {
  return isGroup(conversation) ? conversation.name ?? texts.group : conversation.user;
}

export function showAvatar(element, conversation) {
  if (isGroup(conversation)) setGroupAvatar(element, conversation.id);
  else setAvatar(element, conversation.user);
}

/** What the line under a conversation's heading says. */
export function lockLineOf(conversation) {
  const lock = lockOf(conversation);
  if (!isGroup(conversation)) return texts.encryptedLine[lock];
  const { group } = conversation;
  if (group.joining) return texts.notMember.joining;
  if (group.status in texts.notMember) return texts.notMember[group.status];
  return lock === 'encrypted' ? texts.groupLine(headcountOf(group)) : texts.groupLock[lock];
}

export function headcountOf(group) {
  const { members, invited } = headcount(group);
  return texts.headcount(members, invited);
}
