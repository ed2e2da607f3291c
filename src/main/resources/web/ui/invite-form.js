/** Invites people to a group, several at once: names are typed, or picked from those online. */
import { peopleToInvite } from '../state/groups.js';
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
import { reconcile } from './reconcile.js';
import { texts } from './texts.js';

const PICKS_MAX = 8;

/** @param id of the group's conversation */
export function inviteForm(id, actions) {
  const element = clone('invite');
  const view = parts(element);
  const { names } = view;
  let state = null;

  names.addEventListener('input', updatePicks);
  names.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    element.requestSubmit();
  });
  element.addEventListener('submit', async event => {
    event.preventDefault();
    const typed = names.value;
    // What was typed since stays; what was refused stays too.
    if (await actions.inviteMembers(id, typed) && names.value === typed) clear();
  });

  function clear() {
    names.value = '';
    updatePicks();
  }

  function pick(user) {
    const typed = names.value.trimEnd().replace(/[,;]$/u, '');
    names.value = typed === '' ? `${user}, ` : `${typed}, ${user}, `;
    updatePicks();
    names.focus();
  }

  function updatePicks() {
    const { connection, conversations } = state;
    const online = connection === 'connected'
      ? peopleToInvite(state, conversations[id].group, names.value) : [];
    view.picks.hidden = online.length === 0;
    reconcile(view.online, online.slice(0, PICKS_MAX), user => user, () => pickItem(pick));
  }

  /** @param error what is said here, or null */
  function update(next, error) {
    state = next;
    const { busy } = state.dialog;
    const inviting = busy && state.dialog.place === 'add';
    setAttribute(view.add, 'aria-disabled', busy ? true : null);
    setText(view.add, inviting ? texts.adding : texts.add);
    setOptionalText(view.error, error);
    setAttribute(names, 'aria-invalid', error ? true : null);
    updatePicks();
  }

  return { element, update };
}

function pickItem(pick) {
  const element = clone('pick');
  const { button } = parts(element);
  let shown = null;
  button.addEventListener('click', () => pick(shown));

  function update(user) {
    shown = user;
    setText(button, user);
    setAttribute(button, 'aria-label', texts.pick(user));
  }

  return { element, update };
}
