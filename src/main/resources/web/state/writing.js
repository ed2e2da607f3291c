/**
 * What somebody is writing in each conversation.
 *
 * The part of the state: {drafts: {id: text}, composerErrors: {id: text}, replies: {id: Message}
 * (that the text will answer), edits: {id: {message: Message, text}} (an own text that is being
 * changed: it is in the box instead of the draft, which waits)}.
 */
export const nothingWritten =
  Object.freeze({ drafts: {}, composerErrors: {}, replies: {}, edits: {} });

export const writingChanges = {
  draft: onDraft,
  sending: onSending,
  'composer-failed': onComposerFailed,
  replying: (state, { conversation, message }) => ({
    ...withPart(state, 'replies', conversation, message),
    edits: without(state.edits, conversation),
  }),
  editing: (state, { conversation, message }) => withPart(withError(state, conversation, null),
    'edits', conversation, message && { message, text: message.text }),
  'edit-failed': (state, { conversation, message, text, unsent }) => withPart(
    withError(state, conversation, text), 'edits', conversation, { message, text: unsent }),
};

/** What stands in the box of a conversation. */
export function textInBox({ drafts, edits }, id) {
  return edits[id]?.text ?? drafts[id] ?? '';
}

/** Whether a text, an answer or an edit would be lost with the page. */
export function isWriting({ drafts, replies, edits, open }) {
  return Boolean(drafts[open]) || Object.keys(replies).length + Object.keys(edits).length > 0;
}

/** What is answered is shown as it is now; of a message that is gone nothing is written any more. */
export function followMessages(state, conversation, upserts) {
  const reply = state.replies[conversation];
  const edit = state.edits[conversation];
  if (!reply && !edit) return state;
  return upserts.reduce((next, message) => {
    const isGone = message.removed || message.kind === 'deleted';
    if (message.id === reply?.id) {
      return withPart(next, 'replies', conversation, isGone ? null : message);
    }
    return message.id === edit?.message.id && isGone
      ? withPart(next, 'edits', conversation, null) : next;
  }, state);
}

function onDraft(state, { conversation, text }) {
  const edit = state.edits[conversation];
  return edit ? withPart(state, 'edits', conversation, { ...edit, text })
    : withPart(state, 'drafts', conversation, text);
}

function onSending(state, { conversation }) {
  return {
    ...withError(state, conversation, null),
    drafts: { ...state.drafts, [conversation]: '' },
    replies: without(state.replies, conversation),
    newLine: conversation === state.open ? null : state.newLine,
  };
}

/** The text that was not sent goes back into the box, before what was typed since. */
function onComposerFailed(state, { conversation, text, unsent, replyTo = null }) {
  const typed = state.drafts[conversation];
  const draft = typed ? `${unsent}\n${typed}` : unsent;
  const next = withPart(withError(state, conversation, text), 'drafts', conversation, draft);
  return withPart(next, 'replies', conversation, state.replies[conversation] ?? replyTo);
}

function withError(state, conversation, text) {
  return { ...state, composerErrors: { ...state.composerErrors, [conversation]: text } };
}

function withPart(state, part, conversation, value) {
  const change = value === null ? without(state[part], conversation)
    : { ...state[part], [conversation]: value };
  return { ...state, [part]: change };
}

function without(values, key) {
  const { [key]: gone, ...rest } = values;
  return gone === undefined ? values : rest;
}
