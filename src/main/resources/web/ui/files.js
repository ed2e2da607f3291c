/** Gives the person a file to keep. */

const JSON_TYPE = 'application/json';
const URL_LIFE_MS = 60_000;

export function saveJson(name, bytes) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes], { type: JSON_TYPE }));
  link.download = name;
  link.click();
  // The browser reads it after this returns, and does not say when it is done.
  setTimeout(() => URL.revokeObjectURL(link.href), URL_LIFE_MS);
}
