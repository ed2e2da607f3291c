/**
 * An engine that keeps everything in memory: the page's tests put it in the place of
 * client/engine.js. `window.fakeWorld` says what it knows at the start, `window.fakeEngine` is it:
 * tests make things happen through `emit` and `receive`, and refuse through `refusals`: a text, or
 * what an error has besides.
 *
 * World: {account?, connection?, conversations: [{user, unread?, verified?, keyChanged?, draft?,
 * standing?, disappearAfter?,
 * messages: [Message without id, conversation, ordinal]} | {name, group: Group without id, unread?,
 * draft?, messages}], online?: [names], refusals?, unseen?: answer of loadUnseen,
 * acknowledgedAt?: of the witness, recovery?: whether a code is set, reset?, devices?: [Device],
 * privacy?: what differs of {readReceipts, typing, openToAll, blocked},
 * archive?: {on, bytes, quota}}.
 */
import { asking } from './asking.js';
import { files } from './fake-files.js';
import { ownAccount } from './own-account.js';
import { responding } from './responding.js';

const DAY_MS = 24 * 60 * 60 * 1000;

class FakeEngine {
  calls = [];
  refusals = {};
  conversations = new Map();
  messages = new Map();
  #ordinal = 0;
  #groups = 0;

  constructor(onEvent, world) {
    this.emit = onEvent;
    this.world = world;
    this.refusals = world.refusals ?? {};
    this.online = world.online ?? [];
    const call = (...asked) => this.#call(...asked);
    Object.assign(this, ownAccount(this, call), responding(this, call), files(this, call),
      asking(this, call));
    for (const conversation of world.conversations ?? []) {
      if (conversation.group) this.#addGroup(conversation);
      else this.#add(conversation);
    }
  }

  start() {
    const account = this.world.account ?? { phase: 'signed-in', user: 'alice' };
    this.emit({ type: 'account', ...account });
    this.emit({ type: 'server', host: 'localhost', fingerprint: '5f1c 09ae 77d2 4b10 c3e8 a6f4' });
    this.emit({ type: 'persistence', persisted: true });
    if (account.phase === 'signed-in') this.#tell();
    else this.emit({ type: 'connection', status: this.world.connection ?? 'connected' });
  }

