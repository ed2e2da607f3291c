/** All emoji, fetched when they are first needed, and those that were used lately. */
import { readEmoji, withRecent } from '../state/emoji.js';

const FILE = '/emoji.txt';
const RECENT = 'sotto-emoji';

let loading = null;

export function loadEmoji() {
  loading ??= load().catch(error => {
    loading = null;
    throw error;
  });
  return loading;
}

async function load() {
  const response = await fetch(FILE);
  if (!response.ok) throw new Error(`${FILE}: ${response.status}`);
  return readEmoji(await response.text());
}

export function recentEmoji() {
  return (localStorage.getItem(RECENT) ?? '').split(' ').filter(emoji => emoji !== '');
}

export function noteEmoji(emoji) {
  localStorage.setItem(RECENT, withRecent(recentEmoji(), emoji).join(' '));
}

/** What one person used is not shown to the next. */
export function forgetEmoji() {
  localStorage.removeItem(RECENT);
}
