/** Questions about the groups among the conversations, and rules for what people type in them. */
import { canonicalUserName, isUserName } from './credentials.js';

const NAME_CHARS_MAX = 64;
const MEMBERS_MAX = 200;
const INVITED_AT_ONCE_MAX = 32;
const CONTROL_CHARACTER = /\p{Cc}/u;
const BETWEEN_NAMES = /[\s,;]+/u;

export function isGroup(conversation) {
  return conversation.kind === 'group';
}

/** How many people are in a group, and how many are invited and have not answered. */
export function headcount({ members }) {
  const invited = members.filter(member => member.role === 'invited').length;
  return { members: members.length - invited, invited };
}

/** Whether the person may change who is in a group, and its name. */
export function mayChange({ status, isAdmin, joining }) {
  return status === 'member' && isAdmin && !joining;
}

/**
 * Why nothing can be sent in a conversation now: "changed" (a person's key), "unwanted" (the user
 * blocked the person), "alarm", "blocked" (a member's key), "missed" (an admin has to remove somebody again), "joining" (this browser is not
 * in the group yet), "invited", "waiting", "left", "removed", "lost"; null if sending is possible.
 */
export function sendingStop(conversation) {
  if (!isGroup(conversation)) return personStop(conversation);
  const { status, isAdmin, alarm, blockedBy, missed, joining } = conversation.group;
  if (alarm !== null) return 'alarm';
  if (joining) return 'joining';
  if (status !== 'member') return status;
  if (blockedBy.length > 0) return 'blocked';
  return missed.length > 0 && !isAdmin ? 'missed' : null;
}

function personStop({ standing, keyChanged }) {
  if (standing === 'blocked') return 'unwanted';
  return keyChanged ? 'changed' : null;
}

/** Who may remove somebody, besides the person. */
export function otherAdmins({ members }) {
  return members.filter(({ role, self }) => role === 'admin' && !self).map(({ user }) => user);
}

/** What a group's name is refused for: "missing", "long", "control"; null if it is not. */
export function groupNameProblem(typed) {
  const name = typed.trim();
  if (name === '') return 'missing';
  if ([...name].length > NAME_CHARS_MAX) return 'long';
  return CONTROL_CHARACTER.test(name) ? 'control' : null;
}

/** The user names in a text, each once, in their order. Blanks, commas, semicolons part them. */
export function typedNames(typed) {
  const names = typed.split(BETWEEN_NAMES).filter(name => name !== '').map(canonicalUserName);
  return [...new Set(names)];
}

/**
 * Why people cannot be invited all at once: {problem, names}, where problem is "none", "invalid",
 * "already", "at-once" or "full", and names are those concerned; null if they can.
 */
export function invitationProblem({ members }, names) {
  if (names.length === 0) return { problem: 'none', names };
  const invalid = names.filter(name => !isUserName(name));
  if (invalid.length > 0) return { problem: 'invalid', names: invalid };
  const known = new Set(members.map(member => member.user));
  const already = names.filter(name => known.has(name));
  if (already.length > 0) return { problem: 'already', names: already };
  if (names.length > INVITED_AT_ONCE_MAX) return { problem: 'at-once', names };
  return members.length + names.length > MEMBERS_MAX ? { problem: 'full', names } : null;
}

/** Those whose safety number was compared, whatever group they are met in. */
export function verifiedPeople(state) {
  return new Set(Object.values(state.conversations)
    .filter(c => !isGroup(c) && c.verified && !c.keyChanged).map(c => c.user));
}

/** Who of those online could be invited to a group; people whose name is typed are left out. */
export function peopleToInvite(state, { members }, typed) {
  const left = new Set([...members.map(member => member.user), ...typedNames(typed)]);
  return (state.online?.users ?? [])
    .filter(user => user !== state.account.user && !left.has(user));
}
