import { showImage } from '/ui/image-source.js';
import { assertEquals, test } from '../harness.js';

async function picture(width) {
  const canvas = new OffscreenCanvas(width, 1);
  canvas.getContext('2d').fillRect(0, 0, width, 1);
  return canvas.convertToBlob({ type: 'image/png' });
}

test('laterImageTakesThePlaceOfOneThatIsStillLoaded', async () => {
  const revoked = [];
  const { revokeObjectURL } = URL;
  URL.revokeObjectURL = url => {
    revoked.push(url);
    revokeObjectURL.call(URL, url);
  };
  try {
    const image = new Image();
    const blobs = [await picture(3), new Blob(['none']), await picture(5)];
    assertEquals([null, null, true],
      await Promise.all(blobs.map(blob => showImage(image, blob))));
    assertEquals([3, 5], [revoked.length, image.naturalWidth]);
    assertEquals(false, await showImage(image, new Blob(['none'])));
  } finally {
    URL.revokeObjectURL = revokeObjectURL;
  }
});
