/** The name of a group in its details; admins can change it. */
import { mayChange } from '../state/groups.js';
import { clone, parts, setAttribute, setGroupAvatar, setOptionalText, setText } from './dom.js';
import { headcountOf, nameOf } from './identity.js';
import { texts } from './texts.js';

/** @param id of the group's conversation */
export function groupName(id, actions) {
  const element = clone('group-name');
  const view = parts(element);
  let conversation = null;

  view.rename.addEventListener('click', () => actions.ask('rename'));
  view.cancel.addEventListener('click', () => actions.ask(null));
  view.form.addEventListener('submit', event => {
    event.preventDefault();
    actions.renameGroup(id, view.box.value);
  });

  function showForm(asked) {
    if (view.form.hidden !== asked) return;
    const focused = view.form.contains(document.activeElement);
    view.form.hidden = !asked;
    if (asked) {
      view.box.value = conversation.name ?? '';
      view.box.focus();
      view.box.select();
    } else if (focused) {
      view.rename.focus();
    }
  }

  /** @param error what is said here, or null */
  function update(state, error) {
    conversation = state.conversations[id];
    const { group } = conversation;
    const { asking, busy } = state.dialog;
    const asked = asking?.what === 'rename' && mayChange(group);
    setGroupAvatar(view.avatar, id);
    setText(view.name, nameOf(conversation));
    setText(view.headcount, headcountOf(group));
    view.rename.hidden = asked || !mayChange(group);
    showForm(asked);
    setText(view.save, busy && asked ? texts.saving : texts.saveName);
    setAttribute(view.save, 'aria-disabled', busy ? true : null);
    setOptionalText(view.error, error);
    setAttribute(view.box, 'aria-invalid', error ? true : null);
  }

  return { element, update };
}
