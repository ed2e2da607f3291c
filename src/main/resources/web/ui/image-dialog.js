/** An image as large as the window lets it be. */
import { plainName } from '../state/file-names.js';
import { sizeName } from '../words/numbers.js';
import { clone, parts, setOptionalText, setText } from './dom.js';
import { showImage } from './image-source.js';
import { texts } from './texts.js';

/** @param asked {message: id, file: of a Message} */
export function imageDialog(actions, { message: id, file }) {
  const element = clone('image');
  const view = parts(element);
  let begun = false;
  let failed = null;
  let busy = true;

  setText(view.size, sizeName(file.size));
  view.image.alt = plainName(file.name);
  view.save.addEventListener('click', () => actions.saveFile({ id, file }));
  view.again.addEventListener('click', load);

  async function load() {
    busy = true;
    failed = null;
    const blob = await actions.loadFile(id);
    const isImage = blob?.type.startsWith('image/') && await showImage(view.image, blob);
    view.image.hidden = !isImage;
    failed = blob && !isImage ? texts.notAnImage : null;
    busy = false;
    actions.refresh();
  }

  function update({ transfers }) {
    const { done, total, error, isFinal } = transfers[id] ?? {};
    if (!begun) {
      begun = true;
      view.image.hidden = true;
      load();
    }
    view.progress.hidden = !total;
    view.progress.max = total || 1;
    view.progress.value = done ?? 0;
    setText(view.status, total ? texts.fileProgress(sizeName(done), sizeName(total))
      : busy ? texts.loadingImage : '');
    setOptionalText(view.error, error ?? failed);
    view.again.hidden = !error || isFinal;
  }

  return { element, title: () => plainName(file.name), update };
}
