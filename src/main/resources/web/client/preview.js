/**
 * A small picture of an image, which goes with its message. It is drawn anew, so that nothing of
 * what cameras write into files is in it.
 */

import { RASTER_HEAD_BYTES, rasterKind } from '../state/raster.js';
import { PREVIEW_BYTES_MAX } from './file-content.js';

const SIDES_PX = [400, 280, 160, 80];
const QUALITIES = [0.7, 0.5, 0.3];

/** What a file is as an image, by its own bytes; null if it is none. */
export async function imageIn(blob) {
  return rasterKind(new Uint8Array(await blob.slice(0, RASTER_HEAD_BYTES).arrayBuffer()));
}

/**
 * @returns {Promise<{width: number, height: number, jpeg: Uint8Array}|undefined>} undefined for
 *   what is no image that this browser can draw
 */
export async function makePreview(blob) {
  const kind = await imageIn(blob);
  if (!kind) return undefined;
  let bitmap;
  try {
    // The type of a file is what its name says: what it is decides here.
    bitmap = await createImageBitmap(blob.slice(0, blob.size, kind.type));
  } catch {
    return undefined;
  }
  const { width, height } = bitmap;
  try {
    const jpeg = await smallEnough(bitmap);
    return jpeg && { width, height, jpeg };
  } finally {
    bitmap.close();
  }
}

async function smallEnough(bitmap) {
  for (const side of SIDES_PX) {
    const canvas = drawn(bitmap, side);
    for (const quality of QUALITIES) {
      const jpeg = await canvas.convertToBlob({ type: 'image/jpeg', quality });
      if (jpeg.size <= PREVIEW_BYTES_MAX) return new Uint8Array(await jpeg.arrayBuffer());
    }
  }
  return undefined;
}

function drawn(bitmap, side) {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width, bitmap.height]
    .map(length => Math.max(1, Math.round(length * scale)));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  // A JPEG has no transparency: what lies behind is white, not black.
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0, width, height);
  return canvas;
}
