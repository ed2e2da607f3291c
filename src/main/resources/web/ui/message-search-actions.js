/** Searching all messages of this browser, and opening one that was found where it stands. */
import { timelineOf } from '../state/conversations.js';
import { RESULTS_MAX } from '../state/message-search.js';

/** @param tools {attempt(ask, fail), open(id), loadMessages(id)} of the actions */
export function messageSearchActions(page, { attempt, open, loadMessages }) {
  const { dispatch, engine } = page;

  async function searchMessages(typed) {
    const text = typed.trim();
    dispatch({ type: 'finding-busy', text });
    if (text === '') return;
    await attempt(async () => {
      const results = await engine().search(text, { limit: RESULTS_MAX });
      dispatch({ type: 'finding-found', text, results });
    }, error => dispatch({ type: 'finding-failed', text, error }));
  }

  /** Somebody is about to search. */
  async function prepareSearch() {
    await attempt(() => engine().search('', { limit: 0 }), () => {});
  }

  /** Loads history until the message is among it: the reader can go on from there both ways. */
  async function openMessage({ conversation, ordinal }) {
    page.goTo(conversation);
    await open(conversation);
    const stays = whileOpen(conversation);
    while (stays() && isAbove(timelineOf(page.state(), conversation), ordinal)) {
      await loadMessages(conversation);
    }
    if (stays()) dispatch({ type: 'jump', conversation, ordinal });
  }

  /** As openMessage, for a message of which nothing but its id is known. */
  async function openQuoted(conversation, id) {
    const stays = whileOpen(conversation);
    const found = () => timelineOf(page.state(), conversation).messages.find(m => m.id === id);
    while (stays() && !found() && canLoad(timelineOf(page.state(), conversation))) {
      await loadMessages(conversation);
    }
    if (stays() && found()) {
      dispatch({ type: 'jump', conversation, ordinal: found().ordinal });
    }
  }

  /** Whoever goes elsewhere is not called back, and what is deleted has no history to load. */
  function whileOpen(conversation) {
    const { open: shown } = page.state();
    return () => page.state().open === shown && conversation in (page.state().conversations ?? {});
  }

  return { prepareSearch, searchMessages, openMessage, openQuoted };
}

/** Whether the message is in history that is not loaded, and can be. */
function isAbove(timeline, ordinal) {
  const [first] = timeline.messages;
  return canLoad(timeline) && (first === undefined || first.ordinal > ordinal);
}

function canLoad({ complete, error }) {
  return !complete && error === null;
}
