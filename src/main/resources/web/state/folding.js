/** How texts are compared: as if each letter had one form, and one case. */
export function folded(text) {
  return text.normalize('NFKC').toLowerCase();
}
