/** The file of a message: a picture if it is one, else its name; and how far it is. */
import { plainName } from '../state/file-names.js';
import { AUTOMATIC_BYTES_MAX, isImage } from '../state/files.js';
import { sizeName } from '../words/numbers.js';
import { dateName } from './dates.js';
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
import { showFileName } from './file-name.js';
import { showImage } from './image-source.js';
import { texts } from './texts.js';
import { whenSeen } from './when-seen.js';

const PICTURE_PX_MAX = 320;

export function fileItem(actions) {
  const element = clone('file');
  const view = parts(element);
  let shown = null;
  /** What the picture shows: 'preview' or 'whole'. */
  let pictured = null;
  let asked = false;

  view.download.addEventListener('click', () => actions.saveFile(shown));
  view.cancel.addEventListener('click', () => actions.cancelFile(shown.id));
  view.again.addEventListener('click', () =>
    isImage(shown.file) ? loadPicture() : actions.saveFile(shown));
  view.picture.addEventListener('click', () => actions.showDialog(
    { kind: 'image', message: shown.id, file: shown.file }));

  /** Small images load by themselves, once somebody sees where they stand. */
  function loadSoon({ file }) {
    const isWanted = isImage(file) && (file.isHere || file.size <= AUTOMATIC_BYTES_MAX);
    if (asked || !isWanted) return;
    asked = true;
    whenSeen(element, loadPicture);
  }

  async function loadPicture() {
    const blob = await actions.loadFile(shown.id);
    if (blob?.type.startsWith('image/')) await show('whole', blob);
  }

  async function show(what, blob) {
    const isShown = await showImage(view.image, blob);
    if (isShown === null) return;
    pictured = isShown ? what : null;
    if (isShown && !shown.file.preview) {
      fit({ width: view.image.naturalWidth, height: view.image.naturalHeight });
    }
    draw();
  }

  function fit({ width, height }) {
    const scale = Math.min(1, PICTURE_PX_MAX / Math.max(width, height));
    view.image.width = Math.max(1, Math.round(width * scale));
    view.image.height = Math.max(1, Math.round(height * scale));
  }

  function showPreview({ preview }) {
    if (!preview || pictured) return;
    pictured = 'preview';
    // The room that it takes is known before it is drawn, so that nothing jumps.
    fit(preview);
    show('preview', new Blob([preview.bytes], { type: 'image/jpeg' }));
  }

  function drawProgress({ mine, state, file }, { done, total, error, isFinal }) {
    const name = plainName(file.name);
    const isUpload = mine && state === 'pending';
    const moves = total > 0;
    view.progress.hidden = !moves;
    view.progress.max = total || 1;
    view.progress.value = done ?? 0;
    setAttribute(view.progress, 'aria-label',
      isUpload ? texts.uploading(name) : texts.downloading(name));
    const waits = isUpload && !moves ? texts.fileWaits : null;
    setOptionalText(view.done,
      moves ? texts.fileProgress(sizeName(done), sizeName(total)) : waits);
    view.cancel.hidden = !moves && !isUpload;
    view.transfer.hidden = view.cancel.hidden;
    setAttribute(view.cancel, 'aria-label', texts.cancelFile(name));
    setOptionalText(view.error, error);
    view.again.hidden = !error || isFinal;
  }

  function draw(transfer) {
    const { file } = shown;
    const name = plainName(file.name);
    view.picture.hidden = pictured === null;
    setAttribute(view.picture, 'aria-label', texts.openImage(name));
    view.row.hidden = pictured !== null;
    showFileName(view, file.name);
    setText(view.size, sizeName(file.size));
    setText(view.download, file.isHere ? texts.saveFile : texts.download);
    setAttribute(view.download, 'aria-label', file.isHere ? texts.saveNamed(name)
      : texts.downloadFile(name, sizeName(file.size)));
    if (transfer !== undefined) drawProgress(shown, transfer);
  }

  /** @param {{done, total, error}} [transfer] */
  function update(message, transfer = {}) {
    shown = message;
    showPreview(message.file);
    loadSoon(message);
    draw(transfer);
    setOptionalText(view.kept, transfer.isFinal ? null : keptWords(message, Date.now()));
    view.download.hidden = Boolean(transfer.total || transfer.error);
  }

  return { element, update };
}

/**
 * Until when the server has it, as its sender was told: for those who may load it still. A clock may
 * be wrong, so it can be tried when that is over.
 */
function keptWords({ mine, file: { keptUntil, isHere } }, now) {
  if (!keptUntil || isHere && !mine) return null;
  const day = dateName(keptUntil);
  return keptUntil > now ? texts.fileKept(day) : texts.fileOver(day);
}
