/**
 * A conversation as a file of its owner, to keep or to print. Nothing in it is sealed.
 *
 * Exported: {title: string, user: string (whose browser made it), at: milliseconds since 1970,
 * messages: [Message] oldest first, leftOut: how many disappear and are not among them,
 * ofBlocked: how many are not because the user has blocked who wrote them}.
 */
import { plainName } from './file-names.js';

const FORM_VERSION = 1;
const ESCAPED = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&#39;' };

/**
 * What can be kept: a message that disappears cannot, and what blocked members of a group wrote is
 * not wanted; nor what others quote of either.
 *
 * @param {object[]} all Messages
 * @param {string[]} blocked users whose messages are left out
 * @returns {{messages: object[], leftOut: number, ofBlocked: number}}
 */
export function lasting(all, blocked = []) {
  const passing = new Set(all.filter(({ disappearAfter }) => disappearAfter).map(({ id }) => id));
  const stays = all.filter(({ id }) => !passing.has(id));
  const isWanted = ({ kind, from }) => kind === 'notice' || !blocked.includes(from);
  const messages = stays.filter(isWanted).map(message => {
    const { replyTo } = message;
    return replyTo && (passing.has(replyTo.id) || blocked.includes(replyTo.from))
      ? { ...message, replyTo: { ...replyTo, text: null } } : message;
  });
  return { messages, leftOut: passing.size, ofBlocked: stays.length - messages.length };
}

/** A name that every file system takes. @param {string} ending without the dot */
export function fileName({ title, at }, ending) {
  const name = title.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '');
  const day = new Date(at).toISOString().slice(0, 10);
  return `sotto-${[...name].slice(0, 60).join('') || 'conversation'}-${day}.${ending}`;
}

/**
 * For programs: {version, conversation, user, exportedAt, leftOut?, leftOutOfBlocked?,
 * messages: [{id, from, sentAt, kind, text, state?, edited?, replyTo?: {id, from}, reactions?: [{emoji, users}], file?: {name, mediaType,
 * size}}]}, times in ISO 8601.
 */
export function exportedJson({ title, user, at, messages, leftOut, ofBlocked }) {
  const rows = messages.map(({ id, from, sentAt, kind, text, reason, state, ...rest }) => ({
    id, from, sentAt: isoTime(sentAt), kind, text: text || reason, ...state && { state },
    ...responses(rest),
  }));
  return JSON.stringify({
    version: FORM_VERSION, conversation: title, user, exportedAt: isoTime(at),
    ...leftOut > 0 && { leftOut }, ...ofBlocked > 0 && { leftOutOfBlocked: ofBlocked },
    messages: rows,
  }, null, 1);
}

function responses({ edited, replyTo, reactions = [], file }) {
  return {
    ...edited && { edited },
    ...replyTo && { replyTo: { id: replyTo.id, from: replyTo.from } },
    ...reactions.length > 0 && {
      reactions: reactions.map(({ emoji, users }) => ({ emoji, users })),
    },
    ...file && { file: { name: file.name, mediaType: file.mediaType, size: file.size } },
  };
}

/**
 * For people: one page that loads nothing and runs nothing. What somebody wrote is text in it.
 *
 * @param {{language: string, heading: function(object): string, leftOut: function(number): string,
 *   ofBlocked: function(number): string, time: function(number): string,
 *   edited: string, deleted: function(object): string, quoted: function(object): string}} words
 */
export function exportedPage(exported, words) {
  const { language, heading } = words;
  const missing = ['leftOut', 'ofBlocked'].filter(why => exported[why] > 0)
    .map(why => `<p class="notice">${escaped(words[why](exported[why]))}</p>`);
  const lines = exported.messages.map(message => lineOf(message, words));
  return `<!doctype html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(exported.title)}</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-inline-size: 44rem; margin: auto; padding: 1rem; }
article { margin-block: .9rem; unicode-bidi: isolate; }
header { color: #555; font-size: .875rem; }
p { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; }
.notice { color: #555; font-style: italic; }
blockquote { margin: 0 0 .2rem; padding-inline-start: .6rem; border-inline-start: 3px solid #bbb; color: #555; }
</style>
</head>
<body>
<h1><bdi>${escaped(exported.title)}</bdi></h1>
<p>${escaped(heading(exported))}</p>
${missing.join('\n')}
${lines.join('\n')}
</body>
</html>
`;
}

function lineOf(message, words) {
  const { from, sentAt, kind, text, reason, edited, replyTo, reactions = [], file } = message;
  const isDeleted = kind === 'deleted';
  const when = `<time datetime="${isoTime(sentAt)}">${escaped(words.time(sentAt))}</time>`;
  const who = kind === 'notice' ? '' : `<b><bdi>${escaped(from)}</bdi></b> `;
  const mark = edited ? ` (${escaped(words.edited)})` : '';
  const quote = replyTo && !isDeleted ? quoteOf(replyTo, words) : '';
  const said = isDeleted ? words.deleted(message) : text || reason || '';
  const look = kind === 'text' || kind === 'file' ? '' : ' class="notice"';
  const name = file ? `<p dir="auto" class="notice">${escaped(plainName(file.name))}</p>` : '';
  const answers = reactions.map(({ emoji, users }) => `${emoji} ${users.join(', ')}`).join(' · ');
  return `<article><header>${who}${when}${mark}</header>${quote}${name}`
    + `<p dir="auto"${look}>${escaped(said)}</p>`
    + `${answers && `<p class="notice">${escaped(answers)}</p>`}</article>`;
}

function quoteOf(replyTo, { quoted }) {
  return `<blockquote dir="auto"><b><bdi>${escaped(replyTo.from)}</bdi></b> `
    + `${escaped(quoted(replyTo))}</blockquote>`;
}

/** A clock that is far off must not keep the rest from being exported. */
function isoTime(ms) {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

function escaped(text) {
  return text.replace(/[&<>"']/g, character => ESCAPED[character]);
}
