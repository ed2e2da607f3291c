/**
 * What a text means: a small, safe part of Markdown as a tree. The text itself stays what was
 * written; nothing here makes markup, and whatever is not understood stays as it is.
 *
 * Block: {kind: "paragraph", inlines} | {kind: "code", text} | {kind: "quote", blocks}
 * | {kind: "list", ordered, items: [{number, blocks}]}. Inlines: see inline-markup.js.
 */
import { inlinesOf, plainOf } from './inline-markup.js';

/** Looked at first, since most lines begin with a letter. */
const BLOCK = /^[-*>\d` ]/u;
const FENCE = /^ {0,3}```[\w+#.-]{0,20}[ \t]*$/u;
const FENCE_END = /^ {0,3}```[ \t]*$/u;
const QUOTE = /^> /u;
const BULLET = /^[-*] +(?=\S)/u;
const NUMBER = /^(\d{1,4})\. +(?=\S)/u;
const RULE = /^[-*\s]+$/u;
const INDENT = /^(?: {2,4}|\t)/u;

/** Deeper than a person nests, and each level reads its lines once more. */
const DEPTH_MAX = 4;

/** A text of more pieces than this is no writing any more, and is shown as it is. */
const PIECES_MAX = 4000;

/** So much is read for a line of words: a marker that is closed later stays in it. */
const PLAIN_READ_CHARS = 2000;

const PICTURE = '\\p{Extended_Pictographic}(?:\\ufe0f|\\p{Emoji_Modifier})?';
const TAGS = '[\\u{e0020}-\\u{e007f}]*';
const EMOJI = `(?:\\p{RI}\\p{RI}|[\\d#*]\\ufe0f?\\u20e3|${PICTURE}${TAGS}(?:\\u200d${PICTURE})*)`;
const EMOJI_ALONE = new RegExp(`^(?:${EMOJI}\\s?){1,6}$`, 'u');
const EMOJI_CHARS_MAX = 120;

/** @returns the blocks of a text */
export function markupOf(text) {
  const budget = { left: PIECES_MAX };
  const blocks = blocksOf(text.split('\n'), 1, budget);
  return budget.left >= 0 ? blocks : [{ kind: 'paragraph', inlines: [{ kind: 'text', text }] }];
}

/** Whether a text is one to six emoji and nothing else. */
export function isEmojiAlone(text) {
  return text.length <= EMOJI_CHARS_MAX && EMOJI_ALONE.test(text);
}

/** The words of a text without its markers in one line: for a list, or a notification. */
export function plainWords(text, charsMax) {
  const words = wordsOf(markupOf(text.slice(0, PLAIN_READ_CHARS))).replace(/\s+/gu, ' ').trim();
  return [...words].slice(0, charsMax).join('');
}

function wordsOf(blocks) {
  return blocks.map(block => {
    switch (block.kind) {
      case 'code': return block.text;
      case 'quote': return wordsOf(block.blocks);
      case 'list': return block.items.map(item => wordsOf(item.blocks)).join(' ');
      default: return plainOf(block.inlines);
    }
  }).join(' ');
}

function blocksOf(lines, depth, budget) {
  const blocks = [];
  const fenceEnd = lines.findLastIndex(line => line.includes('```') && FENCE_END.test(line));
  let at = 0;
  let paragraph = 0;

  function endParagraph() {
    const text = trimLines(lines.slice(paragraph, at), blocks.length > 0, at < lines.length);
    if (text === null) return;
    blocks.push({ kind: 'paragraph', inlines: inlinesOf(text, budget) });
  }

  /** Takes the block that begins here, if one does, and says where it ends. */
  function blockHere() {
    const line = lines[at];
    if (!BLOCK.test(line)) return null;
    if (at < fenceEnd && FENCE.test(line)) {
      const end = indexFrom(lines, at + 1, FENCE_END);
      return [{ kind: 'code', text: lines.slice(at + 1, end).join('\n') }, end + 1];
    }
    if (depth > DEPTH_MAX || RULE.test(line)) return null;
    if (QUOTE.test(line)) return quote();
    if (BULLET.test(line)) return list(BULLET, false);
    return NUMBER.test(line) ? list(NUMBER, true) : null;
  }

  function quote() {
    let end = at;
    while (end < lines.length && (QUOTE.test(lines[end]) || lines[end] === '>')) end += 1;
    const inner = lines.slice(at, end).map(line => line.slice(2));
    return [{ kind: 'quote', blocks: blocksOf(inner, depth + 1, budget) }, end];
  }

  function list(mark, ordered) {
    const items = [];
    let end = at;
    while (budget.left >= 0 && end < lines.length && mark.test(lines[end])
        && !RULE.test(lines[end])) {
      budget.left -= 1;
      const [marker, written] = mark.exec(lines[end]);
      const inner = [lines[end].slice(marker.length)];
      end += 1;
      const indent = INDENT.exec(lines[end] ?? '')?.[0];
      while (indent !== undefined && lines[end]?.startsWith(indent)) {
        inner.push(lines[end].slice(indent.length));
        end += 1;
      }
      const number = Math.max(Number(written ?? 0), (items.at(-1)?.number ?? -1) + 1);
      items.push({ number, blocks: blocksOf(inner, depth + 1, budget) });
    }
    return [{ kind: 'list', ordered, items }, end];
  }

  while (at < lines.length && budget.left >= 0) {
    const found = blockHere();
    if (found === null) {
      at += 1;
    } else {
      endParagraph();
      budget.left -= 1;
      blocks.push(found[0]);
      at = paragraph = found[1];
    }
  }
  endParagraph();
  return blocks;
}

function indexFrom(lines, from, pattern) {
  let at = from;
  while (!pattern.test(lines[at])) at += 1;
  return at;
}

/** Joins lines, without the empty ones beside a block; null if none is left. */
function trimLines(lines, blockAbove, blockBelow) {
  let [start, end] = [0, lines.length];
  if (blockAbove) while (start < end && lines[start].trim() === '') start += 1;
  if (blockBelow) while (end > start && lines[end - 1].trim() === '') end -= 1;
  return start === end ? null : lines.slice(start, end).join('\n');
}
