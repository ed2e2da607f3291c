/** Names of files as they are shown: whoever chose one must not make it look like another. */

/**
 * What turns text around or takes no room: "exe.gpj" behind one of them would be read as a picture.
 */
const DECEIVING = /[\p{Cf}\p{Zl}\p{Zp}]/gu;
const REPLACED = '\ufffd';

const ENDING_CHARS_MAX = 12;

/** The name, with a mark in the place of each character that would deceive. */
export function plainName(name) {
  return name.replace(DECEIVING, REPLACED);
}

/**
 * The name in two parts, so that its end, which says what happens when it is opened, is in sight
 * however little room there is.
 *
 * @returns {{stem: string, ending: string}} the ending with its dot, or nothing
 */
export function nameParts(name) {
  const plain = plainName(name);
  const dot = plain.lastIndexOf('.');
  const isEnding = dot > 0 && plain.length - dot <= ENDING_CHARS_MAX && dot < plain.length - 1;
  const at = isEnding ? dot : plain.length;
  return { stem: plain.slice(0, at), ending: plain.slice(at) };
}
