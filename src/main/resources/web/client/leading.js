/**
 * What the leading tab does for all tabs of an account: it holds the connection, takes the inbox,
 * sends the outbox, keeps prekeys, and asks who is online.
 */

import { GROUP } from '../crypto/group-statements.js';
import { Refused } from '../crypto/refused.js';
import { ConnectionLost, RequestRefused } from '../protocol/connection.js';
import { HelloRefused } from '../protocol/hello.js';
import { AccountCommands } from './account-commands.js';
import { AccountPushes } from './account-pushes.js';
import { Acknowledgements } from './acknowledgements.js';
import { Attention } from './attention.js';
import { Contacts } from './contacts.js';
import { FileServer } from './file-server.js';
import { Groups } from './groups.js';
import { Inbox } from './inbox.js';
import { Link, TOKEN_CODES } from './link.js';
import { Outbox } from './outbox.js';
import { keepPrekeys } from './prekeys.js';
import { Presence } from './presence.js';
import { Registration } from './registration.js';
import { isProvenRevocation } from './revocation.js';
import { SearchSealing } from './search-sealing.js';
import { dropsDevice, loadSelf } from './self.js';
import { Standing } from './standing.js';
import { Turn } from './turn.js';
import { Typing } from './typing.js';
import { Uploads } from './uploads.js';
import { UserError, userErrorOf } from './user-error.js';
import { WAITING_STORES, allWaiting } from './waiting.js';

const STUCK_PAUSE_MS = 60_000;
const DAY_MS = 24 * 60 * 60 * 1000;

export class Leading {
  attention = new Attention();
  typing;
  #store;
  #self;
  #news;
  #standing;
  #emit;
  #registration;
  #own;
  #link;
  #generation = null;
  #accountPushes;
  #contacts;
  #inbox;
  #outbox;
  #groups;
  #uploads;
  #acknowledgements = null;
  #presence;
  #searchSealing;
  #held = null;
  #stopped = new AbortController();
  #ask = (type, fields) => this.#request(type, fields);

  /**
   * @param {AccountStore} store
   * @param {{news: News, emit: function(object), server: {url: string, host: string},
   *   bundle: string|null}} context `bundle` names the version of the page
   */
  static async begin(store, context) {
    const leading = new Leading(store, await loadSelf(store), context);
    await leading.#begin();
    return leading;
  }

