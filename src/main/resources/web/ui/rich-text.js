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
  const plain = blocks.length === 1 && blocks[0].kind === 'paragraph';
  element.classList.toggle('emoji-alone', isEmojiAlone(text));
  element.replaceChildren(...plain ? blocks[0].inlines.map(inlineNode)
    : blocks.map(block => blockNode(block, copy)));
}

function blockNode(block, copy) {
  switch (block.kind) {
    case 'code': return codeBlock(block.text, copy);
    case 'quote': return filled('blockquote', block.blocks.map(inner => blockNode(inner, copy)));
    case 'list': return listNode(block, copy);
    default: return directed(filled('p', block.inlines.map(inlineNode)));
  }
}

function listNode({ ordered, items }, copy) {
  return filled(ordered ? 'ol' : 'ul', items.map(({ number, blocks }) => {
    const item = filled('li', blocks.map(block => blockNode(block, copy)));
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
  const link = filled('a', [address ? directed(filled('bdi', [text])) : text]);
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

function directed(element) {
  element.dir = 'auto';
  return element;
}
