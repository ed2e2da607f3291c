/** Settings: who sees when I am here, what I have read and write, and who may write to me. */
import { blockedList } from './blocked-list.js';
import { clone, parts, setOptionalText } from './dom.js';

export function privacySection(actions) {
  const element = clone('settings-privacy');
  const view = parts(element);
  const blocked = blockedList(actions);
  const switches = { readReceipts: actions.setReadReceipts, typing: actions.setTyping,
    openToAll: actions.setOpenToAll };
  view.blocked.replaceWith(blocked.element);

  element.addEventListener('change', ({ target }) => {
    if (target.name === 'visibility') actions.setVisibility(target.value);
    else switches[target.dataset.part](target.checked);
  });

  function update({ dialog, visibility, privacy }) {
    for (const input of element.querySelectorAll('input[name="visibility"]')) {
      input.checked = input.value === visibility;
    }
    for (const name of Object.keys(switches)) {
      view[name].checked = privacy[name] === true;
      view[name].disabled = privacy[name] === undefined;
    }
    blocked.update(privacy.blocked ?? null);
    setOptionalText(view.error, dialog.error);
  }

  return { element, update };
}
