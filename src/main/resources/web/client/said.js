/** What people say and change: contents as they travel (docs/protocol.md §7.4), and rows here. */

import { base64url, fromBase64url } from '../crypto/bytes.js';
import { changePlace } from '../store/changes.js';
import { messageIdOf, messagePlace, rowId } from '../store/conversations.js';
import { isChange } from '../store/kinds.js';
import { SAID_CONTENTS } from './contents.js';

/**
 * By kind: what lies open in a row, since others are found by it, and what is sealed in it (nothing
 * if that is undefined); and both as content.
 */
const FORMS = {
  text: {
    open: lineFields,
    sealed: ({ text }) => text,
    content: (row, text) => ({ text, ...answered(row), ...disappearing(row) }),
  },
  file: {
    open: lineFields,
    sealed: ({ replyTo, disappearAfter, ...file }) => file,
    content: (row, file) => ({ ...file, ...answered(row), ...disappearing(row) }),
  },
  reaction: {
    open: ({ to, nr }) => ({ target: rowIdOf(to), nr }),
    sealed: ({ emoji }) => emoji,
    content: ({ target, nr }, emoji) => ({ to: messageOf(target), nr, ...emoji && { emoji } }),
  },
  edit: {
    open: ({ message, nr }, from) => ({ target: rowIdOf({ from, message }), nr }),
    sealed: ({ text }) => text,
    content: ({ target, nr }, text) => ({ message: messageOf(target).message, nr, text }),
  },
  delete: {
    open: ({ message }, from) => ({ target: rowIdOf({ from, message }) }),
    sealed: () => undefined,
    content: ({ target }) => ({ message: messageOf(target).message }),
  },
  timer: {
    open: ({ seconds, nr }) => ({ seconds, nr }),
    sealed: () => undefined,
    content: ({ seconds, nr }) => ({ seconds, nr }),
  },
};

/** Whether this is a type of what people say or change. */
export function isSaidType(type) {
  return Object.hasOwn(SAID_CONTENTS, type);
}

/**
 * The row of what somebody said. An edit or a delete names only what its own sender wrote.
 *
 * @param {object} row {conversation, id, from, …} without its content
 * @param {{type: string, content: object}} said as it was parsed
 * @returns {Promise<object>} without its ordinal, unless it is a change
 */
export async function saidRow(store, row, { type, content }) {
  const { open, sealed } = FORMS[type];
  const said = { ...row, kind: type, ...open(content, row.from) };
  if (isChange(said)) said.ordinal = changePlace(said);
  const secret = sealed(content);
  if (secret !== undefined) said.sealed = await store.sealing.seal(messagePlace(said), secret);
  return said;
}

/** What is sealed in a row: the text, what is said of a file, the emoji; undefined if nothing. */
export async function sealedIn(store, row) {
  return row.sealed && store.sealing.open(messagePlace(row), row.sealed);
}

/** The content of a row, as it travels. */
export async function contentOf(store, row) {
  return FORMS[row.kind].content(row, await sealedIn(store, row));
}

/** The id of the row of a message, as others name it. */
function rowIdOf({ from, message }) {
  return rowId(from, fromBase64url(message));
}

/** The name of a row's message for others. */
function messageOf(id) {
  return { from: id.slice(0, id.indexOf('/')), message: base64url(messageIdOf({ id })) };
}

function lineFields({ replyTo, ...content }) {
  return { ...replyTo && { replyTo: rowIdOf(replyTo) }, ...disappearing(content) };
}

function disappearing({ disappearAfter }) {
  return disappearAfter && { disappearAfter };
}

function answered({ replyTo }) {
  return replyTo && { replyTo: messageOf(replyTo) };
}
