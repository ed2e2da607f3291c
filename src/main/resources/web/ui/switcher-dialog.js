/** Goes to a conversation by its name, or starts one with a person who has none here yet. */
import { canonicalUserName, isUserName } from '../state/credentials.js';
import { choicesFor } from '../state/switcher.js';
import { isArchived } from '../state/conversations.js';
import { clone, parts, setAttribute, setAvatar, setOptionalText, setText } from './dom.js';
import { nameOf, showAvatar } from './identity.js';
import { reconcile } from './reconcile.js';
import { texts } from './texts.js';

const START = 'start';
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

export function switcherDialog(actions) {
  const element = clone('switcher');
  const view = parts(element);
  let state = null;
  let choices = [];
  let active = 0;
  let searched = null;

  view.box.addEventListener('input', () => draw());
  view.box.addEventListener('keydown', event => {
    const step = STEPS[event.key];
    if (step === undefined || event.altKey || choices.length === 0) return;
    event.preventDefault();
    active = (active + step + choices.length) % choices.length;
    draw();
  });
  element.addEventListener('submit', event => {
    event.preventDefault();
    choose(choices[active]);
  });

  function choose(choice) {
    if (choice === undefined || state.dialog.busy) return;
    if (choice.key === START) actions.startConversation(choice.user, 'switcher');
    else actions.enter(choice.key);
  }

  function found(typed) {
    const conversations = choicesFor(state, typed);
    const user = canonicalUserName(typed);
    const startable = conversations.length === 0 && isUserName(user)
      && user !== state.account.user;
    if (startable) return [{ key: START, user }];
    return conversations.map(conversation => ({ key: conversation.id, conversation }));
  }

  function draw() {
    const typed = view.box.value;
    const before = choices[active]?.key;
    choices = found(typed);
    const kept = typed === searched ? choices.findIndex(({ key }) => key === before) : 0;
    active = Math.max(kept, 0);
    searched = typed;
    const items = choices.map((choice, place) => ({ ...choice, place, chosen: place === active }));
    reconcile(view.choices, items, ({ key }) => key, () => choiceItem(choose));
    setAttribute(view.box, 'aria-expanded', choices.length > 0);
    setAttribute(view.box, 'aria-activedescendant',
      choices.length > 0 ? `choice-${active}` : null);
    setText(view.status, statusOf(typed));
    view.choices.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }

  function statusOf(typed) {
    if (state.dialog.busy) return texts.startingConversation;
    if (choices[0]?.key === START) return '';
    if (typed.trim() === '') return choices.length === 0 ? texts.switcherHint : '';
    return choices.length === 0 ? texts.switcherNothing : texts.switcherFound(choices.length);
  }

  function update(next) {
    state = next;
    view.box.readOnly = state.dialog.busy;
    setOptionalText(view.error, state.dialog.error);
    draw();
  }

  return { element, update, title: () => texts.switcher };
}

function choiceItem(choose) {
  const element = clone('choice');
  const view = parts(element);
  let shown = null;
  element.addEventListener('click', () => choose(shown));

  function update(choice) {
    shown = choice;
    const { conversation, user, place, chosen } = choice;
    element.id = `choice-${place}`;
    element.setAttribute('aria-selected', chosen);
    if (conversation) showAvatar(view.avatar, conversation);
    else setAvatar(view.avatar, user);
    setText(view.name, conversation ? nameOf(conversation) : texts.switcherStart(user));
    view.tag.hidden = !conversation || !isArchived(conversation);
    const unread = conversation?.unread ?? 0;
    view.badge.hidden = unread === 0;
    view.badge.classList.toggle('is-muted', conversation?.muted ?? false);
    setText(view.count, unread === 0 ? '' : String(unread));
    setText(view.countText, unread === 0 ? '' : `, ${texts.unread(unread)}`);
  }

  return { element, update };
}
