/** The screen of someone who is signed in: list, people online, conversation, status. */
import { openConversation } from '../state/conversations.js';
import { accountMenu } from './account-menu.js';
import { bannersView } from './banners-view.js';
import { conversationList } from './conversation-list.js';
import { conversationMenu } from './conversation-menu.js';
import { conversationView } from './conversation-view.js';
import { clone, parts, setText } from './dom.js';
import { findView } from './find-view.js';
import { onlineView } from './online-view.js';
import { texts } from './texts.js';

export function mainView(actions) {
  const element = clone('main');
  const view = parts(element);
  const banners = bannersView(view, actions);
  const find = findView(view.find, actions);
  const online = onlineView(view.online, actions);
  const menu = accountMenu(view, actions);
  const { open: openMenu } = conversationMenu(element, actions);
  const list = conversationList(view, actions, openMenu);
  const nothing = clone('nothing');
  let talk = null;
  let entered = 0;

  view.newConversation.addEventListener('click',
    () => actions.showDialog({ kind: 'new-conversation' }));
  view.newGroup.addEventListener('click', () => actions.showDialog({ kind: 'new-group' }));

  /** One view for each opened conversation, so that nothing of one is ever seen in another. */
  function updateTalk(state) {
    const conversation = openConversation(state);
    if ((conversation?.id ?? null) !== (talk?.id ?? null)) {
      talk?.close();
      talk = conversation && conversationView(conversation, actions, openMenu);
      view.talk.replaceChildren(talk?.element ?? nothing);
    } else if (!view.talk.hasChildNodes()) {
      view.talk.append(nothing);
    }
    talk?.update(state);
    enter(state);
  }

  /** Who goes to a conversation can write at once. A screen keyboard comes only when asked for. */
  function enter(state) {
    if (talk === null || entered === state.entered) return;
    entered = state.entered;
    if (!matchMedia('(pointer: coarse)').matches) talk.focus();
  }

  function update(state) {
    list.update(state);
    setText(view.status, texts.status[state.connection]);
    view.status.dataset.connection = state.connection;
    view.list.hidden = find.update(state);
    banners.update(state);
    online.update(state);
    menu.update(state);
    updateTalk(state);
    list.follow(state);
  }

  return { element, update, close: () => talk?.close() };
}
