/**
 * The pure core of the page: every event makes a new state from the old one, nothing else does.
 *
 * State: {account: {phase, user, users, text}, connection, server: {host, fingerprint} | null,
 * persisted: boolean | null, visibility: "all" | "contacts" | "nobody" | null,
 * conversations: {id: Conversation} | null (not told yet), open: id | null, attentive: boolean,
 * newLine: ordinal | null, entered: count (how often somebody went to a conversation),
 * timelines: {id: Timeline}, online: {users, more} | null, search: Search, form: Form, dialog: Dialog | null,
 * answers: {id: {busy: boolean, error: text | null}} (to invitations),
 * alerts: [{id, text, conversation?}], restored: text | null (the server was restored, not yet put
 * away), cameFrom: user | null (whose account was on screen before another is added), farewell:
 * text | null (how an account left this browser, told at the start screen),
 * notifications: {permission, shows} (see ui/notifier.js), updateAvailable: boolean}, and what
 * ownAccount, messageSearch, files, standing, passing, writing and mentions tell.
 */
import { conversationWith } from './conversations.js';
import { fileChanges, noFiles, withoutTransfers } from './files.js';
import { nobodyMentioned, noteMentions } from './mentions.js';
import { messageSearchChanges, noMessageSearch, withoutFound } from './message-search.js';
import { ownAccountChanges, unknownOwnAccount } from './own-account.js';
import { nobodyWrites, onTyping, withoutWriters } from './passing.js';
import { nobodyAsks, standingChanges } from './standing.js';
import { emptyTimeline, mergeMessages, prependMessages } from './timeline.js';
import { followMessages, nothingWritten, writingChanges } from './writing.js';

const noSearch = Object.freeze({ prefix: '', users: null, more: false, busy: false, error: null });
const idleForm = Object.freeze({
  mode: 'create', busy: false, error: null, field: null, devices: null, reopened: false,
});

/** Phases after which nothing of the account is in this browser, or nobody may see it. */
const GONE = new Set(['signed-out', 'revoked', 'storage-wiped']);

const unknownAccount = Object.freeze({
  ...unknownOwnAccount,
  ...noMessageSearch,
  ...noFiles,
  ...nobodyMentioned,
  ...nobodyAsks,
  ...nobodyWrites,
  ...nothingWritten,
  visibility: null,
  conversations: null,
  open: null,
  newLine: null,
  timelines: {},
  answers: {},
  entered: 0,
  alerts: [],
  restored: null,
  online: null,
  search: noSearch,
  dialog: null,
});

export const initialState = Object.freeze({
  ...unknownAccount,
  account: { phase: 'loading', user: null, users: [], text: null },
  connection: 'reconnecting',
  server: null,
  persisted: null,
  attentive: true,
  cameFrom: null,
  farewell: null,
  notifications: { permission: 'default', shows: 'off' },
  form: idleForm,
  updateAvailable: false,
});

/** The screen that a state is shown on: "loading", "gate", "start" or "main". */
export function screenOf(state) {
  switch (state.account.phase) {
    case 'loading': return 'loading';
    case 'signed-out': return 'start';
    case 'signed-in': case 'needs-password': case 'replaced': return 'main';
    default: return 'gate';
  }
}

/** The next state. An event of a type that is not in the table changes nothing. */
export function reduce(state, event) {
  const change = Object.hasOwn(changes, event.type) ? changes[event.type] : null;
  return change ? change(state, event) : state;
}

const changes = {
  // From the engine.
  account: onAccount,
  connection: (state, { status }) =>
    ({ ...state, connection: status, ...status !== 'connected' && nobodyWrites }),
  server: (state, { host, fingerprint }) => ({ ...state, server: { host, fingerprint } }),
  persistence: (state, { persisted }) => ({ ...state, persisted }),
  notifications: (state, { permission, shows }) =>
    ({ ...state, notifications: { permission, shows } }),
  visibility: (state, { value }) => ({ ...state, visibility: value }),
  online: (state, { users, more }) => ({ ...state, online: { users, more } }),
  conversations: onConversations,
  conversation: (state, { conversation }) => withConversation(state, conversation),
  messages: onMessages,
  'messages-gone': onMessagesGone,
  typing: onTyping,
  alarm: (state, { text, conversation }) => withAlert(state, text, conversation),
  restored: (state, { text }) => ({ ...state, restored: text }),
  'update-available': state => ({ ...state, updateAvailable: true }),
  ...ownAccountChanges,
  ...messageSearchChanges,
  ...fileChanges,
  ...standingChanges,

  // From the page.
  mode: (state, { mode }) => ({ ...state, form: { ...idleForm, mode } }),
  'form-busy': state =>
    withForm({ ...state, farewell: null }, { busy: true, error: null, field: null }),
  'form-idle': state => ({ ...state, form: { ...idleForm, mode: state.form.mode } }),
  'form-failed': (state, { text, field = null, devices = null, reopened = false }) =>
    withForm(state, { busy: false, error: text, field, devices, reopened }),
  'adding-account': (state, { from }) => ({ ...state, cameFrom: from }),
  farewell: (state, { text }) => ({ ...state, farewell: text }),
  opened: onOpened,
  entered: state => ({ ...state, entered: state.entered + 1 }),
  attention: (state, { attentive }) => ({ ...state, attentive }),
  'history-loading': (state, { conversation }) =>
    withTimeline(state, conversation, { loading: true, error: null }),
  'history-loaded': onHistoryLoaded,
  'history-failed': (state, { conversation, text }) =>
    withTimeline(state, conversation, { loading: false, error: text }),
  ...writingChanges,
  'search-busy': (state, { prefix }) => ({ ...state, search: searchBusy(state.search, prefix) }),
  'search-found': onSearchFound,
  'search-failed': (state, { prefix, text }) => prefix === state.search.prefix
    ? { ...state, search: { ...state.search, busy: false, error: text } } : state,
  dialog: (state, { dialog }) =>
    ({ ...state, dialog: dialog && { busy: false, error: null, ...dialog } }),
  'dialog-changed': (state, { kind, change }) => state.dialog?.kind === kind
    ? { ...state, dialog: { ...state.dialog, ...change } } : state,
  answering: (state, { conversation }) =>
    withAnswer(state, conversation, { busy: true, error: null }),
  answered: (state, { conversation, text = null }) =>
    withAnswer(state, conversation, { busy: false, error: text }),
  dismissed: (state, { id }) => ({ ...state, alerts: state.alerts.filter(a => a.id !== id) }),
};

