/**
 * What an image is, by its own first bytes: what a name or a sender says of it counts for nothing.
 * Only raster images are known here: anything else, SVG above all, is never shown as an image.
 */

/** So many bytes are enough, but for JPEGs whose size stands behind much else. */
export const RASTER_HEAD_BYTES = 262_144;

/** Larger ones are not decoded: a small file can hold an image that fills the memory. */
const PIXELS_MAX = 60_000_000;

/** Markers of a JPEG's frame header; C4, C8 and CC among them are others. */
const FRAME_MARKERS = [
  0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf,
];

/** How the blocks of a GIF begin. */
const GIF_EXTENSION = 0x21;
const GIF_IMAGE = 0x2c;
/** How long extensions are, at least, that readers know: some take so much in any case. */
const GIF_EXTENSION_BYTES = { 0x01: 12, 0xf9: 4, 0xff: 11 };

/**
 * @param {Uint8Array} head the first bytes of a file
 * @param {number} [pixelsMax]
 * @returns {{type: string, width: number, height: number}|null} null for what is no image, or is
 *   too large to be shown
 */
export function rasterKind(head, pixelsMax = PIXELS_MAX) {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  try {
    const found = png(view) ?? gif(view) ?? webp(view) ?? jpeg(view);
    const isShown = found && found.width > 0 && found.height > 0
      && found.width * found.height <= pixelsMax;
    return isShown ? found : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function png(view) {
  const isPng = view.getUint32(0) === 0x89504e47 && view.getUint32(4) === 0x0d0a1a0a
    && ascii(view, 12, 4) === 'IHDR';
  if (!isPng) return null;
  return { type: 'image/png', width: view.getUint32(16), height: view.getUint32(20) };
}

/** Readers make the screen larger for a first image that does not fit. */
function gif(view) {
  if (!['GIF87a', 'GIF89a'].includes(ascii(view, 0, 6))) return null;
  const [screenWidth, screenHeight] = [6, 8].map(place => view.getUint16(place, true));
  let at = 13 + gifColors(view.getUint8(10));
  while (view.getUint8(at) === GIF_EXTENSION) {
    if (view.getUint8(at + 2) < GIF_EXTENSION_BYTES[view.getUint8(at + 1)]) return null;
    at += 2;
    for (let length; (length = view.getUint8(at)) > 0;) at += 1 + length;
    at++;
  }
  if (view.getUint8(at) !== GIF_IMAGE) return null;
  const [x, y, width, height] = [1, 3, 5, 7].map(place => view.getUint16(at + place, true));
  return {
    type: 'image/gif', width: Math.max(screenWidth, x + width),
    height: Math.max(screenHeight, y + height),
  };
}

/** @returns {number} bytes of the table of colors that these flags announce */
function gifColors(flags) {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

function webp(view) {
  if (ascii(view, 0, 4) !== 'RIFF' || ascii(view, 8, 4) !== 'WEBP') return null;
  const type = 'image/webp';
  switch (ascii(view, 12, 4)) {
    case 'VP8 ':
      return {
        type, width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff,
      };
    case 'VP8L': {
      const bits = view.getUint32(21, true);
      return { type, width: (bits & 0x3fff) + 1, height: (bits >>> 14 & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { type, width: uint24(view, 24) + 1, height: uint24(view, 27) + 1 };
    default:
      return null;
  }
}

function jpeg(view) {
  if (view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; ;) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at++;
    } else if (marker <= 0x01 || marker >= 0xd0 && marker <= 0xd9) {
      // Without a length: readers go on right behind it, so that they may find another header.
      return null;
    } else if (FRAME_MARKERS.includes(marker)) {
      return { type: 'image/jpeg', width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    } else {
      const length = view.getUint16(at + 2);
      if (length < 2) return null;
      at += 2 + length;
    }
  }
}

function ascii(view, at, length) {
  let text = '';
  for (let i = at; i < at + length; i++) text += String.fromCharCode(view.getUint8(i));
  return text;
}

function uint24(view, at) {
  return view.getUint16(at, true) | view.getUint8(at + 2) << 16;
}
