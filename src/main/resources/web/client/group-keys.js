/** The keys that a commit's pieces are sealed to (docs/protocol.md §9.2). */

import { Refused } from '../crypto/refused.js';
import { checkDeviceList, checkPrekey } from '../crypto/statements.js';
import { mayTake } from '../group/rights.js';
import { spendPrekeys, unspentPrekey } from './contacts.js';
import { UserError } from './user-error.js';

export class GroupKeys {
  #store;
  #self;
  #contacts;
  #news;
  #request;

  constructor({ store, self, contacts, news }, request) {
    this.#store = store;
    this.#self = self;
    this.#contacts = contacts;
    this.#news = news;
    this.#request = request;
  }

  /**
   * Those of everybody in the roster, and what has become of their device lists.
   *
   * @returns {Promise<{prekeys: Map<string, {user: string, prekey: Prekey}>, newer: object[]}>}
   *   prekeys by device, not yet checked; ops that bring newer lists into the roster
   */
  async ofRoster({ group, membership }) {
    const prekeys = new Map();
    const newer = [];
    let after;
    for (let more = true; more;) {
      const page = await this.#request('group-keys', after ? { group, after } : { group });
      for (const { deviceList, keys } of page.users) {
        const { user } = deviceList;
        for (const { device, signedPrekey } of keys) {
          prekeys.set(device, { user, prekey: signedPrekey });
        }
        if (!await mayTake(membership, user, deviceList)) continue;
        await this.#checkList(user, deviceList);
        newer.push({ op: 'devices', user, deviceList });
      }
      after = page.users.at(-1)?.deviceList.user;
      more = page.more && after !== undefined;
    }
    return { prekeys, newer };
  }

  /**
   * Those of somebody who is to be invited: the list that the server gives now, under the pinned
   * account key.
   *
   * @returns {Promise<{deviceList: DeviceList, prekeys: Map<string, object>}>}
   */
  async ofStranger(user) {
    const { deviceList, keys } = await this.#request('keys', { user }).catch(error => {
      // Of several who are asked for, it says which one.
      throw error.code === 'unknown-user' ? new UserError(error.code, { user }) : error;
    });
    const contact = await this.#contacts.learn(user, deviceList);
    if (contact.changed) throw new UserError('group-not-accepted', { user });
    const chosen = new Map(keys.map(({ device, ...held }) =>
      [device, unspentPrekey(contact, device, held)]));
    await this.#store.write(['contacts'], stores => spendPrekeys(stores, user, chosen));
    const prekeys = new Map([...chosen].map(([device, prekey]) => [device, { user, prekey }]));
    return { deviceList: contact.list, prekeys };
  }

  /**
   * The prekeys of a plan's recipients, each signed by its device as the plan's roster has it.
   *
   * @returns {Promise<Map<string, Prekey>>}
   */
  async check(recipients, prekeys) {
    const checked = new Map();
    for (const { user, device } of recipients) {
      const held = prekeys.get(device.id);
      if (!held) throw new UserError('group-busy');
      await this.#checkPrekey(user, device, held.prekey);
      checked.set(device.id, held.prekey);
    }
    return checked;
  }

  async #checkPrekey(user, { id: deviceId, signKey }, prekey) {
    try {
      await checkPrekey(signKey, { user, deviceId }, prekey);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#news.alarm('bad-prekey', { user });
      throw new UserError('devices-refused', { user });
    }
  }

  async #checkList(user, deviceList) {
    const { serverHost } = this.#self;
    try {
      await checkDeviceList(deviceList, { user, serverHost, pin: null });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#news.alarm('old-devices', { user });
      throw new UserError('devices-refused', { user });
    }
  }
}
