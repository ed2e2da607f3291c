/** Gives the person a file to keep. */

const URL_LIFE_MS = 60_000;

/** @param {string} [type] the media type */
export function saveFile(name, content, type = 'application/json') {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  // The browser reads it after this returns, and does not say when it is done.
  setTimeout(() => URL.revokeObjectURL(link.href), URL_LIFE_MS);
}
