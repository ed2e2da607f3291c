/** Somebody with all that one browser kept, and with what a server has: what opens for them? */

import { RECEPTION_STORES, Reception, knownTo } from '/client/reception.js';
import { loadSelf } from '/client/self.js';
import { openBatch, readingFrom } from '/crypto/archive.js';
import { fromBase64url } from '/crypto/bytes.js';
import { parseBytes, parseEncOf, parseInteger } from '/crypto/encoding.js';
import { nextChainKey, openPost } from '/crypto/group-message.js';
import { openPiece } from '/crypto/group-secrets.js';
import { commitHash, signedBytes, signerOf } from '/crypto/group-statements.js';
import { openSync } from '/crypto/own-keys.js';
import { Refused } from '/crypto/refused.js';
import { AccountStore } from '/store/account-store.js';
import { loadGroup } from '/store/groups.js';
import { loadOwnKeys } from '/store/own-keys.js';
import { dumpOf } from './browsers.js';
import { restore } from './people.js';
import { inProfile } from './profiles.js';

const POSTS_TRIED = 4;

async function opens(open) {
  try {
    await open();
    return true;
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}

export class Thief {
  /** Takes a copy of all rows and keys of a browser. @param {string} group a conversation's id */
  static async copying(browser, group) {
    const dumped = await dumpOf(browser);
    const row = name => dumped.meta.find(([key]) => key === name)[1];
    const device = dumped.keys.find(([key]) => key === 'device')[1];
    const { user } = browser;
    const thief = new Thief();
    thief.store = await inProfile('thief', async () => {
      const beginning = { meta: { account: row('account') }, device };
      const prekeys = dumped.prekeys.map(([, prekey]) => prekey);
      (await AccountStore.create(user, { ...beginning, prekeys })).close();
      await restore(user, dumped);
      return AccountStore.open(user);
    });
    thief.prekeys = dumped.prekeys.map(([, prekey]) => prekey);
    thief.self = await loadSelf(thief.store);
    thief.ownKeys = await loadOwnKeys(thief.store);
    thief.group = (await loadGroup(thief.store, group.slice('group:'.length))).state;
    return thief;
  }

  /** The types of what opens in a frame `send`, whichever device a copy is for. */
  async openedIn({ messageId, copies }, { user: fromUser, deviceId: fromDevice }) {
    const opened = [];
    const known = await this.store.read(RECEPTION_STORES,
      stores => knownTo(stores, [{ fromUser, fromDevice }]));
    for (const { device, ciphertext } of copies) {
      const self = { ...this.self, deviceId: device };
      const reception = new Reception(this.store, self, Date.now(), known);
      await reception.take({
        entryKind: 'message', fromUser, fromDevice, messageId: fromBase64url(messageId),
        bodies: [{ device }], ciphertext: fromBase64url(ciphertext),
      });
      opened.push(...reception.results.map(({ result }) => result.type));
    }
    return opened.filter(type => type !== 'failed');
  }

  async opensSync({ counter, blob }) {
    const bytes = fromBase64url(blob);
    const id = parseInteger(parseEncOf(2, bytes)[0]);
    for (const keys of this.#keysAs(id)) {
      if (await opens(() => openSync(keys, this.self, counter, bytes))) return true;
    }
    return false;
  }

  async opensBatch(nr, blob) {
    const [id, prevHash] = parseEncOf(3, blob);
    const keyId = parseInteger(id);
    const floor = { nr: nr - 1, hash: parseBytes(prevHash, 32), keyId: 0 };
    for (const keys of this.#keysAs(keyId)) {
      const reading = readingFrom(nr, keyId, floor);
      if (await opens(() => openBatch(reading, keys, this.self, { nr, blob }))) return true;
    }
    return false;
  }

  /** Whether a piece of a commit opens, whichever device it is for. */
  async opensPieceOf({ frame, pieces = [] }) {
    const { group } = this.group;
    const hash = await commitHash(signerOf(frame), frame.content);
    const place = { group, epoch: frame.content.epoch, commitHash: hash };
    for (const { user, device, prekeyKind, prekeyId, piece } of pieces) {
      const recipient = { place, user, device, prekeyKind, prekeyId };
      for (const pair of this.prekeys) {
        if (await opens(() => openPiece(pair, recipient, fromBase64url(piece)))) return true;
      }
    }
    return false;
  }

  /** Whether a post opens with a chain key that was kept, or one of those after it. */
  async opensPost({ frame }, rosterHash) {
    const header = await signedBytes(signerOf(frame), frame.content);
    for (let { key } of Object.values(this.group.keys.chains)) {
      for (let i = 0; i < POSTS_TRIED; i++) {
        const chain = key;
        if (await opens(() => openPost(chain, header, rosterHash, frame.ciphertext))) return true;
        key = await nextChainKey(key);
      }
    }
    return false;
  }

  /** Each own key that was kept, as if it were the one that is named. */
  #keysAs(id) {
    return this.ownKeys.map(key => [{ ...key, id }]);
  }

  async close() {
    this.store.close();
    await inProfile('thief', () => AccountStore.erase(this.store.user));
  }
}
