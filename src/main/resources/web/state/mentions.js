/**
 * Who is mentioned in a text: `@` and the name of somebody in the conversation. In code, in a link,
 * and behind a letter or digit, as in a mail address, it is none.
 *
 * The part of the state: {mentioned: {id: ordinal of the last message that named the user}}, as far
 * as it came while the page was open.
 */
import { isGroup } from './groups.js';
import { markupOf } from './markup.js';

export const nobodyMentioned = Object.freeze({ mentioned: {} });

/** As long as a name can be, with what closes the sentence behind it. */
const NAMED = /(?<![\p{L}\p{N}])@([a-z0-9][a-z0-9._-]{1,40})(?![\p{L}\p{N}])/giu;
const SENTENCE_END = /[._-]$/u;

/** So many in one text are told apart: each is an element on the page. */
const MENTIONS_MAX = 200;

/** A name that is being typed. */
const TYPED = /(?:^|[^\p{L}\p{N}])@([a-z0-9._-]{0,32})$/iu;
const TYPED_CHARS_MAX = 35;

/** Kinds of messages with words of a person in them. */
const SAID = new Set(['text', 'file']);

const peopleOfGroups = new WeakMap();

/** The names of all who are in a conversation. @param {string} user who looks at it */
export function peopleIn(conversation, user) {
  if (!isGroup(conversation)) return new Set([conversation.user, user]);
  const { members } = conversation.group;
  if (!peopleOfGroups.has(members)) {
    peopleOfGroups.set(members, new Set(members.map(member => member.user)));
  }
  return peopleOfGroups.get(members);
}

/** Splits words into parts {text, user?}; joined, the texts are the whole again. */
export function splitMentions(words, people) {
  if (!words.includes('@')) return [{ text: words }];
  const parts = [];
  let end = 0;
  let count = 0;
  for (const { index, 1: typed } of words.matchAll(NAMED)) {
    const user = nameIn(typed.toLowerCase(), people);
    if (user === null) continue;
    if (++count > MENTIONS_MAX) break;
    if (index > end) parts.push({ text: words.slice(end, index) });
    const start = index;
    end = index + 1 + user.length;
    parts.push({ text: words.slice(start, end), user });
  }
  if (end < words.length) parts.push({ text: words.slice(end) });
  return parts;
}

/** The name, without the points and lines that may belong to the sentence. */
function nameIn(typed, people) {
  let name = typed;
  while (!people.has(name)) {
    if (!SENTENCE_END.test(name)) return null;
    name = name.slice(0, -1);
  }
  return name;
}

/** Whether a message names a user where it is read as a mention. */
export function isMentioned(text, user, people) {
  return text.includes('@') && blocksName(markupOf(text), user, people);
}

function blocksName(blocks, user, people) {
  return blocks.some(block => {
    switch (block.kind) {
      case 'code': return false;
      case 'quote': return blocksName(block.blocks, user, people);
      case 'list': return block.items.some(item => blocksName(item.blocks, user, people));
      default: return inlinesName(block.inlines, user, people);
    }
  });
}

function inlinesName(inlines, user, people) {
  return inlines.some(({ kind, text, inlines: inner }) => kind === 'text'
    ? splitMentions(text, people).some(part => part.user === user)
    : inner !== undefined && inlinesName(inner, user, people));
}

/** The `@name` before the caret: {from, name}, or null. */
export function mentionTyped(text, caret) {
  const match = TYPED.exec(text.slice(Math.max(0, caret - TYPED_CHARS_MAX), caret));
  return match && { from: caret - match[1].length - 1, name: match[1].toLowerCase() };
}

/**
 * Whom one can mention: those whose name begins so first, then those that hold it. Nobody once the
 * only name there is stands there whole: then there is nothing to choose.
 */
export function peopleToMention(conversation, user, typed, limit) {
  const others = [...peopleIn(conversation, user)]
    .filter(name => name !== user && name.includes(typed));
  if (others.length === 1 && others[0] === typed) return [];
  return others.sort((a, b) => b.startsWith(typed) - a.startsWith(typed) || (a < b ? -1 : 1))
    .slice(0, limit);
}

/** Notes where new messages name the user. */
export function noteMentions(state, conversation, upserts) {
  const known = state.conversations?.[conversation];
  const { user } = state.account;
  if (!known || user === null) return state;
  const people = peopleIn(known, user);
  const last = upserts.findLast(message => SAID.has(message.kind) && !message.mine
    && message.ordinal > known.lastOrdinal && isMentioned(message.text, user, people));
  return last ? { ...state, mentioned: { ...state.mentioned, [conversation]: last.ordinal } }
    : state;
}

/** Whether something unread names the user. */
export function hasMention({ mentioned }, { id, unread, firstUnreadOrdinal }) {
  return unread > 0 && (mentioned[id] ?? -Infinity) >= (firstUnreadOrdinal ?? Infinity);
}
