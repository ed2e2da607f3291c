/**
 * A conversation as a file of its owner, to keep or to print. Nothing in it is sealed.
 *
 * Exported: {title: string, user: string (whose browser made it), at: milliseconds since 1970,
 * messages: [Message] oldest first}.
 */
const FORM_VERSION = 1;
const ESCAPED = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&#39;' };

/** A name that every file system takes. @param {string} ending without the dot */
export function fileName({ title, at }, ending) {
  const name = title.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '');
  const day = new Date(at).toISOString().slice(0, 10);
  return `sotto-${[...name].slice(0, 60).join('') || 'conversation'}-${day}.${ending}`;
}

/**
 * For programs: {version, conversation, user, exportedAt, messages: [{from, sentAt, kind, text,
 * state?}]}, times in ISO 8601.
 */
export function exportedJson({ title, user, at, messages }) {
  const rows = messages.map(({ from, sentAt, kind, text, reason, state }) => ({
    from, sentAt: isoTime(sentAt), kind, text: text || reason, ...state && { state },
  }));
  return JSON.stringify({
    version: FORM_VERSION, conversation: title, user, exportedAt: isoTime(at), messages: rows,
  }, null, 1);
}

/**
 * For people: one page that loads nothing and runs nothing. What somebody wrote is text in it.
 *
 * @param {{language: string, heading: function(object): string, time: function(number): string}}
 *   words
 */
export function exportedPage(exported, { language, heading, time }) {
  const lines = exported.messages.map(message => lineOf(message, time));
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
</style>
</head>
<body>
<h1><bdi>${escaped(exported.title)}</bdi></h1>
<p>${escaped(heading(exported))}</p>
${lines.join('\n')}
</body>
</html>
`;
}

function lineOf({ from, sentAt, kind, text, reason }, time) {
  const when = `<time datetime="${isoTime(sentAt)}">${escaped(time(sentAt))}</time>`;
  const look = kind === 'text' ? '' : ' class="notice"';
  const words = `<p dir="auto"${look}>${escaped(text || reason || '')}</p>`;
  const who = kind === 'notice' ? '' : `<b><bdi>${escaped(from)}</bdi></b> `;
  return `<article><header>${who}${when}</header>${words}</article>`;
}

/** A clock that is far off must not keep the rest from being exported. */
function isoTime(ms) {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

function escaped(text) {
  return text.replace(/[&<>"']/g, character => ESCAPED[character]);
}