  #tell() {
    this.emit({ type: 'visibility', value: 'all' });
    this.emit({ type: 'account-state', recovery: this.world.recovery ?? false,
      reset: this.world.reset ?? null });
    this.emit({ type: 'connection', status: this.world.connection ?? 'connected' });
    this.emit({ type: 'conversations', list: [...this.conversations.values()] });
    this.emit({ type: 'online', users: this.online, more: false });
  }

  #add({ user, verified = false, keyChanged = false, ...rest }) {
    return this.#put(`with-${user}`,
      { kind: 'person', name: user, user, verified, keyChanged }, rest);
  }

  #addGroup({ name, group, ...rest }) {
    const id = (++this.#groups * 0x9e3779b1 % 2 ** 32).toString(16).padStart(8, '0').repeat(4);
    const members = (group.members ?? []).map(member =>
      ({ role: 'member', leaving: false, self: member.user === 'alice', ...member }));
    const isAdmin = members.some(({ self, role }) => self && role === 'admin');
    return this.#put(`group:${id}`, { kind: 'group', name, group: { id, status: 'member', isAdmin,
      invitedBy: null, blockedBy: [], missed: [], alarm: null, ...group, members } }, rest);
  }

  #put(id, conversation, { messages = [], unread = 0, draft = '', ...view }) {
    const stored = messages.map(message => this.#stored(id, message));
    this.messages.set(id, stored);
    const firstUnreadOrdinal = unread > 0 ? stored.at(-unread).ordinal : undefined;
    this.conversations.set(id, { id, standing: 'accepted', disappearAfter: 0, ...conversation, ...view,
      draft, unread, firstUnreadOrdinal });
    this.#touch(id);
    return id;
  }

  #stored(conversation, message) {
    const ordinal = ++this.#ordinal;
    const sentAt = message.sentAt ?? Date.now() - (message.daysAgo ?? 0) * DAY_MS;
    return { id: `m${ordinal}`, conversation, ordinal, kind: 'text', mine: false,
      from: conversation.slice(5), ...message, sentAt };
  }

  #touch(id, change = {}) {
    const last = this.messages.get(id).at(-1);
    const conversation = { ...this.conversations.get(id), lastOrdinal: last?.ordinal ?? 0,
      lastText: last?.file?.name ?? last?.text, lastAt: last?.sentAt, lastMine: last?.mine,
      lastFrom: last?.from, lastKind: last?.kind, ...change };
    this.conversations.set(id, conversation);
    return conversation;
  }

  change(id, change) {
    this.emit({ type: 'conversation', conversation: this.#touch(id, change) });
  }

  receive(id, message) {
    const stored = this.#stored(id, message);
    this.messages.get(id).push(stored);
    this.emit({ type: 'messages', conversation: id, upserts: [stored] });
    const { unread, firstUnreadOrdinal } = this.conversations.get(id);
    this.change(id, stored.mine ? {} : { unread: unread + 1,
      firstUnreadOrdinal: unread === 0 ? stored.ordinal : firstUnreadOrdinal });
    return stored.id;
  }

  update(messageId, change) {
    for (const [id, messages] of this.messages) {
      const place = messages.findIndex(message => message.id === messageId);
      if (place >= 0) {
        messages[place] = { ...messages[place], ...change };
        this.emit({ type: 'messages', conversation: id, upserts: [messages[place]] });
      }
    }
  }

  async #call(name, ...values) {
    this.calls.push([name, ...values]);
    await this.held;
    const refusal = this.refusals[name];
    if (refusal === undefined) return;
    const told = typeof refusal === 'string' ? { code: name, text: refusal } : refusal;
    throw Object.assign(new Error(name), told);
  }

  /** Somebody is in, on this browser. */
  enter(user) {
    const users = this.world.account?.users ?? [user];
    this.emit({ type: 'account', phase: 'signed-in', user, users });
    this.#tell();
  }

  async createAccount({ user, password, anew }) {
    await this.#call('createAccount', user, password, anew);
    await this.world.gate;
    this.enter(user);
  }

  async signIn({ user, password, replace }) {
    await this.#call('signIn', user, password, replace);
    this.enter(user);
  }

  async recover({ user, code, password }) {
    await this.#call('recover', user, code, password);
    this.enter(user);
  }

  async signOut() {
    await this.#call('signOut');
    this.emit({ type: 'account', phase: 'signed-out', users: ['alice'] });
  }

  async eraseBrowser() {
    await this.#call('eraseBrowser');
    this.emit({ type: 'account', phase: 'signed-out', users: [] });
  }

  async startConversation(user) {
    await this.#call('startConversation', user);
    const id = this.#add({ user });
    this.emit({ type: 'conversation', conversation: this.conversations.get(id) });
    return id;
  }

  /** Changes a group: its members by `edit`, and other fields of it. */
  changeGroup(id, change, edit = members => members) {
    const { group } = this.conversations.get(id);
    this.change(id, { group: { ...group, ...change, members: edit(group.members) } });
  }

  async createGroup(name) {
    await this.#call('createGroup', name);
    const id = this.#addGroup({ name, group: { members: [{ user: 'alice', role: 'admin' }] } });
    this.emit({ type: 'conversation', conversation: this.conversations.get(id) });
    return id;
  }

  async inviteMembers(conversation, users) {
    await this.#call('inviteMembers', conversation, users);
    const invited = users.map(user => ({ user, role: 'invited', leaving: false, self: false }));
    this.changeGroup(conversation, {}, members => [...members, ...invited]);
  }

  async removeMember(conversation, user) {
    await this.#call('removeMember', conversation, user);
    const missed = this.conversations.get(conversation).group.missed.filter(one => one !== user);
    this.changeGroup(conversation, { missed },
      members => members.filter(member => member.user !== user));
  }

  async setRole(conversation, user, role) {
    await this.#call('setRole', conversation, user, role);
    this.changeGroup(conversation, {}, members =>
      members.map(member => member.user === user ? { ...member, role } : member));
  }

  async renameGroup(conversation, name) {
    await this.#call('renameGroup', conversation, name);
    this.change(conversation, { name });
  }

  async leaveGroup(conversation) {
    await this.#call('leaveGroup', conversation);
    this.changeGroup(conversation, { status: 'left' });
  }

  async acceptInvitation(conversation) {
    await this.#call('acceptInvitation', conversation);
    this.changeGroup(conversation, { status: 'member' });
  }

  async declineInvitation(conversation) {
    await this.#call('declineInvitation', conversation);
    this.changeGroup(conversation, { status: 'left' });
  }

  async loadUnseen(conversation) {
    await this.#call('loadUnseen', conversation);
    return this.world.unseen ?? { removed: null, unseen: [] };
  }

  async witness() {
    await this.#call('witness');
    const { acknowledgedAt = Date.now() - DAY_MS } = this.world;
    const json = new TextEncoder().encode('{"version":1}');
    return { groups: this.#groups, acknowledgedAt, name: 'sotto-witness-alice-2026-11-26.json', json };
  }

  async sendText(conversation, text, { replyTo: id } = {}) {
    await this.#call('sendText', conversation, text, id);
    const replyTo = id && this.quoteOf(id);
    return this.receive(conversation,
      { mine: true, from: 'alice', text, state: 'pending', ...replyTo && { replyTo } });
  }

  async loadMessages(conversation, { before = Infinity, limit }) {
    await this.#call('loadMessages', conversation, before, limit);
    return this.messages.get(conversation).filter(m => m.ordinal < before).slice(-limit);
  }

  async markRead(conversation, ordinal) {
    await this.#call('markRead', conversation, ordinal);
    this.change(conversation, { unread: 0, firstUnreadOrdinal: undefined });
  }

  async arrange(conversation, change) {
    await this.#call('arrange', conversation, change);
    this.change(conversation, change);
  }

  async saveDraft(conversation, text) {
    await this.#call('saveDraft', conversation, text);
    this.change(conversation, { draft: text });
  }

  async safetyNumber(user) {
    await this.#call('safetyNumber', user);
    const digits = Array.from({ length: 60 }, (_, i) => (i * 7 + 3) % 10).join('');
    const qr = Array.from({ length: 33 }, (_, y) =>
      Array.from({ length: 33 }, (__, x) => (x * y + x + 3 * y) % 3 === 0));
    return { digits, qr, verified: this.conversations.get(`with-${user}`).verified };
  }

  async markVerified(user, verified) {
    await this.#call('markVerified', user, verified);
    this.change(`with-${user}`, { verified });
  }

  async acceptNewKey(user) {
    await this.#call('acceptNewKey', user);
    this.change(`with-${user}`, { keyChanged: false, verified: false });
  }

  async search(text, { limit }) {
    await this.#call('search', text, limit);
    const all = [...this.messages.values()].flat();
    return all.filter(message => message.text?.toLowerCase().includes(text.toLowerCase()))
      .sort((left, right) => right.sentAt - left.sentAt).slice(0, limit)
      .map(({ conversation, id, ordinal, text: whole, sentAt: at, from, mine }) =>
        ({ conversation, id, ordinal, text: whole, at, from, mine }));
  }

  async searchOnline({ prefix = '', after = '' }) {
    await this.#call('searchOnline', prefix, after);
    const users = this.online.filter(user => user.startsWith(prefix) && user > after);
    return { users, more: false };
  }

  retry = id => this.#call('retry', id).then(() => this.update(id, { state: 'pending' }));
  deleteUnsent = id => this.#call('deleteUnsent', id);
  repair = (conversation, id) => this.#call('repair', conversation, id);
  setVisibility = value => this.#call('setVisibility', value);
  dismissRestored = () => this.#call('dismissRestored')
    .then(() => this.emit({ type: 'restored', text: null }));
  trustNewServer = () => this.#call('trustNewServer');
  setVisible() {}
  attend(conversation) { this.attended = conversation; }
  mayNotify = () => this.world.leads ?? true;
}

export async function openEngine({ onEvent }) {
  window.fakeEngine = new FakeEngine(onEvent, window.fakeWorld ?? {});
  window.fakeEngine.start();
  return window.fakeEngine;
}
