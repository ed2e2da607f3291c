/** What a message says of a file (docs/protocol.md §7.6), and what of that the page shows. */

import { rasterKind } from '../state/raster.js';

const NAME_CHARS_MAX = 255;
export const PREVIEW_BYTES_MAX = 16_384;
const PREVIEW_PIXELS_MAX = 1_000_000;

/** No place in a name, which is a hint for where somebody keeps the file. */
const NOT_IN_NAMES = /[\p{Cc}/\\]/gu;
const MEDIA_TYPE = /^(?=.{3,127}$)[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/;
const UNKNOWN_TYPE = 'application/octet-stream';

/** The name under which a file travels; its end, which says what it is, stays. */
export function nameFor({ name = '' }) {
  const clean = name.toWellFormed().replace(NOT_IN_NAMES, '_');
  if (/^\.{0,2}$/.test(clean)) return 'file';
  if (clean.length <= NAME_CHARS_MAX) return clean;
  const dot = clean.lastIndexOf('.');
  const end = dot > 0 && clean.length - dot < 32 ? clean.slice(dot) : '';
  return (clean.slice(0, NAME_CHARS_MAX - end.length) + end).toWellFormed();
}

export function mediaTypeFor({ type = '' }) {
  const [plain] = type.toLowerCase().split(';');
  return MEDIA_TYPE.test(plain) ? plain : UNKNOWN_TYPE;
}

/** @returns {object} `file` of a Message of the page */
export function fileView({ name, mediaType: type, size, preview, keptUntil }, isHere) {
  const view = { name, mediaType: type, size, isHere, ...keptUntil && { keptUntil } };
  // What is sent as a preview is looked at like any image, and shown as nothing else.
  if (preview && rasterKind(preview.jpeg, PREVIEW_PIXELS_MAX)?.type === 'image/jpeg') {
    const { width, height, jpeg } = preview;
    view.preview = { width, height, bytes: jpeg };
  }
  return view;
}
