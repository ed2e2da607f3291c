/** What ties this device to its server: the pin, the token, and what the server says of us. */

import { serverFingerprint } from '../crypto/safety-number.js';
import { settle } from '../store/database.js';

const TOKEN_PLACE = ['token'];

/** The server knows this device, and gave it a token: what an attempt left is of no use now. */
export async function keepToken(store, { token, tokenExpiresAt }) {
  const sealed = await store.sealing.seal(TOKEN_PLACE, { token, tokenExpiresAt });
  await store.write(['meta'], async ({ meta }) => {
    const account = await settle(meta.get('account'));
    meta.put(sealed, 'token');
    meta.put({ ...account, registered: true }, 'account');
    meta.delete('attempt');
  });
}

export class Registration {
  #store;
  #self;
  #server;
  #bundle;
  #emit;
  #offered = null;

  constructor({ store, self, server, bundle }, emit) {
    this.#store = store;
    this.#self = self;
    this.#server = server;
    this.#bundle = bundle;
    this.#emit = emit;
  }

  async hasToken() {
    return Boolean(await this.#store.meta('token'));
  }

  /** What `connect` needs. Without a first frame it is a resume. */
  async opening(first) {
    const pin = await this.#store.meta('server') ?? null;
    return {
      ...this.#server,
      pin,
      deviceKey: this.#self.devicePrivateKey,
      first: first ?? await this.#resume(),
      onHello: checked => this.#hello(checked, pin),
    };
  }

  signedIn(frame) {
    return keepToken(this.#store, frame);
  }

  forgetToken() {
    return this.#store.write(['meta'], ({ meta }) => { meta.delete('token'); });
  }

  /** A server with another key: shown to the user, who compares its fingerprint. */
  async offered(hello) {
    this.#offered = hello;
    await this.#tellServer(hello.signKey);
  }

  /** The user has chosen to go on with the server that was offered. @returns {Promise<boolean>} */
  async trustOffered() {
    if (!this.#offered) return false;
    await this.#store.setMeta('server', { signKey: this.#offered.signKey, serials: new Map() });
    this.#offered = null;
    return true;
  }

  async #resume() {
    const { user, deviceId, deviceKey } = this.#self;
    const { token } = await this.#store.sealing.open(TOKEN_PLACE, await this.#store.meta('token'));
    return { type: 'resume', fields: { user, token, deviceId, deviceKey } };
  }

  /** The pin is on disk before anything is said: the next hello is measured by it. */
  async #hello({ hello, pin }, known) {
    const textOf = ({ serials }) => JSON.stringify([...serials]);
    if (!known || textOf(known) !== textOf(pin)) await this.#store.setMeta('server', pin);
    await this.#tellServer(hello.signKey);
    this.#bundle ??= hello.bundle;
    if (hello.bundle !== this.#bundle) this.#emit({ type: 'update-available' });
  }

  async #tellServer(signKey) {
    const fingerprint = await serverFingerprint(signKey);
    this.#emit({ type: 'server', host: this.#server.host, fingerprint });
  }
}
