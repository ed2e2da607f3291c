/** What a person can do with a conversation as a whole: keep a copy of it. */
import { exportedJson, exportedPage, fileName, lasting } from '../state/export.js';
import { isGroup } from '../state/groups.js';
import { fullTime } from './dates.js';
import { nameOf } from './identity.js';
import { deletedWords, quotedWords } from './quoted-words.js';
import { texts } from './texts.js';

const PAGE_MESSAGES = 500;

const FORMS = {
  page: {
    ending: 'html',
    type: 'text/html',
    make: exported => exportedPage(exported, {
      language: document.documentElement.lang,
      heading: ({ messages, user, at }) =>
        texts.exportHeading(messages.length, user, fullTime(at)),
      leftOut: texts.exportLeftOut,
      ofBlocked: texts.exportOfBlocked,
      time: fullTime,
      edited: texts.edited,
      deleted: deletedWords,
      quoted: quotedWords,
    }),
  },
  data: { ending: 'json', type: 'application/json', make: exportedJson },
};

/** @param page {engine, state, save}: see createActions, as are attempt, changeDialog */
export function exportActions({ engine, state, save }, { attempt, changeDialog }) {
  /**
   * Saves all messages that this browser has; it ends when the dialog is closed.
   *
   * @param {'page'|'data'} form
   */
  async function exportConversation(id, form) {
    const { dialog, account, conversations } = state();
    const isOpen = () => state().dialog?.kind === dialog.kind;
    const tell = fields => changeDialog(dialog.kind, { copy: { busy: false, ...fields } });
    const { ending, type, make } = FORMS[form];
    tell({ busy: true, done: 0 });
    await attempt(async () => {
      const all = await allOf(id, done => tell({ busy: true, done }), isOpen);
      if (!isOpen()) return;
      const kept = lasting(all, await blockedIn(conversations[id]));
      const { messages } = kept;
      if (messages.length === 0) return tell({ empty: true });
      const exported =
        { title: nameOf(conversations[id]), user: account.user, at: Date.now(), ...kept };
      const name = fileName(exported, ending);
      save(name, make(exported), type);
      tell({ saved: name, done: messages.length });
    }, error => tell({ error }));
  }

  /** What a person wrote before they were blocked stays where it was written to the user alone. */
  async function blockedIn(conversation) {
    return isGroup(conversation) ? engine().blockedPeople() : [];
  }

  async function allOf(id, onProgress, isWanted) {
    const pages = [];
    let before;
    let done = 0;
    while (isWanted()) {
      const page = await engine().loadMessages(id, { before, limit: PAGE_MESSAGES });
      pages.push(page);
      done += page.length;
      if (page.length < PAGE_MESSAGES) break;
      before = page[0].ordinal;
      onProgress(done);
    }
    return pages.reverse().flat();
  }

  return { exportConversation };
}
