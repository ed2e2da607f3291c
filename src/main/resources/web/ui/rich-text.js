/**
 * A text as its writer meant it. Elements are made here by name and words become text nodes: what a
 * person wrote is never read as markup.
 */
import { isEmojiAlone, markupOf } from '../state/markup.js';
import { clone, parts, setText } from './dom.js';
import { texts } from './texts.js';

const COPIED_MS = 2000;

/** @param copy(text): resolves to whether the text can be pasted now */
export function showRichText(element, text, copy) {
  const blocks = markupOf(text);
  element.classList.toggle('emoji-alone', isEmojiAlone(text));
  element.replaceChildren(...blockNodes(blocks, copy));
}

/** A paragraph alone needs no element of its own. */
function blockNodes(blocks, copy) {
  const [first] = blocks;
  return blocks.length === 1 && first.kind === 'paragraph' ? first.inlines.map(inlineNode)
    : blocks.map(block => blockNode(block, copy));
}

function blockNode(block, copy) {
  switch (block.kind) {
    case 'code': return codeBlock(block.text, copy);
    case 'quote': return filled('blockquote', blockNodes(block.blocks, copy));
    case 'list': return listNode(block, copy);
    default: return filled('p', block.inlines.map(inlineNode));
  }
}

function listNode({ ordered, items }, copy) {
  return filled(ordered ? 'ol' : 'ul', items.map(({ number, blocks }) => {
    const item = filled('li', blockNodes(blocks, copy));
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

function inlineNode(inline) {
  switch (inline.kind) {
    case 'text': return document.createTextNode(inline.text);
    case 'code': return filled('code', [inline.text]);
    case 'bold': return filled('strong', inline.inlines.map(inlineNode));
    case 'italic': return filled('em', inline.inlines.map(inlineNode));
    default: return linkNode(inline);
  }
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
