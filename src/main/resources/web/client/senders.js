/** Who sent what a batch holds: how the user stands with them, and what is asked of their devices. */

import { AWAITS_ACCEPTANCE } from '../store/database.js';
import { repairLost } from './repairing.js';
import { meet } from './requests.js';

export class Senders {
  #ownUser;
  /** By person; the own user is none. */
  #standings = new Map();
  /** By device, and whether anything of it opened: {user, isHeard}. */
  #devices = new Map();

  constructor(ownUser) {
    this.#ownUser = ownUser;
  }

  /** Before anybody becomes a contact: whoever is none yet asks. */
  async meet(stores, users) {
    for (const user of new Set(users)) {
      if (user === this.#ownUser) continue;
      this.#standings.set(user, await meet(stores, this.#ownUser, user));
    }
  }

  note({ fromUser: user, fromDevice }, { type }) {
    const { isHeard = false } = this.#devices.get(fromDevice) ?? {};
    this.#devices.set(fromDevice, { user, isHeard: isHeard || type !== 'failed' });
  }

  isBlocked(user) {
    return this.#standings.get(user) === 'blocked';
  }

  /** The row of what somebody said: that of whoever asks is kept apart. */
  asKept(user, row) {
    const isApart = this.#standings.get(user) === 'asked';
    return isApart ? { ...row, archive: AWAITS_ACCEPTANCE } : row;
  }

  /** Asks for what did not open. */
  async repair(stores, now) {
    for (const [device, { user, isHeard }] of this.#devices) {
      if (!this.isBlocked(user)) await repairLost(stores, user, device, isHeard, now);
    }
  }
}
