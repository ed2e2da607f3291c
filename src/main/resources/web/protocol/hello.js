/** What a client demands of a server's hello before it says a word (docs/protocol.md §2.1). */

import { equal } from '../crypto/bytes.js';
import { verify } from '../crypto/ed25519.js';
import { sha256 } from '../crypto/encoding.js';
import { SUITE_X25519 } from '../crypto/hpke.js';
import { HELLO } from '../crypto/labels.js';
import { parseHello } from './frames.js';

const DAY_MS = 24 * 60 * 60 * 1000;

export class HelloRefused extends Error {
  name = 'HelloRefused';

  /**
   * @param {'form'|'host'|'server-key'|'seal-key'|'suite'} reason
   * @param {object} [hello] the hello, if its form was right: shown to people, never relied on
   */
  constructor(reason, hello) {
    super(`hello refused: ${reason}`);
    this.reason = reason;
    this.hello = hello;
  }
}

/**
 * @typedef {object} ServerPin what a client remembers of a server
 * @property {Uint8Array} signKey 32 bytes
 * @property {Map<string, number>} serials the highest seal key serial seen from each node
 */

/**
 * @param {Uint8Array} bytes the hello as received
 * @param {{host: string, pin: ServerPin|null, now: number}} known no pin at first contact only
 * @returns {Promise<{hello: object, helloHash: Uint8Array, sealKey: object, pin: ServerPin}>}
 *   the seal key to use, and the pin to store before anything is sent
 * @throws {HelloRefused}
 */
export async function checkHello(bytes, { host, pin, now }) {
  const hello = parse(bytes);
  const refuse = reason => { throw new HelloRefused(reason, hello); };
  if (hello.serverHost !== host) refuse('host');
  if (pin && !equal(pin.signKey, hello.signKey)) refuse('server-key');
  const serials = new Map(pin?.serials);
  const usable = [];
  for (const sealKey of hello.sealKeys) {
    const { node, serial, suite, key, notAfter, signature } = sealKey;
    // Measured by what was pinned before: a node may show its old key beside the new one.
    const lowest = pin?.serials.get(node) ?? 0;
    if (serial >= lowest && notAfter >= now - DAY_MS) usable.push(sealKey);
    await verify(hello.signKey, signature, HELLO, host, node, serial, suite, key, notAfter)
      .catch(() => refuse('seal-key'));
    serials.set(node, Math.max(serial, serials.get(node) ?? 0));
  }
  if (usable.length === 0) refuse('seal-key');
  const [sealKey] = usable
    .filter(({ suite }) => suite === SUITE_X25519 && hello.suites.includes(suite))
    .sort((left, right) => right.serial - left.serial);
  if (!sealKey) refuse('suite');
  const helloHash = await sha256(bytes);
  return { hello, helloHash, sealKey, pin: { signKey: hello.signKey, serials } };
}

function parse(bytes) {
  try {
    return parseHello(bytes);
  } catch {
    throw new HelloRefused('form');
  }
}
