/**
 * What a person can do on the page, as verbs: each asks the engine and tells the state core how it
 * went. No action rejects: a refusal becomes words on the screen.
 *
 * @param page {engine(): Engine, state(): State, dispatch(event), goTo(conversation | null),
 *   reload(), save(name, content, type), copy(text), print(), notifier}: `save`, `copy` and `print`
 *   give the person a file, a text to paste, and paper; `notifier` is that of notifier.js
 */
import { canonicalUserName, isUserName } from '../state/credentials.js';
import { conversationWith, timelineOf } from '../state/conversations.js';
import { accountActions } from './account-actions.js';
import { exportActions } from './export-actions.js';
import { fileActions } from './file-actions.js';
import { groupActions } from './group-actions.js';
import { keysActions } from './keys-actions.js';
import { messageSearchActions } from './message-search-actions.js';
import { notificationActions } from './notification-actions.js';
import { passingActions } from './passing-actions.js';
import { respondActions } from './respond-actions.js';
import { settingsActions } from './settings-actions.js';
import { standingActions } from './standing-actions.js';
import { texts } from './texts.js';

/** A conversation opens with what is in sight, and gets the rest in larger pages. */
const FIRST_MESSAGES = 20;
const PAGE_MESSAGES = 40;
const UNREAD_MESSAGES_MAX = 300;
const TEXT_BYTES_MAX = 65_536;

