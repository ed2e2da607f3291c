/** An account that is open in this tab. */

import { randomBytes, base64url } from '../crypto/bytes.js';
import { knownAccounts } from '../store/known-accounts.js';
import { Changes } from './changes.js';
import { Contacts } from './contacts.js';
import { Conversations } from './conversations.js';
import { Disappearing, eraseAllGone } from './disappearing.js';
import { Downloads } from './downloads.js';
import { FileServer } from './file-server.js';
import { GoneMessages } from './gone-messages.js';
import { Leading } from './leading.js';
import { News } from './news.js';
import { Requests } from './requests.js';
import { loadSelf } from './self.js';
import { Search } from './search.js';
import { Tabs } from './tabs.js';
import { SAID_EVERY_MS, TypingPace } from './typing-pace.js';
import { UserError } from './user-error.js';

export class OpenAccount {
  #tabs;
  #news;
  #disappearing;
  #gone = new GoneMessages();
  #erased;
  #onEvent;
  #leading = null;
  #visible = false;
  #attended = null;
  #changedKeys = new Map();
  #pace = new TypingPace(SAID_EVERY_MS);
  #tab = base64url(randomBytes(8));

  /**
   * @param {AccountStore} store
   * @param {{onEvent: function(object), server: {url: string, host: string,
   *   origin: string}, bundle: string|null}} page
   */
  static async open(store, page) {
    // Before anything is shown, or asked for by anybody; on a full disk later, as room comes.
    const erased = await eraseAllGone(store).catch(() => ({ gone: [], answers: [] }));
    return new OpenAccount(store, await loadSelf(store), page, erased);
  }

  constructor(store, self, { onEvent, server, bundle }, erased) {
    this.store = store;
    this.self = self;
    this.user = store.user;
    this.#onEvent = (told, { isOwn = false } = {}) => {
      const event = this.#gone.pass(told);
      if (event.type === 'file-stopped') this.files.cancel(event.id);
      if (event.type === 'conversation') this.#note(event.conversation);
      if (event.type === 'conversations') event.list.forEach(shown => this.#note(shown));
      // With what this tab tells itself, it has read it.
      if (event.type === 'conversation' && this.#leading && !isOwn) this.#disappearing.look();
      // How the user stands with people is in none, if there is no conversation with them.
      if (['conversation', 'conversations'].includes(event.type)) this.#leading?.changed();
      if (event.type === 'messages') this.#leading?.typing.heard(event);
      onEvent(event);
    };
    const emit = event => this.#tabs.emit(event);
    this.#news = new News(store, emit, goneAt => {
      if (this.#leading) this.#disappearing.expect(goneAt);
    });
    this.#disappearing = new Disappearing(store, this.#news);
    this.#erased = erased;
    this.conversations = new Conversations(store, this.#news);
    this.changes = new Changes(store, this.#news);
    this.requests = new Requests(store, this.#news);
    this.contacts = new Contacts(store, self, this.#news);
    this.search = new Search(store, onEvent);
    this.files = new Downloads({ store, news: this.#news, emit }, new FileServer(server.origin));
    this.#tabs = new Tabs(this.user, {
      onEvent: this.#onEvent,
      lead: async () => {
        this.#leading = await Leading.begin(store, { news: this.#news, emit, server, bundle });
        this.#disappearing.look();
        return this.#leading.commands;
      },
      onLed: () => {
        this.setVisible(this.#visible);
        this.attend(this.#attended);
      },
    });
  }

  /** This browser is another device now: the other tabs still go on with the one of before. */
  tellRenewed() {
    this.#tabs.tellOthers({ type: 'renewed', listHash: this.self.listHash });
  }

  /** Gives this tab what the others know already. */
  async show() {
    this.#onEvent({ type: 'account', phase: 'signed-in', user: this.user, users: knownAccounts() });
    await this.#news.tellList(this.#onEvent);
    // The other tabs show it still.
    await this.#disappearing.tell(this.#erased);
    this.#onEvent({ type: 'persistence', persisted: await navigator.storage.persisted() });
    const standing = await this.ask('state');
    standing.forEach(this.#onEvent);
  }

  /** Messages of the page, of which none has disappeared meanwhile. */
  loadMessages(conversation, page) {
    return this.#gone.load(() => this.conversations.load(conversation, page));
  }

  /** The user goes on with the changed key that this tab showed. */
  acceptNewKey(user) {
    return this.contacts.accept(user, this.#changedKeys.get(user));
  }

  #note({ user, changedKey }) {
    this.#changedKeys.set(user, changedKey);
  }

  /** Has the leading tab run a command. */
  ask(command, args) {
    return this.#tabs.ask(command, args);
  }

  /** Whichever tab loads the file, loads it no further. */
  stopFile(id) {
    this.#tabs.emit({ type: 'file-stopped', id });
  }

  /** Something was written that the leading tab should send. */
  kick() {
    this.#hint('kick');
  }

  setVisible(visible) {
    this.#visible = visible;
    // Timers of a tab that nobody sees come late.
    if (visible) this.#disappearing.look();
    this.#hint('setVisible', { tab: this.#tab, visible });
  }

  /** Whether the user is writing there. */
  typing(conversation, isWriting) {
    if (this.#pace.take(conversation, isWriting)) this.#hint('typing', { conversation, isWriting });
  }

  /** A text was written: whoever gets it knows that its writing is over. */
  written(conversation) {
    this.#pace.sent(conversation);
    this.kick();
  }

  /** @param {string|null} conversation that somebody looks at in this tab */
  attend(conversation) {
    this.#attended = conversation;
    this.#hint('attend', { tab: this.#tab, conversation });
  }

  /** One tab tells of what comes, and of nothing that somebody looks at in any of them. */
  mayNotify(conversation) {
    return this.#leading !== null && !this.#leading.attention.isOn(conversation);
  }

  close() {
    this.files.stop();
    this.#disappearing.stop();
    this.#tabs.close();
    this.#leading?.stop();
    this.store.close();
  }

  /** A command that nobody waits for; a tab that begins to lead finds out by itself. */
  #hint(command, args) {
    this.ask(command, args).catch(error => { if (!(error instanceof UserError)) throw error; });
  }
}
