/** Shows bytes as an image. */

/**
 * An address is only for as long as the browser reads from it.
 *
 * @returns {Promise<boolean>} whether it is an image that the browser can show
 */
export function showImage(image, blob) {
  return new Promise(resolve => {
    const url = URL.createObjectURL(blob);
    const end = isShown => {
      URL.revokeObjectURL(url);
      resolve(isShown);
    };
    image.onload = () => end(true);
    image.onerror = () => end(false);
    image.src = url;
  });
}
