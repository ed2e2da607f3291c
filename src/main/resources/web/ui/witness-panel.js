/** In the settings: what the server recorded about this browser, to save as a file. */
import { fullTime, isoTime } from './dates.js';
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
import { texts } from './texts.js';

export function witnessPanel(actions) {
  const element = clone('witness');
  const view = parts(element);

  view.again.addEventListener('click', actions.loadWitness);
  view.save.addEventListener('click', actions.saveWitness);

  /** @param {Witness|null} witness of the dialog's state; null before it was asked for */
  function update(witness) {
    const { busy = true, error = null, groups, acknowledgedAt, saved } = witness ?? {};
    const known = acknowledgedAt !== undefined;
    const empty = known && acknowledgedAt === null;
    setAttribute(element, 'aria-busy', busy);
    setText(view.status, statusOf({ busy, known, empty, saved }));
    setOptionalText(view.error, error);
    view.again.hidden = error === null || known;
    view.heads.hidden = !known || empty;
    view.save.hidden = !known || empty;
    if (!known || empty) return;
    setText(view.logs, texts.witnessLogs(groups));
    setText(view.time, fullTime(acknowledgedAt));
    setAttribute(view.time, 'datetime', isoTime(acknowledgedAt));
  }

  return { element, update };
}

function statusOf({ busy, known, empty, saved }) {
  if (empty) return texts.witnessEmpty;
  if (busy && !known) return texts.witnessLoading;
  return saved ? texts.witnessSaved(saved) : null;
}