export function createActions(page) {
  const { dispatch, engine } = page;
  const loads = new Map();

  /**
   * Runs an ask of the engine; a refusal goes to `fail`, in words and as it came. Says whether it
   * went well.
   */
  async function attempt(ask, fail) {
    try {
      await ask();
      return true;
    } catch (error) {
      fail(wordsFor(error), error);
      return false;
    }
  }

  const changeDialog = (kind, change) => dispatch({ type: 'dialog-changed', kind, change });
  const alert = text => dispatch({ type: 'alarm', text });

  /** One answer at a time to an invitation or a request; a refusal is told beside its buttons. */
  async function answer(id, ask) {
    if (page.state().answers[id]?.busy) return false;
    dispatch({ type: 'answering', conversation: id });
    const done = await attempt(ask,
      text => dispatch({ type: 'answered', conversation: id, text }));
    if (done) dispatch({ type: 'answered', conversation: id });
    return done;
  }

  async function open(id) {
    dispatch({ type: 'opened', conversation: id });
    const timeline = id === null ? null : timelineOf(page.state(), id);
    if (timeline && !timeline.fetched && !timeline.error) await loadMessages(id);
  }

  /** Loads the latest messages, or those before what is loaded; a load that runs is waited for. */
  function loadMessages(id) {
    const { conversations } = page.state();
    if (!conversations?.[id] || timelineOf(page.state(), id).complete) return undefined;
    if (!loads.has(id)) loads.set(id, loadPage(id).finally(() => loads.delete(id)));
    return loads.get(id);
  }

  async function loadPage(id) {
    const { messages, fetched } = timelineOf(page.state(), id);
    const { unread } = page.state().conversations[id];
    const limit = fetched ? PAGE_MESSAGES : FIRST_MESSAGES + Math.min(unread, UNREAD_MESSAGES_MAX);
    const before = fetched ? messages[0]?.ordinal : undefined;
    dispatch({ type: 'history-loading', conversation: id });
    await attempt(async () => {
      const found = await engine().loadMessages(id, { before, limit });
      dispatch({ type: 'history-loaded', conversation: id, messages: found, limit });
    }, text => dispatch({ type: 'history-failed', conversation: id, text }));
  }

  async function send(id, text) {
    const { replies: { [id]: replyTo }, connection } = page.state();
    // Whoever writes is not kept waiting for the next attempt.
    if (connection === 'reconnecting') engine().setVisible(true);
    const fail = refusal => dispatch(
      { type: 'composer-failed', conversation: id, text: refusal, unsent: text, replyTo });
    dispatch({ type: 'sending', conversation: id });
    if (new TextEncoder().encode(text).length > TEXT_BYTES_MAX) {
      fail(texts.messageTooLong);
    } else if (await attempt(() => engine().sendText(id, text, { replyTo: replyTo?.id }), fail)) {
      // The stored draft goes only now that the message is stored. More may be typed by now.
      await saveDraft(id);
    }
  }

  function saveDraft(id) {
    return attempt(() => engine().saveDraft(id, page.state().drafts[id] ?? ''), alert);
  }

  /** @param {string} kind of the dialog that asked for a name */
  async function startConversation(typed, kind = 'new-conversation') {
    const user = canonicalUserName(typed);
    const change = fields => changeDialog(kind, fields);
    if (!isUserName(user)) return change({ error: texts.nameInvalid });
    change({ busy: true, error: null });
    return attempt(() => talkTo(user), text => change({ busy: false, error: text }));
  }

  async function talkTo(user) {
    const known = conversationWith(page.state(), user);
    const id = known ? known.id : await engine().startConversation(user);
    dispatch({ type: 'dialog', dialog: null });
    page.goTo(id);
  }

  async function search(prefix, after) {
    dispatch({ type: 'search-busy', prefix });
    if (prefix === '' && after === undefined) return;
    await attempt(async () => {
      const found = await engine().searchOnline({ prefix, after });
      dispatch({ type: 'search-found', prefix, after, ...found });
    }, text => dispatch({ type: 'search-failed', prefix, text }));
  }

  async function showSafetyNumber(user) {
    const change = fields => changeDialog('details', fields);
    change({ busy: true, error: null });
    await attempt(async () => change({ busy: false, safety: await engine().safetyNumber(user) }),
      text => change({ busy: false, error: text }));
  }

  async function markVerified(user, verified) {
    await attempt(() => engine().markVerified(user, verified),
      text => changeDialog('details', { error: text }));
  }

  async function setVisibility(value) {
    const before = page.state().visibility;
    dispatch({ type: 'visibility', value });
    await attempt(() => engine().setVisibility(value), text => {
      dispatch({ type: 'visibility', value: before });
      changeDialog('settings', { error: text });
    });
  }

  const groups = groupActions(page, { attempt, changeDialog, alert, answer });
  const standing = standingActions(page, { attempt, changeDialog, alert, answer, groups });
  const { loadPrivacy } = standing;
  const keys = keysActions(page, { attempt, alert });
  const notifications = notificationActions(page, { changeDialog, enter: keys.enter });
  const { showNotificationStanding } = notifications;

  return {
    ...keys,
    ...notifications,
    ...groups,
    ...standing,
    ...accountActions(page, { attempt, alert }),
    ...settingsActions(page,
      { attempt, changeDialog, showNotificationStanding, loadPrivacy }),
    ...exportActions(page, { attempt, changeDialog }),
    ...fileActions(page, { attempt, saveDraft }),
    ...messageSearchActions(page, { attempt, open, loadMessages }),
    ...passingActions(page, { attempt, changeDialog }),
    ...respondActions(page, { attempt, alert, changeDialog }),
    open,
    loadMessages,
    send,
    saveDraft,
    draft: (id, text) => dispatch({ type: 'draft', conversation: id, text }),
    copyText: text => attempt(() => page.copy(text), () => alert(texts.copyFailed)),
    startConversation,
    search,
    showSafetyNumber,
    hideSafetyNumber: () => changeDialog('details', { safety: null }),
    markVerified,
    setVisibility,
    talkTo: user => attempt(() => talkTo(user), alert),
    markRead: (id, ordinal) => attempt(() => engine().markRead(id, ordinal), alert),
    retry: id => attempt(() => engine().retry(id), alert),
    deleteUnsent: id => attempt(() => engine().deleteUnsent(id), alert),
    repair: (conversation, id) => attempt(() => engine().repair(conversation, id), alert),
    acceptNewKey: user => attempt(() => engine().acceptNewKey(user), alert),
    trustNewServer: () => attempt(() => engine().trustNewServer(), alert),
    showDialog: dialog => dispatch({ type: 'dialog', dialog }),
    closeDialog: () => dispatch({ type: 'dialog', dialog: null }),
    dismissRestored: () => attempt(() => engine().dismissRestored(), alert),
    dismiss: id => dispatch({ type: 'dismissed', id }),
    goTo: page.goTo,
    reload: page.reload,
    /** Draws anew what depends on the time. */
    refresh: () => dispatch({ type: 'refresh' }),
  };
}

/** The words of a refusal. What is no refusal is a fault of the page and is reported as one. */
export function wordsFor(error) {
  if (typeof error?.text === 'string') return error.text;
  reportError(error);
  return texts.unexpected;
}
