/**
 * The search over all messages of this browser.
 *
 * The part of the state: {finding: {text, results: [Result] | null, busy: boolean, error: text |
 * null}, jump: {conversation, ordinal} | null (the message to show)}, where Result is
 * {conversation, id, ordinal, text, at, from, mine}.
 */

/** So many are shown at most; who has more types more. */
export const RESULTS_MAX = 50;

const CHARS_BEFORE = 36;
const CHARS_SHOWN = 160;

const idle = Object.freeze({ text: '', results: null, busy: false, error: null });

export const noMessageSearch = Object.freeze({ finding: idle, jump: null });

export const messageSearchChanges = {
  'finding-busy': (state, { text }) => ({
    ...state,
    finding: text === '' ? idle : { ...state.finding, text, busy: true, error: null },
  }),
  'finding-found': (state, { text, results }) =>
    withAnswer(state, text, { results, busy: false }),
  'finding-failed': (state, { text, error }) =>
    withAnswer(state, text, { results: null, busy: false, error }),
  jump: (state, { conversation, ordinal }) => ({ ...state, jump: { conversation, ordinal } }),
};

/** An answer to a search that is over changes nothing. */
function withAnswer(state, text, change) {
  return text === state.finding.text
    ? { ...state, finding: { ...state.finding, ...change } } : state;
}

/**
 * The part of a text around what was searched for, in three parts: before, match, after. Without
 * the words in one piece, the beginning of the text is all before.
 */
export function excerptOf(text, searched) {
  const [folded, wanted] = [text.toLowerCase(), searched.trim().toLowerCase()];
  // Some letters become two when they are folded: then places in the one are none in the other.
  const place = folded.length === text.length ? folded.indexOf(wanted) : -1;
  if (place < 0 || wanted === '') {
    return { before: text.slice(0, CHARS_SHOWN).toWellFormed(), match: '', after: '' };
  }
  const end = place + wanted.length;
  const begin = place > CHARS_BEFORE ? place - CHARS_BEFORE : 0;
  return {
    before: (begin > 0 ? '…' : '') + text.slice(begin, place).toWellFormed(),
    match: text.slice(place, end),
    after: text.slice(end, begin + CHARS_SHOWN).toWellFormed(),
  };
}
