/**
 * The search over all messages of this browser.
 *
 * The part of the state: {finding: {text, results: [Result] | null, busy: boolean, error: text |
 * null, progress: {done, total} | null}, jump: {conversation, ordinal} | null (the message to show)}, where Result is
 * {conversation, id, ordinal, text, at, from, mine}.
 */

import { folded } from './folding.js';
import { isOfBlocked } from './standing.js';

/** So many are shown at most; who has more types more. */
export const RESULTS_MAX = 50;

const CHARS_BEFORE = 36;
const CHARS_SHOWN = 160;

/** With what is written over and under it. */
const LETTER = /\P{M}\p{M}*|\p{M}+/gsu;
const REST_OF_LETTER = /^[\p{M}\p{Cs}]*/u;

const idle = Object.freeze({ text: '', results: null, busy: false, error: null, progress: null });

export const noMessageSearch = Object.freeze({ finding: idle, jump: null });

export const messageSearchChanges = {
  'finding-busy': (state, { text }) => ({
    ...state,
    finding: text === '' ? idle : { ...state.finding, text, busy: true, error: null, progress: null },
  }),
  /** Of a search that takes long. */
  searching: (state, { text, done, total }) =>
    withAnswer(state, text, { progress: { done, total } }),
  'finding-found': (state, { text, results }) =>
    withAnswer(state, text, { results, busy: false }),
  'finding-failed': (state, { text, error }) =>
    withAnswer(state, text, { results: null, busy: false, error }),
  jump: (state, { conversation, ordinal }) => ({ ...state, jump: { conversation, ordinal } }),
};

/** What was found, but for what blocked members wrote in groups; null while that is not known. */
export function shownResults({ finding, conversations, privacy }) {
  return finding.results?.filter(({ conversation, from }) =>
    !isOfBlocked({ privacy }, conversations?.[conversation] ?? {}, from)) ?? null;
}

/** What disappeared is not found any more. @param {string[]} ids */
export function withoutFound(state, ids) {
  const { results } = state.finding;
  if (!results?.some(({ id }) => ids.includes(id))) return state;
  return withAnswer(state, state.finding.text,
    { results: results.filter(({ id }) => !ids.includes(id)) });
}

/** An answer to a search that is over changes nothing. */
function withAnswer(state, text, change) {
  return text === state.finding.text
    ? { ...state, finding: { ...state.finding, ...change } } : state;
}

/**
 * The part of a text around what was searched for, in three parts: before, match, after. Words stay
 * whole, where there are any. Without the words in one piece, the beginning of the text is all
 * before.
 */
export function excerptOf(text, searched) {
  const place = placeIn(text, folded(searched.trim()));
  if (place === null) return { before: cutAfter(text, 0, CHARS_SHOWN), match: '', after: '' };
  const [start, end] = place;
  const begin = beginBefore(text, start);
  return {
    before: (begin > 0 ? '…' : '') + text.slice(begin, start),
    match: text.slice(start, end),
    after: cutAfter(text, end, begin + CHARS_SHOWN),
  };
}

/**
 * Where a text holds a folded one, in whole letters; folding makes some longer or shorter.
 *
 * @returns {[number, number]|null} beginning and end
 */
function placeIn(text, wanted) {
  const from = wanted === '' ? -1 : folded(text).indexOf(wanted);
  if (from < 0) return null;
  let start = 0;
  let length = 0;
  for (const { 0: letter, index } of text.matchAll(LETTER)) {
    if (length <= from) start = index;
    length += folded(letter).length;
    const end = index + letter.length;
    if (length >= from + wanted.length) {
      return folded(text.slice(start, end)).includes(wanted) ? [start, end] : null;
    }
  }
  return null;
}

/** Where the part before a place begins: with a word, or a letter where they are too long. */
function beginBefore(text, place) {
  const first = place - CHARS_BEFORE;
  if (first <= 0) return 0;
  const space = text.slice(first - 1, place).search(/\s\S/u);
  return space >= 0 ? first + space : first + text.slice(first).match(REST_OF_LETTER)[0].length;
}

/** The part from one place to another, or to the end of the last word before that. */
function cutAfter(text, from, to) {
  if (text.length <= to) return text.slice(from);
  const part = text.slice(from, to);
  const words = part.match(/^.*(?=\s)/su)?.[0].trimEnd() ?? '';
  return `${words === '' ? part.toWellFormed() : words}…`;
}
