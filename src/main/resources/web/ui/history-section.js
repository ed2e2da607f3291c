/** Settings: the archive on the server, and history from the person's other devices. */
import { sizeName } from '../words/numbers.js';
import { confirmBox } from './confirm-box.js';
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
import { texts } from './texts.js';

const TROUBLE = new Set(['full', 'broken']);
const HISTORY_NEWS = new Set(['history-done', 'history-declined', 'history-empty']);

export function historySection(actions) {
  const element = clone('settings-history');
  const view = parts(element);
  const leaving = confirmBox(view.asking, view.off, {
    yes: () => actions.setArchive(false),
    no: () => actions.askInSettings(null),
  });

  view.again.addEventListener('click', actions.loadArchive);
  view.on.addEventListener('click', () => actions.setArchive(true));
  view.anew.addEventListener('click', () => actions.setArchive(true));
  view.off.addEventListener('click', () => actions.askInSettings('archive-off'));
  view.ask.addEventListener('click', actions.askHistory);

  function updateUse({ on, bytes, quota }) {
    view.use.hidden = !on;
    if (!on) return;
    view.meter.max = quota;
    view.meter.value = bytes;
    setText(view.used, texts.archiveUse(sizeName(bytes), sizeName(quota)));
  }

  function updateTrouble(archive, on) {
    const trouble = on && TROUBLE.has(archive?.state) ? archive.state : null;
    view.trouble.hidden = trouble === null;
    setText(view.troubleText, trouble && (archive.text ?? texts.pastNews[`archive-${trouble}`]));
    view.anew.hidden = trouble !== 'broken';
  }

  function updateArchive({ archive, dialog }) {
    const { busy = true, error = null, on, stale = false } = dialog.archive ?? {};
    if (stale && !busy) queueMicrotask(actions.loadArchive);
    const known = on !== undefined;
    const asked = dialog.asking?.what === 'archive-off' && on === true;
    setAttribute(element, 'aria-busy', busy && !known ? true : null);
    setOptionalText(view.status, known ? on ? texts.archiveIsOn : texts.archiveIsOff
      : busy ? texts.archiveLoading : null);
    updateUse(known ? dialog.archive : { on: false });
    updateTrouble(archive, on === true);
    const said = dialog.place === 'archive' ? dialog.error : null;
    setOptionalText(view.error, asked ? error : said ?? error);
    view.again.hidden = error === null;
    view.on.hidden = on !== false;
    view.off.hidden = on !== true || asked;
    for (const button of [view.on, view.off, view.anew]) {
      setAttribute(button, 'aria-disabled', dialog.busy ? true : null);
    }
    leaving.update(asked ? { text: texts.archiveOffMeans, label: texts.archiveOffNow,
      busy: dialog.busy, error: said } : null);
  }

  function update(state) {
    const { dialog, history, told } = state;
    updateArchive(state);
    setText(view.progress, history ? texts.takingOver(history.done, history.total)
      : texts.pastNews[told.findLast(({ about }) => HISTORY_NEWS.has(about))?.about]);
    setOptionalText(view.historyError, dialog.place === 'history' ? dialog.error : null);
    setAttribute(view.ask, 'aria-disabled', dialog.busy || history ? true : null);
  }

  return { element, update };
}
