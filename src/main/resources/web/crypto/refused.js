/**
 * Input of a peer or of the server that breaks a rule of docs/protocol.md. Nothing was changed.
 * Any other error of this directory is a mistake of the caller.
 */
export class Refused extends Error {
  /**
   * @param {'encoding'|'suite'|'public-key'|'signature'|'sealed'|'device-list'|'account-key'
   *   |'rollback'|'device'|'prekey'|'addressee'|'known-session'|'order'|'discarded'|'chain'
   *   |'recovery-code'|'archive'} reason for decisions: a closed set
   * @param {string} message for logs: names the rule, never a secret
   */
  constructor(reason, message) {
    super(message);
    this.name = 'Refused';
    this.reason = reason;
  }
}
