/** Answering messages, reacting to them, and changing one's own. */
import { timelineOf } from '../state/conversations.js';
import { noteReaction } from './emoji-data.js';

/** @param tools {attempt(ask, fail), alert(text), changeDialog(kind, change)} of the actions */
export function respondActions(page, { attempt, alert, changeDialog }) {
  const { dispatch, engine } = page;

  /** One emoji for each person: another takes its place, the same is taken back. */
  function react({ id, reactions = [] }, emoji) {
    const isTakenBack = reactions.some(one => one.mine && one.emoji === emoji);
    if (!isTakenBack) noteReaction(emoji);
    return attempt(() => engine().react(id, isTakenBack ? null : emoji), alert);
  }

  function replyTo(message) {
    dispatch({ type: 'replying', conversation: message.conversation, message });
  }

  function startEdit(message) {
    dispatch({ type: 'editing', conversation: message.conversation, message });
  }

  /** The last own text that is loaded. */
  function editLast(conversation) {
    const last = timelineOf(page.state(), conversation).messages.findLast(message =>
      message.mine && message.kind === 'text' && message.state !== 'not-sent');
    if (last) startEdit(last);
  }

  /** What became empty is asked to be deleted, and stays as it was until then. */
  async function saveEdit(conversation) {
    const { message, text } = page.state().edits[conversation];
    if (text.trim() === '') return askDelete(message);
    dispatch({ type: 'editing', conversation, message: null });
    if (text === message.text) return undefined;
    return attempt(() => engine().edit(message.id, text), error =>
      dispatch({ type: 'edit-failed', conversation, message, text: error, unsent: text }));
  }

  function askDelete(message) {
    dispatch({ type: 'dialog', dialog: { kind: 'delete-message', message } });
  }

  async function deleteForAll(id) {
    const change = fields => changeDialog('delete-message', fields);
    change({ busy: true, error: null });
    const isDone = await attempt(() => engine().deleteForAll(id),
      error => change({ busy: false, error }));
    if (isDone) dispatch({ type: 'dialog', dialog: null });
  }

  return {
    react,
    replyTo,
    startEdit,
    editLast,
    saveEdit,
    askDelete,
    deleteForAll,
    dropReply: conversation => dispatch({ type: 'replying', conversation, message: null }),
    stopEdit: conversation => dispatch({ type: 'editing', conversation, message: null }),
  };
}
