/** The people who are online: a click starts a conversation. */
import { peopleOnline } from '../state/conversations.js';
import { clone, parts, setAvatar, setOptionalText, setText } from './dom.js';
import { reconcile } from './reconcile.js';
import { texts } from './texts.js';

const TYPING_PAUSE_MS = 250;

export function onlineView(region, actions) {
  const inside = clone('online');
  region.append(inside);
  const view = parts(inside);
  let timer = null;
  let people = null;

  view.search.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => actions.search(typed()), typed() === '' ? 0 : TYPING_PAUSE_MS);
  });
  view.more.addEventListener('click', () => actions.search(typed(), people.at(-1)));

  function typed() {
    return view.search.value.trim().toLowerCase();
  }

  function emptyText({ search, connection }) {
    if (people === null) {
      if (connection !== 'connected') return texts.onlineUnknown;
      return search.error ? null : texts.lookingOnline;
    }
    if (people.length > 0) return null;
    return search.prefix === '' ? texts.nobodyOnline : texts.nobodyFound(search.prefix);
  }

  function update(state) {
    const { search, online, connection } = state;
    // Who was online when the connection was lost says nothing about now.
    people = connection === 'connected' ? peopleOnline(state) : null;
    // Not disabled: in a region that is scrolled, something must take the keyboard's focus.
    view.search.readOnly = connection !== 'connected';
    reconcile(view.people, people ?? [], user => user, () => personItem(actions));
    setOptionalText(view.empty, emptyText(state));
    setOptionalText(view.error, search.error);
    const more = search.prefix === '' ? online?.more : search.more;
    view.more.hidden = !more || !people || people.length === 0;
  }

  return { update };
}

function personItem(actions) {
  const element = clone('person');
  const view = parts(element);
  let shown = null;
  view.button.addEventListener('click', () => actions.talkTo(shown));

  function update(user) {
    shown = user;
    setAvatar(view.avatar, user);
    setText(view.user, user);
  }

  return { element, update };
}
