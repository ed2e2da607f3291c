/** What is attached to the message that is being written: chosen, pasted or dropped. */
import { plainName } from '../state/file-names.js';
import { trayOf } from '../state/files.js';
import { RASTER_HEAD_BYTES, rasterKind } from '../state/raster.js';
import { sizeName } from '../words/numbers.js';
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
import { showFileName } from './file-name.js';
import { showImage } from './image-source.js';
import { reconcile } from './reconcile.js';
import { texts } from './texts.js';

/**
 * @param id of the conversation
 * @param view parts of the composer
 */
export function attachments(id, view, actions) {
  let tray = null;

  view.attach.addEventListener('click', () => view.files.click());
  view.files.addEventListener('change', () => {
    actions.attach(id, [...view.files.files]);
    // The same file can be chosen once more.
    view.files.value = '';
    view.message.focus();
  });
  view.message.addEventListener('paste', event => {
    const { files, types } = event.clipboardData;
    // Text that was copied from a table brings a picture of itself.
    if (files.length === 0 || types.includes('text/plain') || view.message.readOnly) return;
    event.preventDefault();
    actions.attach(id, [...files]);
  });

  function update(state, isFinal) {
    view.attach.hidden = isFinal;
    const next = trayOf(state, id);
    if (next === tray) return;
    tray = next;
    const { files, busy, note } = tray;
    view.tray.hidden = files.length === 0;
    reconcile(view.trayFiles, files.map(one => ({ ...one, busy })), ({ key }) => String(key),
      ({ key }) => trayItem(() => {
        actions.detach(id, key);
        view.message.focus();
      }));
    const several = files.length > 1 ? texts.severalFiles(files.length) : '';
    setText(view.trayHint, busy ? texts.encryptingFiles : note ?? several);
  }

  return {
    update,
    isEmpty: () => (tray?.files.length ?? 0) === 0,
    isBusy: () => tray?.busy ?? false,
  };
}

function trayItem(remove) {
  const element = clone('tray-file');
  const view = parts(element);
  let shown = null;
  view.remove.addEventListener('click', remove);

  async function showPicture(file) {
    try {
      const kind = rasterKind(new Uint8Array(
        await file.slice(0, RASTER_HEAD_BYTES).arrayBuffer()));
      if (kind) {
        view.image.hidden = !await showImage(view.image, file.slice(0, file.size, kind.type));
        view.icon.classList.toggle('is-hidden', !view.image.hidden);
      }
    } catch {
      // It cannot be read, which is said when it is to be sent.
    }
  }

  function update({ file, error, busy }) {
    if (!shown) {
      shown = file;
      view.image.hidden = true;
      showPicture(file);
    }
    showFileName(view, file.name);
    setText(view.size, sizeName(file.size));
    setAttribute(view.remove, 'aria-label', texts.removeFile(plainName(file.name)));
    setAttribute(view.remove, 'aria-disabled', busy ? true : null);
    setOptionalText(view.error, error);
  }

  return { element, update };
}