  constructor(store, self, { news, emit, server, bundle }) {
    this.#store = store;
    this.#self = self;
    this.#news = news;
    this.#standing = new Standing(store, emit);
    this.#emit = this.#standing.emit;
    const parts = { store, self, news, turn: new Turn() };
    this.#contacts = new Contacts(store, self, news,
      { follow: list => this.#own.learn(list), settled: () => this.#inbox.settled() });
    this.#registration = new Registration({ store, self, server, bundle }, this.#emit);
    this.#outbox = new Outbox({ ...parts, contacts: this.#contacts }, this.#ask);
    // Chains of groups and ratchets of sessions never meet: neither waits for the other.
    this.#groups = new Groups({ ...parts, contacts: this.#contacts, turn: new Turn() }, this.#ask,
      error => this.#stuck(error), this.#emit);
    this.#uploads = new Uploads({ store, news, emit: this.#emit }, this.#ask,
      new FileServer(server.origin), () => this.#kick());
    this.#presence = new Presence(this.#ask, this.#emit);
    this.typing = new Typing(parts, this.#ask, this.#emit);
    this.#searchSealing = new SearchSealing(store);
    this.#own = new AccountCommands({ ...parts, emit: this.#emit }, this.#ask, {
      onList: () => this.#groups.ownListChanged().catch(error => this.#passing(error)),
      onOutgoing: () => this.#outbox.kick(),
      onTrusted: () => this.#kick(),
      onRemoved: () => this.#groups.takeOutDevice(),
      onGone: () => this.#link.stop(),
      leaveGroups: () => this.#groups.leaveAll(error => this.#passing(error)),
    });
    this.#inbox = new Inbox(parts, {
      onSendable: () => this.#outbox.kick(),
      onCaughtUp: () => this.#caughtUp(),
      onOwnMessage: message => this.#own.heard(message),
      onBehind: users => this.#contacts.askFor(users, this.#ask),
      onRestored: copyTime => this.#standing.restored(copyTime),
      onStuck: error => this.#stuck(error),
    });
    this.#accountPushes = new AccountPushes({
      // What a device sent before it left is its user's word still.
      ready: async ({ deviceList }) => dropsDevice(self, deviceList) && this.#inbox.settled(),
      take: frame => this.#own.push(frame, this.#generation),
      onFailed: error => this.#passing(error),
    });
    this.#link = new Link({
      opening: first => this.#registration.opening(first),
      onSignedIn: (connection, signedIn) => this.#signedIn(connection, signedIn),
      onStuck: error => this.#stuck(error),
      onPush: frame => this.#push(frame),
      onStatus: status => this.#status(status),
      onStopped: (reason, error) => this.#stop(reason, error),
      onRefusedHello: error => this.#emit({ type: 'alarm', text: userErrorOf(error).text }),
    });
  }

  /** The commands that other tabs may give, by name. */
  get commands() {
    return {
      state: async () => this.#standing.events,
      kick: () => this.#kick(),
      ...this.#groups.commands,
      ...this.#own.commands,
      ...this.#uploads.commands,
      ...this.#presence.commands,
      ...this.typing.commands,
      signIn: ({ first }) => this.#signIn(first),
      signOut: () => this.#signOut(),
      lookUp: ({ user }) => this.#contacts.lookUp(user, this.#ask),
      attend: async ({ tab, conversation }) => this.attention.set(tab, conversation),
      setVisible: async ({ tab, visible }) => {
        if (visible) this.#link.wake();
        this.#presence.setVisible(tab, visible);
      },
      trustNewServer: async () => {
        if (await this.#registration.trustOffered()) await this.#resume();
      },
      dismissRestored: () => this.#standing.dismissRestored(),
    };
  }

  stop() {
    this.#stopped.abort();
    this.#link.stop();
    this.#outbox.stop();
    this.#groups.stop();
    this.#uploads.stop();
    this.#disconnected();
    this.#searchSealing.stop();
    this.#presence.setConnected(false);
  }

  async #begin() {
    const { signal } = this.#stopped;
    addEventListener('online', () => this.#link.wake(), { signal });
    addEventListener('offline', () => this.#link.pause(), { signal });
    // Each new connection tells which prekeys are left; one that never ends would never tell.
    const daily = setInterval(() => this.#link.pause(), DAY_MS);
    signal.addEventListener('abort', () => clearInterval(daily));
    const restored = await this.#store.meta('restored');
    if (restored) this.#standing.restored(restored.copyTime);
    this.#searchSealing.changed();
    // Without a token somebody is just signing in, with a first frame of their own.
    if (await this.#registration.hasToken()) await this.#resume();
  }

  #status(status) {
    this.#emit({ type: 'connection', status });
    const isConnected = status === 'connected';
    [this.#presence, this.typing, this.#groups, this.#uploads]
      .forEach(part => part.setConnected(isConnected));
    if (isConnected) this.#kick();
    else this.#disconnected();
  }

  #disconnected() {
    this.#accountPushes.disconnected();
    this.#own.stop();
    this.#acknowledgements?.stop();
    this.#acknowledgements = null;
  }

  async #kick() {
    const { targets, changing, files } = await this.#store.read(WAITING_STORES, allWaiting);
    this.#outbox.startAll(targets);
    this.#groups.startAll(targets, changing);
    await this.#uploads.kick(files);
  }

  /** Something in a conversation is new, and so perhaps what is known of a person. */
  changed() {
    this.#own.changed();
    this.#searchSealing.changed();
  }

  /** A push of a group's log, of the inbox, or about the account. */
  #push(frame) {
    if (frame.type === 'account') this.#accountPushes.push(frame);
    else if (frame.type === 'typing') this.typing.push(frame);
    else if (frame.type.startsWith('group-') || frame.kind === GROUP) this.#groups.push(frame);
    else this.#inbox.push(frame);
  }

  async #request(type, fields) {
    if (this.#own.stops(type)) throw new ConnectionLost();
    try {
      return await this.#link.request(type, fields);
    } catch (error) {
      const isTokenGone = error instanceof RequestRefused && TOKEN_CODES.includes(error.code);
      if (isTokenGone) this.#stop('token', error);
      throw error;
    }
  }

  async #signIn(first) {
    this.#disconnected();
    if (first.type === 'login') this.#own.awaitVault();
    try {
      await this.#link.signIn(first);
    } catch (error) {
      this.#own.stop();
      const isOtherServer = error instanceof HelloRefused && error.reason === 'server-key';
      if (isOtherServer) this.#stop('server-key', error);
      throw userErrorOf(error);
    }
  }

  async #signedIn(connection, signedIn) {
    await this.#registration.signedIn(signedIn);
    const { generation } = signedIn.inbox;
    [this.#generation, this.#held] = [generation, signedIn];
    this.#acknowledgements = new Acknowledgements(connection,
      { store: this.#store, self: this.#self }, error => this.#stuck(error));
    this.#groups.begin(connection, this.#acknowledgements, generation);
    await this.#inbox.begin(this.#acknowledgements, signedIn.inbox, signedIn.signedPrekeyId === 0);
    this.#standing.account('signed-in');
    this.#emit({ type: 'visibility', value: signedIn.visibility });
  }

  async #signOut() {
    await this.#link.request('sign-out').catch(() => {
      // Without a connection the token is forgotten here only; the server drops it in time.
    });
    this.#link.stop();
    await this.#registration.forgetToken();
  }

  /** The link has stopped, and only a person can decide how to go on. */
  async #stop(reason, error) {
    this.#link.stop();
    if (reason === 'revoked' && !await isProvenRevocation(this.#self, error.frame.deviceList)) {
      return this.#stop('revoked-unproven', error);
    }
    if (reason === 'server-key') this.#registration.offered(error.hello);
    this.#standing.stopped(reason);
    return undefined;
  }

  async #resume() {
    const hasToken = await this.#registration.hasToken();
    this.#standing.account(hasToken ? 'signed-in' : 'needs-password');
    if (!hasToken) return;
    this.#status(navigator.onLine ? 'reconnecting' : 'offline');
    this.#link.start();
  }

  /** Only now, with nothing under way, may old prekeys be erased. */
  async #caughtUp() {
    const [held, connection] = [this.#held, this.#acknowledgements];
    this.#held = null;
    if (!held || !connection) return;
    try {
      await keepPrekeys(this.#store, this.#self, held, this.#ask);
      await this.#groups.findLost();
    } catch (error) {
      this.#passing(error);
    }
    // By now there may be another connection, or none.
    if (connection === this.#acknowledgements) this.#own.caughtUp(this.#generation);
  }

  /** The next connection asks again for what this one could not do. */
  #passing(error) {
    if (!(userErrorOf(error) instanceof UserError)) throw error;
  }

  #stuck(error) {
    const isBreach = error instanceof Refused;
    this.#news.alarm(isBreach ? 'history-changed' : 'storage-full');
    if (!isBreach) reportError(error);
    this.#link.pause(STUCK_PAUSE_MS);
  }
}
