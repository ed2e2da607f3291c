/**
 * Emoji by name. Emoji: {emoji, name, words: [text], category}; /emoji.txt (in German
 * /emoji-de.txt) says where they are from.
 */
const RECENT_MAX = 24;

const USUAL = ['👍', '❤️', '😂', '🎉', '😮', '🙏'];

/** A name that is being typed, or was closed; what stands before it is no part of a time or path. */
const TYPED = /(?:^|\s):([\p{L}\p{N}_+-]{2,30}:?)$/u;
const TYPED_CHARS_MAX = 34;

/** Reads the lines of such a file. */
export function readEmoji(text) {
  const all = [];
  let category = '';
  for (const line of text.trimEnd().split('\n')) {
    const [first, name, ...words] = line.split(' ');
    if (first === '=') category = line.slice(2);
    else if (first !== '#') all.push({ emoji: first, name, words, category });
  }
  return all;
}

/** Those whose words begin with all that is typed, the best first. */
export function searchEmoji(all, typed, limit) {
  const wanted = typed.toLowerCase().split(/[\s_:]+/u).filter(word => word !== '');
  if (wanted.length === 0) return [];
  const name = wanted.join('_');
  const found = [];
  for (const emoji of all) {
    const rank = rankOf(emoji, wanted, name);
    if (rank !== null) found.push({ emoji, rank });
  }
  return found.sort((a, b) => a.rank - b.rank).slice(0, limit).map(({ emoji }) => emoji);
}

/** Lower is better: the name itself, whole words, then what begins so, the earlier the better. */
function rankOf(emoji, wanted, name) {
  if (emoji.name === name) return 0;
  const words = [...emoji.name.split('_'), ...emoji.words];
  const startsSo = emoji.name.startsWith(name);
  if (wanted.every(word => words.includes(word))) return startsSo ? 1 : 2;
  if (startsSo) return 3;
  const places = wanted.map(word => words.findIndex(one => one.startsWith(word)));
  return places.includes(-1) ? null : 4 + places[0];
}

/** The `:name` before the caret: {from, name, closed}, or null. */
export function nameTyped(text, caret) {
  const match = TYPED.exec(text.slice(Math.max(0, caret - TYPED_CHARS_MAX), caret));
  if (match === null) return null;
  const closed = match[1].endsWith(':');
  const name = closed ? match[1].slice(0, -1) : match[1];
  return { from: caret - match[1].length - 1, name, closed };
}

/** The emoji used lately, the last first, each once. */
export function withRecent(recent, emoji) {
  return [emoji, ...recent.filter(one => one !== emoji)].slice(0, RECENT_MAX);
}

/** Counts of what was used for reactions, the most used first, with one more. */
export function withUse(uses, emoji) {
  const count = (uses.find(use => use.emoji === emoji)?.count ?? 0) + 1;
  return [{ emoji, count }, ...uses.filter(use => use.emoji !== emoji)]
    .sort((a, b) => b.count - a.count).slice(0, RECENT_MAX);
}

/** Those to offer at once: the most used, then what most people use. */
export function quickest(uses) {
  return [...new Set([...uses.map(({ emoji }) => emoji), ...USUAL])].slice(0, USUAL.length);
}
