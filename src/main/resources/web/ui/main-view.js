/** The screen of someone who is signed in: list, people online, conversation, status. */
import { listed, openConversation } from '../state/conversations.js';
import { accountMenu } from './account-menu.js';
import { bannersView } from './banners-view.js';
import { conversationItem } from './conversation-item.js';
import { conversationView } from './conversation-view.js';
import { clone, parts, setOptionalText, setText } from './dom.js';
import { findView } from './find-view.js';
import { onlineView } from './online-view.js';
import { reconcile } from './reconcile.js';
import { texts } from './texts.js';

export function mainView(actions) {
  const element = clone('main');
  const view = parts(element);
  const banners = bannersView(view, actions);
  const find = findView(view.find, actions);
  const online = onlineView(view.online, actions);
  const menu = accountMenu(view, actions);
  const nothing = clone('nothing');
  let talk = null;

  view.newConversation.addEventListener('click',
    () => actions.showDialog({ kind: 'new-conversation' }));
  view.newGroup.addEventListener('click', () => actions.showDialog({ kind: 'new-group' }));

  /** One view for each opened conversation, so that nothing of one is ever seen in another. */
  function updateTalk(state) {
    const conversation = openConversation(state);
    if ((conversation?.id ?? null) !== (talk?.id ?? null)) {
      talk?.close();
      talk = conversation && conversationView(conversation, actions);
      view.talk.replaceChildren(talk?.element ?? nothing);
    } else if (!view.talk.hasChildNodes()) {
      view.talk.append(nothing);
    }
    talk?.update(state);
  }

  function update(state) {
    const conversations = listed(state);
    const items = (conversations ?? []).map(conversation => ({
      conversation,
      current: conversation.id === state.open,
      draft: state.drafts[conversation.id] ?? '',
      answer: state.answers[conversation.id],
    }));
    reconcile(view.conversations, items, item => item.conversation.id,
      () => conversationItem(actions));
    const empty = conversations === null ? texts.loadingConversations : texts.noConversations;
    setOptionalText(view.noConversations, items.length === 0 ? empty : null);
    setText(view.status, texts.status[state.connection]);
    view.status.dataset.connection = state.connection;
    view.list.hidden = find.update(state);
    banners.update(state);
    online.update(state);
    menu.update(state);
    updateTalk(state);
  }

  return { element, update, close: () => talk?.close() };
}
