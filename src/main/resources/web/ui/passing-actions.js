/** What does not stay: that somebody is writing, and messages that disappear. */
import { typedDuration } from '../state/durations.js';
import { texts } from './texts.js';

/** @param tools {attempt(ask, fail), changeDialog(kind, change)} of the actions */
export function passingActions(page, { attempt, changeDialog }) {
  const { engine } = page;

  function change(fields) {
    const { dialog } = page.state();
    if (dialog) changeDialog(dialog.kind, { disappear: fields });
  }

  async function setDisappear(id, seconds) {
    change({ busy: true, error: null });
    const done = await attempt(() => engine().setDisappear(id, seconds),
      error => change({ busy: false, error }));
    if (done) change({ busy: false, error: null });
  }

  function setOther(id, typed, unit) {
    const seconds = typedDuration(typed, unit);
    if (seconds === null) return change({ busy: false, error: texts.disappearProblem });
    return setDisappear(id, seconds);
  }

  return {
    setDisappear,
    setOther,
    /** Nobody waits for it, and nothing depends on it. */
    typing: (id, isWriting) => attempt(() => engine().typing(id, isWriting), () => {}),
  };
}
