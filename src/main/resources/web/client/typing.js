/**
 * Who is writing, in the leading tab (docs/protocol.md §7.10). What cannot be told now is not told:
 * nothing of it is ever queued.
 */

import { Refused } from '../crypto/refused.js';
import { openTyping, sealTyping } from '../crypto/typing.js';
import { deviceIn, isMember } from '../group/rights.js';
import { FrameError } from '../protocol/fields.js';
import { JsonError } from '../protocol/strict-json.js';
import {
  conversationOf, conversationOfGroup, groupOf, isGroupConversation, peerIn,
} from '../store/conversations.js';
import { settle } from '../store/database.js';
import { standingOf } from '../store/standings.js';
import { openTypingKey, takeTypingNr, typingKeyRow } from '../store/typing-keys.js';
import { sharedRow } from './shared.js';
import { Turn } from './turn.js';
import { buildTyping, parseTyping } from './typing-content.js';
import { audienceIn, audienceOf } from './typing-keys.js';
import { TOLD_EVERY_MS, TypingPace } from './typing-pace.js';
import { Typists } from './typists.js';
import { UserError, userErrorOf } from './user-error.js';

const STORES = ['meta', 'standings', 'contacts', 'groups', 'typingKeys'];

export class Typing {
  #store;
  #self;
  #request;
  #typists;
  #pace = new TypingPace(TOLD_EVERY_MS);
  /** The order in which it is told and heard counts. */
  #sending = new Turn();
  #receiving = new Turn();
  #isConnected = false;

  /** @param {function(string, object): Promise<object>} request of the connection there is */
  constructor({ store, self }, request, emit) {
    this.#store = store;
    this.#self = self;
    this.#request = request;
    this.#typists = new Typists(emit);
  }

  /** The command that tabs may give. */
  get commands() {
    return { typing: ({ conversation, isWriting }) => this.#tell(conversation, isWriting) };
  }

  setConnected(isConnected) {
    this.#isConnected = isConnected;
    if (!isConnected) this.#typists.clear();
  }

  /** An event `messages`, as tabs get it. */
  heard({ conversation, upserts }) {
    this.#typists.heard(conversation, upserts);
  }

  /** A push. Whatever does not open is nothing. */
  push(frame) {
    return this.#receiving.take(() => this.#take(frame)).catch(error => {
      const isNothing = [Refused, FrameError, JsonError].some(kind => error instanceof kind);
      if (!isNothing) reportError(error);
    });
  }

  async #tell(conversation, isWriting) {
    if (!this.#isConnected) return;
    await this.#sending.take(() => this.#send(conversation, isWriting)).catch(error => {
      if (!(userErrorOf(error) instanceof UserError)) throw error;
    });
  }

  async #send(conversation, isWriting) {
    const { row, isOn, person, membership } = await this.#found(conversation);
    if (!isOn || !row || row.message) return;
    const { user, deviceId: device, serverHost } = this.#self;
    // Devices that are gone have the key still, and it is told to nobody who is to choose first.
    const audience = membership ? await audienceIn(membership, user)
      : person && !person.changed && audienceOf(person);
    if (audience !== row.audience || !this.#pace.take(conversation, isWriting)) return;
    const nr = await this.#store.write(['typingKeys'], stores => takeTypingNr(stores, row));
    if (nr === null) return;
    const place = { serverHost, conversation: wireName(conversation), user, device };
    const key = await openTypingKey(this.#store, row);
    const sealed = await sealTyping(key, place, buildTyping(nr, isWriting));
    const to = isGroupConversation(conversation) ? { group: groupOf(conversation) }
      : { to: peerIn(conversation, user) };
    await this.#request('typing', { ...to, sealed });
  }

  async #take({ fromUser: user, fromDevice: device, group, sealed }) {
    const conversation = group ? conversationOfGroup(group)
      : conversationOf(this.#self.user, user);
    const { row, isOn, person, membership } = await this.#found(conversation, device, user);
    const isListed = membership ? isMember(membership, user) && deviceIn(membership, user, device)
      : person?.list?.devices.some(({ id }) => id === device);
    if (!isOn || !row || !isListed) return;
    const place = {
      serverHost: this.#self.serverHost, conversation: wireName(conversation), user, device,
    };
    const key = await openTypingKey(this.#store, row);
    const { nr, typing } = parseTyping(await openTyping(key, place, sealed));
    const taken = await this.#store.write(['typingKeys'],
      stores => takeTypingNr(stores, row, nr));
    if (taken !== null) this.#typists.show(conversation, user, typing);
  }

  /**
   * What is known of a conversation and of the key of a device in it, the own one if none is named.
   * It is off for whoever asks or is blocked, too, and in a group that is over.
   */
  #found(conversation, device, from = peerIn(conversation, this.#self.user)) {
    const group = isGroupConversation(conversation) && groupOf(conversation);
    return this.#store.read(STORES, async stores => {
      const standing = from ? await standingOf(stores, from) : 'accepted';
      const isOn = standing === 'accepted' && (await sharedRow(stores)).typing;
      const row = await typingKeyRow(stores, conversation, device);
      if (!group) return { row, isOn, person: await settle(stores.contacts.get(from)) };
      const { membership, ended, breach } = await settle(stores.groups.get(group)) ?? {};
      const isIn = membership && !ended && !breach && isMember(membership, this.#self.user);
      return { row, isOn: isOn && Boolean(isIn), membership };
    });
  }
}

/** A conversation as it is named among devices. */
function wireName(conversation) {
  return isGroupConversation(conversation) ? groupOf(conversation) : conversation;
}
