/**
 * What lies in the database only sealed: message text, drafts, ratchets, tokens. The key never
 * leaves the browser's key store, so a copy of the database's files alone shows none of it.
 */

import { open, seal } from '../crypto/aead.js';
import { base64url, fromBase64url, fromUtf8, utf8 } from '../crypto/bytes.js';
import { enc } from '../crypto/encoding.js';
import { AT_REST } from '../crypto/labels.js';

/** Only key of an object that stands for bytes, or for a CryptoKey beside it, in sealed JSON. */
const BYTES = 'bytes~';
const KEY = 'key~';

export class Sealing {
  #key;
  #user;

  /** @param {CryptoKey} key of generateAeadKey */
  constructor(key, user) {
    this.#key = key;
    this.#user = user;
  }

  /**
   * @param {string[]} place names the row, so that no row can stand in for another
   * @param {*} value JSON and byte arrays
   * @returns {Promise<Uint8Array>}
   */
  seal(place, value) {
    const { sealed } = this.#seal(place, value);
    return sealed;
  }

  /** The value that was sealed at this place; Refused `sealed` for anything else. */
  open(place, sealed) {
    return this.#open(place, sealed, []);
  }

  /**
   * As `seal`, for a value that holds CryptoKeys too: a non-extractable one cannot be sealed, and
   * is kept beside.
   *
   * @returns {Promise<{sealed: Uint8Array, keys: CryptoKey[]}>}
   */
  async sealWithKeys(place, value) {
    const { sealed, keys } = this.#seal(place, value);
    return { sealed: await sealed, keys };
  }

  openWithKeys(place, { sealed, keys }) {
    return this.#open(place, sealed, keys);
  }

  #seal(place, value) {
    const keys = [];
    const json = JSON.stringify(value, (_, item) => {
      if (item instanceof Uint8Array) return { [BYTES]: base64url(item) };
      return item instanceof CryptoKey ? { [KEY]: keys.push(item) - 1 } : item;
    });
    return { sealed: seal(this.#key, this.#aad(place), utf8(json)), keys };
  }

  async #open(place, sealed, keys) {
    const json = fromUtf8(await open(this.#key, this.#aad(place), sealed));
    return JSON.parse(json, (_, item) => {
      if (item === null || typeof item !== 'object') return item;
      if (BYTES in item) return fromBase64url(item[BYTES]);
      return KEY in item ? keys[item[KEY]] : item;
    });
  }

  #aad(place) {
    return enc(AT_REST, this.#user, ...place);
  }
}
