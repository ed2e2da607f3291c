/**
 * What stands within a line: Inline is {kind: "text" | "code", text} | {kind: "bold" | "italic",
 * inlines} | {kind: "link", text, href, address?}, where `address` is where words lead that are not
 * an address themselves: it is shown too, so that no link can lie.
 *
 * Every part of a text is read a fixed number of times, whatever stands in it.
 */
import { safeAddress, splitLinks } from './links.js';

/** Neither words nor address can hold what begins the next link, so no character is read twice. */
const LINK = new RegExp('\\[([^\\[\\]\\n]{1,200})\\]'
  + '\\(((?:https?://|mailto:)(?:[^\\s()\\[\\]]|\\([^\\s()\\[\\]]*\\)){1,2048})\\)', 'giu');
const MARKER = /\n\s*\n|\*+|_+/gu;
const WORD = /[\p{L}\p{N}]/u;
const KINDS = new Map([['*', ['italic']], ['_', ['italic']], ['**', ['bold']],
  ['***', ['bold', 'italic']]]);

/** @param budget {left}: how many more pieces a text may have; it goes below 0 if they are more */
export function inlinesOf(text, budget) {
  const pieces = codePieces(text)
    .flatMap(piece => piece.kind === 'text' ? linkPieces(piece) : piece);
  const inlines = emphasized(text, pieces, budget);
  budget.left -= pieces.length;
  return inlines;
}

/** The words without their markers. */
export function plainOf(inlines) {
  return inlines.map(inline => inline.inlines ? plainOf(inline.inlines) : inline.text).join('');
}

/** Splits off what stands between two runs of equally many backticks. */
function codePieces(text) {
  if (!text.includes('`')) return [{ kind: 'text', text, at: 0 }];
  const runs = [...text.matchAll(/`+/gu)];
  const next = new Map();
  const partner = new Array(runs.length);
  for (let i = runs.length - 1; i >= 0; i -= 1) {
    const { length } = runs[i][0];
    partner[i] = next.get(length);
    next.set(length, i);
  }
  const pieces = [];
  let end = 0;
  for (let i = 0; i < runs.length; i += 1) {
    if (partner[i] === undefined) continue;
    const [open, close] = [runs[i], runs[partner[i]]];
    const inside = text.slice(open.index + open[0].length, close.index);
    if (inside.trim() === '') continue;
    pieces.push({ kind: 'text', text: text.slice(end, open.index), at: end });
    end = close.index + close[0].length;
    pieces.push({ kind: 'code', text: inside, at: open.index });
    i = partner[i];
  }
  pieces.push({ kind: 'text', text: text.slice(end), at: end });
  return pieces.filter(piece => piece.text !== '');
}

function linkPieces({ text, at }) {
  if (!text.includes('](')) return addressPieces(text, at);
  const pieces = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const href = safeAddress(match[2]);
    if (href === null) continue;
    pieces.push(...addressPieces(text.slice(end, match.index), at + end));
    end = match.index + match[0].length;
    pieces.push({ kind: 'link', text: match[1], href, address: href, at: at + match.index });
  }
  pieces.push(...addressPieces(text.slice(end), at + end));
  return pieces;
}

function addressPieces(text, at) {
  if (!text.includes('://')) return [{ kind: 'text', text, at }];
  let offset = at;
  return splitLinks(text).map(part => {
    const piece = { kind: part.href ? 'link' : 'text', ...part, at: offset };
    offset += part.text.length;
    return piece;
  });
}

/**
 * Finds pairs of markers. A marker opens before a letter and closes behind one; one star or line
 * stands at the edge of a word, so that 2*3*4 and snake_case_names stay what they are. Each kind is
 * open at most once, so nothing is ever moved more than three times.
 */
function emphasized(whole, pieces, budget) {
  const frames = [{ inlines: [] }];
  const add = inline => addTo(frames.at(-1).inlines, inline);
  const addText = text => { if (text !== '') add({ kind: 'text', text }); };

  /** A marker that was not closed is text, and so is all that was opened within. */
  function flatten(depth) {
    while (frames.length > depth) {
      const { marker, inlines } = frames.pop();
      addText(marker);
      inlines.forEach(add);
    }
  }

  function open(marker, kind) {
    const before = frames.findIndex(frame => frame.marker === marker);
    if (before > 0) flatten(before);
    frames.push({ marker, kind, inlines: [] });
  }

  /** @returns whether there was one to close */
  function close(marker) {
    const depth = frames.findLastIndex(frame => frame.marker === marker);
    if (depth < 1) return false;
    flatten(depth + 1);
    const { kind, inlines } = frames.pop();
    add({ kind, inlines });
    budget.left -= 1;
    return true;
  }

  function closeAll(marker) {
    if (marker !== '***') return close(marker);
    const [inner, outer] = [frames.at(-1).marker, frames.at(-2)?.marker];
    const both = inner === '*' && outer === '**' || inner === '**' && outer === '*';
    return both && close(inner) && close(outer);
  }

  function mark(marker, index) {
    if (!KINDS.has(marker)) {
      if (marker.startsWith('\n')) flatten(1);
      addText(marker);
      return;
    }
    const [before, after] = [charBefore(whole, index), charAt(whole, index + marker.length)];
    const single = marker.length === 1;
    if (isInk(before) && !(single && WORD.test(after)) && closeAll(marker)) return;
    if (!isInk(after) || single && WORD.test(before)) {
      addText(marker);
    } else if (marker === '***') {
      open('**', 'bold');
      open('*', 'italic');
    } else {
      open(marker, KINDS.get(marker)[0]);
    }
  }

  for (const { at, ...piece } of pieces) {
    if (piece.kind === 'text') {
      let end = 0;
      for (const match of piece.text.matchAll(MARKER)) {
        addText(piece.text.slice(end, match.index));
        mark(match[0], at + match.index);
        end = match.index + match[0].length;
      }
      addText(piece.text.slice(end));
    } else {
      add(piece);
    }
  }
  flatten(1);
  return frames[0].inlines;
}

/** Neighbouring texts become one. */
function addTo(inlines, inline) {
  const last = inlines.at(-1);
  if (last?.kind === 'text' && inline.kind === 'text') last.text += inline.text;
  else inlines.push(inline);
}

function charAt(text, index) {
  return index < text.length ? String.fromCodePoint(text.codePointAt(index)) : '';
}

function charBefore(text, index) {
  const low = /[\udc00-\udfff]/.test(text[index - 1] ?? '');
  return low && index > 1 ? charAt(text, index - 2) : text[index - 1] ?? '';
}

function isInk(char) {
  return char !== '' && !/\s/u.test(char);
}
