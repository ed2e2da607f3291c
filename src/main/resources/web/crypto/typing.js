/** Whether somebody is writing, sealed for who has the key (docs/protocol.md §7.10). */

import { importAeadKey, open, seal } from './aead.js';
import { enc } from './encoding.js';
import { TYPING } from './labels.js';
import { pad, unpad } from './padding.js';

/** All say the same in size: whether it began or ended is not seen. */
const PADDED_BYTES = 64;

/**
 * @param {Uint8Array} key
 * @param {{serverHost: string, conversation: string, user: string, device: string}} place where, and
 *   who says so
 * @param {Uint8Array} content
 */
export async function sealTyping(key, place, content) {
  return seal(await importAeadKey(key), aad(place), pad(content, PADDED_BYTES));
}

/** The content of `sealTyping`; Refused for anything else. */
export async function openTyping(key, place, sealed) {
  return unpad(await open(await importAeadKey(key), aad(place), sealed), PADDED_BYTES);
}

function aad({ serverHost, conversation, user, device }) {
  return enc(TYPING, serverHost, conversation, user, device);
}
