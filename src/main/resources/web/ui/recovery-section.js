/** Settings: the recovery code, made, shown once, and removed. */
import { confirmBox } from './confirm-box.js';
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
import { recoveryPaper } from './recovery-paper.js';
import { texts } from './texts.js';

const PLACE = 'recovery';

export function recoverySection(actions) {
  const element = clone('settings-recovery');
  const view = parts(element);
  const no = () => actions.askInSettings(null);
  const setting = confirmBox(element, view.set, { yes: actions.setRecoveryCode, no });
  const dropping = confirmBox(element, view.drop, { yes: actions.dropRecoveryCode, no });
  let paper = null;

  view.set.addEventListener('click', () => actions.askInSettings('set-code'));
  view.drop.addEventListener('click', () => actions.askInSettings('drop-code'));

  function showPaper(state) {
    const { code } = state.dialog;
    if (code && !paper) {
      paper = recoveryPaper(actions, code);
      view.paper.append(paper.element);
      paper.focus();
    } else if (!code && paper) {
      const focused = paper.element.contains(document.activeElement);
      paper.element.remove();
      paper = null;
      if (focused) view.heading.focus();
    }
    paper?.update(state);
  }

  function update(state) {
    const { account, dialog, recovery, connection } = state;
    const { asking, busy, place } = dialog;
    const known = recovery !== null && connection === 'connected';
    const error = place === PLACE ? dialog.error : null;
    const question = { withPassword: true, user: account.user, busy, error,
      progress: busy ? texts.makingCode : '' };
    const asked = what => known && asking?.what === what;
    const standing = recovery ? texts.codeIsSet : texts.codeIsNotSet;
    setOptionalText(view.standing, dialog.code ? null : known ? standing : texts.codeUnknown);
    view.buttons.hidden = Boolean(dialog.code) || !known;
    setText(view.set, recovery ? texts.replaceCode : texts.setCode);
    view.set.hidden = asked('set-code');
    view.drop.hidden = !recovery || asked('drop-code');
    setAttribute(view.drop, 'aria-disabled', busy ? true : null);
    showPaper(state);
    setting.update(asked('set-code') ? { ...question, label: texts.setCodeNow, harmless: !recovery,
      text: recovery ? texts.replaceCodeMeans : texts.setCodeMeans } : null);
    dropping.update(asked('drop-code')
      ? { ...question, text: texts.dropCodeMeans, label: texts.dropCodeNow } : null);
  }

  return { element, update };
}
