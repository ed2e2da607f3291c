import { fileView, mediaTypeFor, nameFor } from '/client/file-content.js';
import { makePreview } from '/client/preview.js';
import { SAID_CONTENTS } from '/client/contents.js';
import { base64url } from '/crypto/bytes.js';
import { assert, assertEquals, test } from '../harness.js';

const CONTENT = { name: 'a', mediaType: 'image/png', size: 9 };

async function pictureOf(width, height, type) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  const pixels = context.createImageData(width, height);
  let state = 1;
  // Noise, which no format makes small.
  pixels.data.forEach((_, i) => {
    state = state * 1_103_515_245 + 12_345 & 0x7fffffff;
    pixels.data[i] = i % 4 === 3 ? 255 : state >>> 16;
  });
  context.putImageData(pixels, 0, 0);
  return canvas.convertToBlob({ type });
}

test('whatIsSentAsAPreviewIsShownOnlyIfItIsASmallJpeg', async () => {
  const bytesOf = async blob => new Uint8Array(await blob.arrayBuffer());
  const view = jpeg =>
    fileView({ ...CONTENT, preview: { width: 4, height: 3, jpeg } }, true).preview;
  const jpeg = await bytesOf(await pictureOf(40, 30, 'image/jpeg'));
  assertEquals({ width: 4, height: 3, bytes: jpeg }, view(jpeg));
  assertEquals(undefined, view(await bytesOf(await pictureOf(40, 30, 'image/png'))));
  assertEquals(undefined, view(new TextEncoder().encode('<svg onload="alert(1)"/>')));
  assertEquals(undefined, view(await bytesOf(await pictureOf(2000, 600, 'image/jpeg'))));
});

test('aPreviewIsSmallWhateverTheImageIs', async () => {
  const { width, height, jpeg } = await makePreview(await pictureOf(900, 1200, 'image/png'));
  assertEquals([900, 1200], [width, height]);
  assert(jpeg.length <= 16_384, String(jpeg.length));
  assertEquals(undefined, await makePreview(new Blob(['GIF89a, and nothing of it'])));
  assertEquals(undefined, await makePreview(new Blob(['<svg/>'], { type: 'image/svg+xml' })));
});

test('whatANameMakesOfAFileFitsTheProtocol', () => {
  const names = {
    'a.txt': 'a.txt', '../x/y\\z': '.._x_y_z', 'a\u0000b\u009fc': 'a_b_c', '': 'file', '..': 'file',
    [`${'n'.repeat(300)}.jpeg`]: `${'n'.repeat(250)}.jpeg`, ['😀'.repeat(200)]: null,
  };
  const types = { 'image/PNG': 'image/png', 'text/plain;charset=utf-8': 'text/plain' };
  for (const [name, expected] of Object.entries(names)) {
    const given = nameFor({ name });
    if (expected) assertEquals(expected, given);
    const filled = letter => base64url(new Uint8Array(32).fill(letter));
    SAID_CONTENTS.file({
      file: filled(1), key: filled(2), digest: filled(3), size: 1, name: given,
      mediaType: mediaTypeFor({ type: 'nonsense' }),
    });
  }
  for (const [type, expected] of Object.entries(types)) {
    assertEquals(expected, mediaTypeFor({ type }));
  }
});
