import { ServerMethods } from './server-methods.js';

/** What the page does with groups. The leading tab does it; all reject with UserError. */
export class GroupMethods extends ServerMethods {
  #ask;

  /** @param {function(string, object?): Promise<*>} ask has the leading tab run a command */
  constructor(ask) {
    super(ask);
    this.#ask = ask;
  }

  /** @returns {Promise<string>} the id of the new conversation */
  createGroup(name) {
    return this.#ask('createGroup', { name });
  }

  /** Invites them all with one commit. */
  inviteMembers(conversation, users) {
    return this.#ask('inviteMembers', { conversation, users });
  }

  removeMember(conversation, user) {
    return this.#ask('removeMember', { conversation, user });
  }

  setRole(conversation, user, role) {
    return this.#ask('setRole', { conversation, user, role });
  }

  renameGroup(conversation, name) {
    return this.#ask('renameGroup', { conversation, name });
  }

  leaveGroup(conversation) {
    return this.#ask('leaveGroup', { conversation });
  }

  acceptInvitation(conversation) {
    return this.#ask('acceptInvitation', { conversation });
  }

  declineInvitation(conversation) {
    return this.#ask('declineInvitation', { conversation });
  }

  /** Of whom not every browser has seen the newest removal yet. */
  loadUnseen(conversation) {
    return this.#ask('loadUnseen', { conversation });
  }
}
