/** Changes what stands in a text box as if it was typed, so that it can be undone. */

/** Puts a text in the place of what is selected. */
export function insertText(box, text) {
  box.focus();
  if (document.execCommand('insertText', false, text)) return;
  box.setRangeText(text, box.selectionStart, box.selectionEnd, 'end');
  box.dispatchEvent(new Event('input'));
}

/** Sets markers around the words that are selected, or takes those away that are there. */
export function wrapSelection(box, marker) {
  const { value } = box;
  const chosen = value.slice(box.selectionStart, box.selectionEnd);
  const start = box.selectionStart + chosen.length - chosen.trimStart().length;
  const words = chosen.trim();
  const end = start + words.length;
  const before = start - marker.length;
  if (before >= 0 && value.slice(before, start) === marker && value.startsWith(marker, end)) {
    replace(box, before, end + marker.length, words);
    box.setSelectionRange(before, before + words.length);
    return;
  }
  const [open, close] = marker === '`' && words.includes('\n') ? ['```\n', '\n```']
    : [marker, marker];
  replace(box, start, end, open + words + close);
  box.setSelectionRange(start + open.length, end + open.length);
}

/** Puts a text in the place of a part of the box. */
export function replace(box, start, end, text) {
  box.setSelectionRange(start, end);
  insertText(box, text);
}
