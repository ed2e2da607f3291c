/** Files that are dropped on a conversation are attached; anywhere else nothing happens. */

const bringsFiles = ({ dataTransfer }) => dataTransfer?.types.includes('Files') ?? false;

/** A file that is dropped beside would take the place of the page. */
export function refuseDrops() {
  for (const type of ['dragover', 'drop']) {
    addEventListener(type, event => {
      if (!bringsFiles(event) || event.defaultPrevented) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'none';
    });
  }
}

/**
 * @param element that takes files
 * @param sign what is shown while files are over it
 * @param {{takes: function(): boolean, onFiles: function(File[])}} owner
 */
export function fileDrop(element, sign, { takes, onFiles }) {
  /** Whatever lies within is entered and left, too. */
  let depth = 0;

  const show = next => {
    depth = next;
    sign.hidden = depth === 0;
  };

  show(0);
  element.addEventListener('dragenter', event => {
    if (bringsFiles(event) && takes()) show(depth + 1);
  });
  element.addEventListener('dragleave', event => {
    if (bringsFiles(event) && depth > 0) show(depth - 1);
  });
  element.addEventListener('dragover', event => {
    if (!bringsFiles(event) || !takes()) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
  });
  element.addEventListener('drop', event => {
    show(0);
    if (!bringsFiles(event) || !takes()) return;
    event.preventDefault();
    onFiles([...event.dataTransfer.files]);
  });
}
