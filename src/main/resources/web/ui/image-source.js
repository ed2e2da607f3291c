/** Shows bytes as an image. */

/** What ends the address that an element still loads from. */
const loading = new WeakMap();

/**
 * An address is only for as long as the browser reads from it. What is shown later in the same
 * element takes the place of what is still on its way there.
 *
 * @returns {Promise<boolean|null>} whether it is an image that the browser can show; null if
 *   something else took its place
 */
export function showImage(image, blob) {
  loading.get(image)?.(null);
  return new Promise(resolve => {
    const url = URL.createObjectURL(blob);
    const end = isShown => {
      URL.revokeObjectURL(url);
      loading.delete(image);
      resolve(isShown);
    };
    loading.set(image, end);
    image.onload = () => end(true);
    image.onerror = () => end(false);
    image.src = url;
  });
}