/** An event that does not name the accounts of this browser says nothing new of them. */
function onAccount(state, { phase, user = null, users = state.account.users, text = null }) {
  if (phase === 'loading' && state.form.busy) {
    return state; // the form shows its own progress, and keeps what was typed if it fails
  }
  const same = !GONE.has(phase) && (state.account.user === null || user === state.account.user);
  const form = { ...idleForm, mode: users.length > 0 ? 'sign-in' : 'create' };
  return {
    ...state,
    ...(same ? {} : unknownAccount),
    cameFrom: phase === 'signed-in' ? null : state.cameFrom,
    farewell: phase === 'signed-out' ? state.farewell : null,
    form: state.form.busy || phase === state.account.phase ? state.form : form,
    account: { phase, user, users, text },
  };
}

/** What the details told of may be gone, as when a request was declined on another device. */
function onConversations(state, { list }) {
  const historyOffered = state.historyOffered && list.length === 0;
  const next = list.reduce(withConversation, { ...state, conversations: {}, historyOffered });
  const { kind, user, conversation } = state.dialog ?? {};
  const isOver = kind === 'details' && conversationWith(next, user) === null
    || kind === 'group' && !(conversation in next.conversations);
  return isOver ? { ...next, dialog: null } : next;
}

function withConversation(state, conversation) {
  const { id, draft, firstUnreadOrdinal } = conversation;
  const conversations = { ...state.conversations, [id]: conversation };
  const here = id === state.open;
  const next = { ...state, conversations };
  // While somebody writes on this page, its drafts are newer than those in the store.
  if (draft !== undefined && !(state.attentive && id in state.drafts)) {
    next.drafts = { ...state.drafts, [id]: draft ?? '' };
  }
  const unseen = here && conversation.unread > 0 && firstUnreadOrdinal !== undefined;
  if (unseen && state.newLine === null && (!state.attentive || state.conversations === null
      || !(id in state.conversations))) {
    next.newLine = firstUnreadOrdinal;
  }
  return next;
}

function onMessages(state, { conversation, upserts }) {
  const timeline = state.timelines[conversation];
  const written = withoutWriters(state, conversation, upserts);
  const noted = noteMentions(followMessages(written, conversation, upserts), conversation, upserts);
  const next = withoutTransfers(noted, upserts);
  return timeline ? withTimeline(next, conversation, mergeMessages(timeline, upserts)) : next;
}

/** The time of these messages is over: what is open about one of them is over, too. */
function onMessagesGone(state, { conversation, ids }) {
  const next = withoutFound(
    onMessages(state, { conversation, upserts: ids.map(id => ({ id, removed: true })) }), ids);
  return ids.includes(state.dialog?.message?.id) ? { ...next, dialog: null } : next;
}

function onOpened(state, { conversation }) {
  if (conversation === state.open) {
    return state;
  }
  const newLine = state.conversations?.[conversation]?.firstUnreadOrdinal ?? null;
  return { ...state, open: conversation, newLine };
}

function onHistoryLoaded(state, { conversation, messages, limit }) {
  const timeline = state.timelines[conversation] ?? emptyTimeline;
  return withTimeline(state, conversation, prependMessages(timeline, messages, limit));
}

function withTimeline(state, id, change) {
  const timeline = { ...(state.timelines[id] ?? emptyTimeline), ...change };
  return { ...state, timelines: { ...state.timelines, [id]: timeline } };
}

function withForm(state, change) {
  return { ...state, form: { ...state.form, ...change } };
}

function withAnswer(state, id, answer) {
  return { ...state, answers: { ...state.answers, [id]: answer } };
}

function withAlert(state, text, conversation) {
  if (state.alerts.some(a => a.text === text && a.conversation === conversation)) {
    return state;
  }
  const id = 1 + Math.max(0, ...state.alerts.map(a => a.id));
  return { ...state, alerts: [...state.alerts, { id, text, conversation }] };
}

function searchBusy(search, prefix) {
  if (prefix === '') {
    return noSearch;
  }
  const users = prefix === search.prefix ? search.users : null;
  return { ...search, prefix, users, busy: true, error: null };
}

function onSearchFound(state, { prefix, after, users, more }) {
  if (prefix === '' && after !== undefined) {
    const known = state.online?.users ?? [];
    return { ...state, online: { users: [...new Set([...known, ...users])], more } };
  }
  if (prefix !== state.search.prefix) {
    return state; // an answer to a search that is over
  }
  const known = after === undefined ? [] : state.search.users ?? [];
  const found = [...new Set([...known, ...users])];
  return { ...state, search: { prefix, users: found, more, busy: false, error: null } };
}
