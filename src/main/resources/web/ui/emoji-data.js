/** All emoji, fetched when they are first needed, with names in the language of the page, and those that were used lately. */
import { quickest, readEmoji, withRecent, withUse } from '../state/emoji.js';
import { texts } from './texts.js';

const RECENT = 'sotto-emoji';
const USES = 'sotto-reactions';

let loading = null;

export function loadEmoji() {
  loading ??= load().catch(error => {
    loading = null;
    throw error;
  });
  return loading;
}

async function load() {
  const response = await fetch(texts.emojiFile);
  if (!response.ok) throw new Error(`${texts.emojiFile}: ${response.status}`);
  return readEmoji(await response.text());
}

export function recentEmoji() {
  return (localStorage.getItem(RECENT) ?? '').split(' ').filter(emoji => emoji !== '');
}

export function noteEmoji(emoji) {
  localStorage.setItem(RECENT, withRecent(recentEmoji(), emoji).join(' '));
}

/** The six emoji to react with at once. */
export function quickEmoji() {
  return quickest(reactionUses());
}

export function noteReaction(emoji) {
  const uses = withUse(reactionUses(), emoji);
  localStorage.setItem(USES, uses.map(use => `${use.emoji} ${use.count}`).join('\n'));
}

function reactionUses() {
  const lines = (localStorage.getItem(USES) ?? '').split('\n').filter(line => line !== '');
  return lines.map(line => {
    const [emoji, count] = line.split(' ');
    return { emoji, count: Number(count) };
  });
}

/** What one person used is not shown to the next. */
export function forgetEmoji() {
  localStorage.removeItem(RECENT);
  localStorage.removeItem(USES);
}
