/**
 * A text as its writer meant it. Elements are made here by name and words become text nodes: what a
 * person wrote is never read as markup.
 */
import { isEmojiAlone, markupOf } from '../state/markup.js';
import { splitMentions } from '../state/mentions.js';
import { clone, parts, setText } from './dom.js';
import { texts } from './texts.js';

const COPIED_MS = 2000;

const NOBODY = Object.freeze({ people: new Set(), user: null });

/**
 * @param copy(text): resolves to whether the text can be pasted now
 * @param {{people: Set<string>, user: string}} around who can be mentioned, and who reads it
 */
export function showRichText(element, text, copy, around = NOBODY) {
  const blocks = markupOf(text);
  element.classList.toggle('emoji-alone', isEmojiAlone(text));
  element.replaceChildren(...blockNodes(blocks, { copy, ...around }));
}

/** Words of the page, in the place of what somebody wrote. */
export function showPlainText(element, text) {
  element.classList.remove('emoji-alone');
  setText(element, text);
}

/** A paragraph alone needs no element of its own. */
function blockNodes(blocks, tools) {
  const [first] = blocks;
  return blocks.length === 1 && first.kind === 'paragraph' ? inlineNodes(first.inlines, tools)
    : blocks.map(block => blockNode(block, tools));
}

function blockNode(block, tools) {
  switch (block.kind) {
    case 'code': return codeBlock(block.text, tools.copy);
    case 'quote': return filled('blockquote', blockNodes(block.blocks, tools));
    case 'list': return listNode(block, tools);
    default: return filled('p', inlineNodes(block.inlines, tools));
  }
}

function listNode({ ordered, items }, tools) {
  return filled(ordered ? 'ol' : 'ul', items.map(({ number, blocks }) => {
    const item = filled('li', blockNodes(blocks, tools));
    if (ordered) item.value = number;
    return item;
  }));
}

function codeBlock(text, copy) {
  const element = clone('code-block');
  const view = parts(element);
  let timer = null;
  view.code.textContent = text;
  view.copy.addEventListener('click', async () => {
    if (!await copy(text)) return;
    setText(view.copy, texts.copied);
    clearTimeout(timer);
    timer = setTimeout(() => setText(view.copy, texts.copyCodeBlock), COPIED_MS);
  });
  return element;
}

function inlineNodes(inlines, tools) {
  return inlines.flatMap(inline => inline.kind === 'text' ? wordNodes(inline.text, tools)
    : inlineNode(inline, tools));
}

function inlineNode(inline, tools) {
  switch (inline.kind) {
    case 'code': return filled('code', [inline.text]);
    case 'bold': return filled('strong', inlineNodes(inline.inlines, tools));
    case 'italic': return filled('em', inlineNodes(inline.inlines, tools));
    default: return linkNode(inline);
  }
}

/** Words, in which those who are mentioned stand out, and the reader most. */
function wordNodes(words, { people, user }) {
  return splitMentions(words, people).map(({ text, user: named }) => {
    if (named === undefined) return document.createTextNode(text);
    const mention = filled(named === user ? 'mark' : 'span', [text]);
    mention.className = 'mention';
    return mention;
  });
}

/** Words that lead elsewhere than they say have the address beside them. */
function linkNode({ text, href, address }) {
  const link = filled('a', [address ? filled('bdi', [text]) : text]);
  link.href = href;
  link.title = href;
  link.rel = 'noopener noreferrer';
  link.target = '_blank';
  if (address === undefined) {
    link.dir = 'ltr';
    return link;
  }
  const shown = filled('span', [`(${address})`]);
  shown.className = 'address';
  shown.dir = 'ltr';
  link.append(' ', shown);
  return link;
}

function filled(name, children) {
  const element = document.createElement(name);
  element.append(...children);
  return element;
}
