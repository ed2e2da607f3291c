/** Messages in the forms that the page shows. */

import { isGroupConversation } from '../store/conversations.js';
import { FILE_STORES, wholeFiles } from '../store/files.js';
import { timeOf } from '../store/message-time.js';
import { sizeName } from '../words/numbers.js';
import { fileView } from './file-content.js';
import { sealedIn } from './said.js';
import { messageText, noticeText, notSentText } from './texts.js';

const PREVIEW_CHARS = 160;

/** Reasons for which sending again changes nothing. */
const BEYOND_REPAIR = ['device-gone', 'malformed'];

/** @param {object[]} looks of looksOf @returns {Promise<object[]>} Messages of the page */
export async function messageViews(store, looks) {
  const files = looks.filter(({ row }) => row.kind === 'file').map(({ row }) => row.id);
  const held = files.length > 0
    && await store.read(FILE_STORES, stores => wholeFiles(stores, files));
  return Promise.all(looks.map(look => messageView(store, look, held)));
}

async function messageView(store, look, held) {
  const { row } = look;
  const { id, conversation, ordinal, mine, from, sentAt, kind, state } = row;
  if (row.removed) return { id, removed: true };
  const { disappearAfter = 0, goneAt = null } = row;
  const view = { id, conversation, ordinal, mine, from, sentAt, kind, disappearAfter, goneAt };
  if (row.receivedAt) view.receivedAt = row.receivedAt;
  if (state) view.state = state;
  Object.assign(view, await contentView(store, look, held), unsentView(look));
  if (kind === 'undecryptable') {
    view.reason = view.text;
    const isBeyond = BEYOND_REPAIR.includes(row.reason) || isGroupConversation(conversation);
    if (!isBeyond) view.action = 'repair';
  }
  if (look.edit) view.edited = true;
  const reactions = await reactionsView(store, look.reactions);
  if (reactions.length > 0) view.reactions = reactions;
  if (look.answered !== undefined) view.replyTo = await answeredView(store, look);
  return view;
}

/** A line of what a message says, in the list or where it is answered. */
export async function lineOf(store, look) {
  const { file, text = '' } = await contentView(store, look);
  return (file?.name ?? text).slice(0, PREVIEW_CHARS);
}

/** @param {Set<string>} [held] messages whose files are here */
async function contentView(store, look, held) {
  if (look.row.kind !== 'file') return { text: await textOf(store, look) };
  const { text = '', ...content } = await sealedIn(store, look.row);
  return { text, file: fileView(content, held?.has(look.row.id) ?? false) };
}

async function textOf(store, { row, edit }) {
  switch (row.kind) {
    case 'text': return sealedIn(store, edit ?? row);
    case 'deleted': return '';
    case 'undecryptable': return messageText(row.reason, { user: row.from });
    case 'unsupported': return messageText('unsupported');
    default: {
      const { from: by, about: user = by, count, at, seconds } = row;
      const name = await sealedIn(store, row);
      return noticeText(row.notice, { user, by, count, name, at, seconds }, store.user);
    }
  }
}

/** What could not be sent: the message, or how its writer changed it. */
function unsentView({ row, edit, deletion }) {
  const unsent = [row, deletion, edit].find(one => one?.state === 'not-sent');
  if (!unsent) return {};
  const { to: user, reason, max, limit } = unsent;
  const words = notSentText(reason, { user, limit, max: max >= 0 && sizeName(max) });
  return { state: 'not-sent', reason: words, action: 'retry' };
}

/** Those of most people first, of as many the oldest. */
async function reactionsView(store, rows) {
  const byEmoji = new Map();
  const inOrder = [...rows].sort((left, right) => timeOf(left) - timeOf(right));
  for (const row of inOrder) {
    const emoji = await sealedIn(store, row);
    const { users, mine } = byEmoji.get(emoji) ?? { users: [], mine: false };
    byEmoji.set(emoji, { emoji, users: [...users, row.from], mine: mine || row.mine });
  }
  return [...byEmoji.values()].sort((left, right) => right.users.length - left.users.length);
}

async function answeredView(store, { row: { replyTo: id }, answered }) {
  if (!answered) return { id, from: id.slice(0, id.indexOf('/')), text: null, kind: 'text' };
  const { from, kind } = answered.row;
  return { id, from, text: await lineOf(store, answered), kind };
}
