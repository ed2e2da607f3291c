/**
 * The keys that texts bring, so that their receivers can be told when the user writes
 * (docs/protocol.md §7.10): one only when it is due, since it makes the text longer.
 */

import { base64url, randomBytes, utf8 } from '../crypto/bytes.js';
import { sha256 } from '../crypto/encoding.js';
import { isMember } from '../group/rights.js';
import { messageById } from '../store/conversations.js';
import {
  openTypingKey, sealHeardKey, sealOwnTypingKey, typingKeyRow,
} from '../store/typing-keys.js';
import { sharedRow } from './shared.js';

const KEY_BYTES = 32;
const AGE_MS_MAX = 7 * 24 * 60 * 60 * 1000;

/** The devices that a person's messages are for, as one short text. */
export function audienceOf({ pin }) {
  return base64url(pin.hash);
}

/** The devices of the other members of a group, as one short text. */
export async function audienceIn(membership, ownUser) {
  const others = [...membership.rows].filter(([user]) =>
    user !== ownUser && isMember(membership, user));
  const ids = others.flatMap(([, { deviceList }]) => deviceList.devices.map(({ id }) => id));
  return base64url(await sha256(utf8(ids.sort().join())));
}

/**
 * Inside a transaction: what `TypingKeys` is to know of a conversation. The text that was to bring
 * a key may be gone, and may never have left.
 */
export async function knownTypingKey(stores, conversation) {
  const row = await typingKeyRow(stores, conversation);
  const isLost = Boolean(row?.message) && !await messageById(stores, row.message);
  return { isOn: (await sharedRow(stores)).typing, row, isLost };
}

/** The own ones, of what is encrypted in one transaction: all of one conversation. */
export class TypingKeys {
  #store;
  #known;
  /** The row that is to be stored before anything leaves. */
  #row = null;

  /** @param {object} known as of knownTypingKey */
  constructor(store, known) {
    this.#store = store;
    this.#known = known;
  }

  /** @param {object} row of a message to a person @returns {Promise<{typingKey?: Uint8Array}>} */
  async broughtBy(row, contact) {
    return row.kind === 'text' ? this.#brought(row, audienceOf(contact)) : {};
  }

  /** As `broughtBy`, of a message to a group. */
  async broughtInto(membership, row) {
    if (row.kind !== 'text') return {};
    return this.#brought(row, await audienceIn(membership, this.#store.user));
  }

  /** Inside a transaction over `typingKeys`. */
  put({ typingKeys }) {
    if (this.#row) typingKeys.put(this.#row);
  }

  async #brought({ conversation, id: message }, audience) {
    if (!this.#known.isOn) return {};
    const row = this.#row ?? this.#known.row;
    const isLost = !this.#row && this.#known.isLost;
    if (row?.message === message) {
      this.#row = { ...row, audience };
      return { typingKey: await openTypingKey(this.#store, row) };
    }
    const now = Date.now();
    const isDue = !row || isLost || row.audience !== audience || now - row.madeAt > AGE_MS_MAX;
    if (!isDue) return {};
    const typingKey = randomBytes(KEY_BYTES);
    const own = { madeAt: now, audience, message };
    this.#row = await sealOwnTypingKey(this.#store, conversation, own, typingKey);
    return { typingKey };
  }
}

/** Those of others, of what is received in one transaction. */
export class HeardKeys {
  #rows = new Map();

  /**
   * @param {object} row of a message
   * @param {{content: object}} said as it was parsed
   */
  async prepare(store, { id, conversation, device, mine }, { content: { typingKey } }) {
    if (!typingKey || mine) return;
    this.#rows.set(id, await sealHeardKey(store, { conversation, device }, typingKey));
  }

  /** Inside a transaction over `typingKeys`: keeps the key that a message brings. */
  put({ typingKeys }, { id }) {
    const row = this.#rows.get(id);
    if (row) typingKeys.put(row);
  }
}
