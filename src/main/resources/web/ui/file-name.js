/** A name of a file: its end stays in sight, and nothing in it turns what is around it. */
import { nameParts } from '../state/file-names.js';
import { setText } from './dom.js';

/** @param {{stem: Element, ending: Element}} view parts of a template */
export function showFileName({ stem, ending }, name) {
  const parts = nameParts(name);
  setText(stem, parts.stem);
  setText(ending, parts.ending);
}
