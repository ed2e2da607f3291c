/**
 * Who asks to write to the user, who is blocked, and what the user chose for all devices.
 *
 * The part of the state: {privacy: {readReceipts?, typing?, openToAll?: boolean, blocked?: [user]}
 * (what was not told yet is absent), revealed: {message id: true} (of a blocked member, and asked
 * for)}.
 */
import { isGroup } from './groups.js';

export const nobodyAsks = Object.freeze({ privacy: {}, revealed: {} });

export const standingChanges = {
  privacy: (state, { type, ...told }) => ({ ...state, privacy: { ...state.privacy, ...told } }),
  reveal: (state, { id }) => ({ ...state, revealed: { ...state.revealed, [id]: true } }),
};

/** Whether a stranger's conversation waits for an answer. */
export function isAsked({ standing }) {
  return standing === 'asked';
}

export function isBlocked({ standing }) {
  return standing === 'blocked';
}

/** Of whom a request was declined nothing is left to see. */
export function isDeclined(conversation) {
  return isBlocked(conversation) && !conversation.lastAt;
}

/** Whether a message in a group is of somebody whom the user blocked. */
export function isOfBlocked({ privacy }, conversation, from) {
  return isGroup(conversation) && (privacy.blocked?.includes(from) ?? false);
}
