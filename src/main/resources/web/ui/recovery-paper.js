/** A recovery code, shown once: to print or copy, and to type back as a check. */
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
import { reconcile } from './reconcile.js';
import { texts } from './texts.js';

const SYMBOLS_IN_GROUP = 4;
const NO_SYMBOL = /[^0-9A-Z]/giu;
const PLACE = 'check';

export function recoveryPaper(actions, code) {
  const element = clone('recovery-paper');
  const view = parts(element);
  const groups = code.replace(NO_SYMBOL, '').match(new RegExp(`.{1,${SYMBOLS_IN_GROUP}}`, 'gu'));

  reconcile(view.groups, groups.map((text, place) => ({ text, place })), group => `${group.place}`,
    groupItem);
  view.print.addEventListener('click', actions.printCode);
  view.copy.addEventListener('click', () => actions.copyCode(groups.join('-')));
  view.form.addEventListener('submit', event => {
    event.preventDefault();
    actions.checkRecoveryCode(view.typed.value);
  });

  function update({ account, dialog, server }) {
    const error = dialog.place === PLACE ? dialog.error : null;
    setText(view.owner, `${account.user} · ${server?.host ?? ''}`);
    setOptionalText(view.error, error);
    setAttribute(view.typed, 'aria-invalid', dialog.field === 'typed' ? true : null);
    setAttribute(view.check, 'aria-disabled', dialog.busy ? true : null);
  }

  return { element, update, focus: () => view.groups.focus() };
}

function groupItem() {
  const element = document.createElement('li');
  return { element, update: ({ text }) => setText(element, text) };
}
