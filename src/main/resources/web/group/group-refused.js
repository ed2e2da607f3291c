/** An entry that may not stand in a group's log at its place. Nothing was changed. */
export class GroupRefused extends Error {
  name = 'GroupRefused';

  /** @param {string} code one of docs/protocol.md §9.7 */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** Throws a GroupRefused with this code unless the rule holds. */
export function refuseUnless(holds, code) {
  if (!holds) throw new GroupRefused(code);
}
